package org.portolan.model.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a job of a version ended last, as the store keeps it. Its stopped container says the same as long as it is there.
 *
 * @param once whether it runs once in the deployment, whatever the version
 * @param release the release that ran it
 * @param attempt which attempt it was, from 1
 * @param exitStatus 0: it is completed
 * @param timedOut whether it was killed because it took too long
 * @param started empty when nobody saw it
 * @param ended when it was seen to have ended
 */
public record JobRun(
        String service,
        int version,
        String job,
        boolean once,
        int release,
        int attempt,
        int exitStatus,
        boolean timedOut,
        Optional<Instant> started,
        Instant ended) {
    public boolean completed() {
        return exitStatus == 0;
    }

    /** Whether it is of the same job of the same version. */
    public boolean same(JobRun other) {
        return service.equals(other.service) && version == other.version && job.equals(other.job);
    }

    public Optional<Duration> took() {
        return started.map(begin -> Duration.between(begin, ended));
    }

    /** How it ended, for people. */
    public String how() {
        return completed() ? "completed" : timedOut ? "killed after its timeout" : "exited with status " + exitStatus;
    }
}
