package org.portolan.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.portolan.model.container.JobContainer;
import org.portolan.plan.DueJobs;
import org.portolan.plan.DueJobs.Due;

/**
 * The jobs of a release at one moment: all that {@link JobMachine} sees.
 *
 * @param jobs those that the release has to run
 * @param containers every job's container of the deployment
 * @param started since when a container runs, by its id
 * @param completed jobs that were seen to be completed, whether or not their container is still there
 * @param busy names of containers with a step in progress
 * @param removed services that leave
 * @param release the release's number
 * @param released whether the release is good, so that the jobs which follow it run, and only they
 * @param forward false while the release is rolled back
 */
public record JobsView(
        String deployment,
        DueJobs jobs,
        List<JobContainer> containers,
        Map<String, Instant> started,
        Set<Due> completed,
        Set<String> busy,
        Set<String> removed,
        int release,
        boolean released,
        boolean forward) {
    /** Of a deployment that has no jobs. */
    public static final JobsView NONE =
            new JobsView("", DueJobs.NONE, List.of(), Map.of(), Set.of(), Set.of(), Set.of(), 0, false, true);

    /** The jobs that may run now. */
    public List<Due> due() {
        return jobs.due(released);
    }

    /** Whether a container runs this job of this very version. */
    public static boolean runs(JobContainer container, Due job) {
        return container.job().equals(job.name())
                && container.service().equals(job.service())
                && container.version() == job.version()
                && container.hash().equals(job.hash());
    }
}
