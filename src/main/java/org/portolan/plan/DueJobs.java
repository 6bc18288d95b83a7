package org.portolan.plan;

import java.util.List;
import org.portolan.model.service.JobSpec;

/**
 * The jobs of a release.
 *
 * @param due those that it has to run
 * @param unrecorded those that need not run since their containers remember them, and that the store knows nothing of: whoever
 *     ran them died before
 * @param keep whether the containers of completed jobs stay; they go with their deployment
 */
public record DueJobs(List<Due> due, List<Due> unrecorded, boolean keep) {
    public static final DueJobs NONE = new DueJobs(List.of(), List.of(), true);
    /** All traces of jobs go. */
    public static final DueJobs FORGOTTEN = new DueJobs(List.of(), List.of(), false);

    /**
     * A job of a service's version that has not run.
     *
     * @param hash the version's
     */
    public record Due(String service, int version, String hash, JobSpec spec) {
        /** The job's name. */
        public String name() {
            return spec.name();
        }

        /** The container of an attempt; never an instance's name, since no part of a job's name is a number. */
        public String container(String deployment, int attempt) {
            return deployment + "-" + service + "-" + version + "-" + name() + "-" + attempt;
        }
    }

    /** Those that run before the new version starts, or those that run after the release. */
    public List<Due> due(boolean released) {
        return due.stream().filter(job -> job.spec().released() == released).toList();
    }
}
