package org.portolan.rollout;

import org.portolan.model.event.InstanceEvent.Change;
import org.portolan.model.event.InstanceEvent.Operation;
import org.portolan.model.labels.InstanceId;

/** One thing to do on the engine. Each is idempotent: done again after a crash, it finds its work done. */
public sealed interface Step {
    InstanceId instance();

    /** What begins. */
    Operation operation();

    /** What its instance came to when it is done. */
    Change change();

    /** What begins, for people. */
    default String verb() {
        return operation().word();
    }

    /** Whether the instance may run because of it before the engine's answer has come. */
    default boolean starts() {
        return this instanceof Create || this instanceof Start;
    }

    /** Makes the container; when that is done, its {@link Start} follows at once. */
    record Create(InstanceId instance) implements Step {
        @Override
        public Operation operation() {
            return Operation.CREATE;
        }

        @Override
        public Change change() {
            return Change.CREATED;
        }
    }

    /** Starts a container that was made or stopped. */
    record Start(InstanceId instance, String container) implements Step {
        @Override
        public Operation operation() {
            return Operation.START;
        }

        @Override
        public Change change() {
            return Change.STARTED;
        }
    }

    /** Gives a healthy instance its restart policy, so that the engine restarts it from now on. */
    record KeepRunning(InstanceId instance, String container) implements Step {
        @Override
        public Operation operation() {
            return Operation.KEEP_RUNNING;
        }

        @Override
        public Change change() {
            return Change.KEPT;
        }
    }

    /**
     * Replaces files in the container and lets its process load them.
     *
     * @param runs whether the process runs; else it is started with them
     */
    record Reload(InstanceId instance, String container, boolean runs) implements Step {
        @Override
        public Operation operation() {
            return Operation.RELOAD;
        }

        @Override
        public Change change() {
            return Change.RELOADED;
        }
    }

    /** Signals, waits for the grace, kills. */
    record Stop(InstanceId instance, String container) implements Step {
        @Override
        public Operation operation() {
            return Operation.STOP;
        }

        @Override
        public Change change() {
            return Change.STOPPED;
        }
    }

    /** Removes a stopped container. */
    record Remove(InstanceId instance, String container) implements Step {
        @Override
        public Operation operation() {
            return Operation.REMOVE;
        }

        @Override
        public Change change() {
            return Change.REMOVED;
        }
    }
}
