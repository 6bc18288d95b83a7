package org.portolan.jobs;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.portolan.plan.DueJobs.Due;

/**
 * What is to be done next for the jobs of a release.
 *
 * @param steps things to do on the engine, all at once
 * @param waits by service, the job that it waits for
 * @param completed jobs that are completed
 * @param running whether a job runs, which has its timeout
 * @param settled whether nothing is left to do or to wait for
 * @param failed jobs that failed for good
 */
public record JobsDecision(
        List<JobStep> steps,
        SortedMap<String, String> waits,
        Set<Due> completed,
        boolean running,
        boolean settled,
        List<Failed> failed) {
    /**
     * A job that failed for good.
     *
     * @param container the id of its last attempt's container
     * @param name the container's name
     */
    public record Failed(Due job, String container, String name, String cause) {}

    /** The first that failed. */
    public Optional<Failed> failure() {
        return failed.stream().findFirst();
    }
}
