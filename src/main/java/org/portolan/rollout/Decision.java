package org.portolan.rollout;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.portolan.databases.DatabaseStep;
import org.portolan.jobs.JobsDecision;
import org.portolan.model.labels.InstanceId;

/**
 * What a release does next.
 *
 * @param steps things to do on the engine, all at once
 * @param serverTargets what the proxies shall do with every instance; one that is not named leaves them
 * @param applyDomains whether the goal's domains may be given to the proxies now
 * @param progresses what must be remembered from now on, by service
 * @param gates steps whose gates shall be tried, by service
 * @param waits what is waited for, by service
 * @param jobs what the jobs come to
 * @param databases those to make where they do not exist
 * @param rests whether a service waits on purpose
 * @param status how it stands
 */
public record Decision(
        List<Step> steps,
        SortedMap<InstanceId, ServerTarget> serverTargets,
        boolean applyDomains,
        Map<String, RolloutProgress> progresses,
        Map<String, Integer> gates,
        SortedMap<String, String> waits,
        JobsDecision jobs,
        List<DatabaseStep> databases,
        boolean rests,
        Status status) {

    /** How a release stands. */
    public sealed interface Status {
        /** Goes on. */
        record Working() implements Status {}

        /** Nothing is left to do. */
        record Reached() implements Status {}

        /** Cannot be reached. */
        record Failed(String service, ServiceDecision.Failed what) implements Status {}

        /** Cannot be reached: a job failed. */
        record JobFailed(JobsDecision.Failed what) implements Status {}
    }
}
