package org.portolan.jobs;

import org.portolan.plan.DueJobs.Due;

/** One thing to do on the engine for a job. Each is idempotent: done again after a crash, it finds its work done. */
public sealed interface JobStep {
    /** The container's name. */
    String name();

    /** What begins, for people. */
    String verb();

    /** Makes the container of an attempt and starts it. */
    record Create(Due job, String name, int attempt) implements JobStep {
        @Override
        public String verb() {
            return "create";
        }
    }

    /** Starts a container that was made and never ran. */
    record Start(Due job, String name, String container) implements JobStep {
        @Override
        public String verb() {
            return "start";
        }
    }

    /** Kills a job that took too long or that nobody wants any more: without the signal that might make it exit with 0. */
    record Kill(String name, String container) implements JobStep {
        @Override
        public String verb() {
            return "kill";
        }
    }

    /** Removes a container that ended, and never the memory of a job that is completed. */
    record Remove(String name, String container) implements JobStep {
        @Override
        public String verb() {
            return "remove";
        }
    }
}
