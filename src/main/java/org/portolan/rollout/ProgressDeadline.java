package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import org.portolan.model.Durations;
import org.portolan.plan.Deadlines;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Ends a release that makes no progress: a service of it for longer than its {@code rollout.deadline}, or all of it for longer
 * than any of its waits may last. Pure.
 */
public final class ProgressDeadline {
    private ProgressDeadline() {}

    /**
     * A deadline that was missed.
     *
     * @param service whose; "" when nothing is waited for
     */
    public record Missed(String service, String cause) {}

    /**
     * The first deadline that was missed.
     *
     * @param waits what is waited for, by service
     * @param lastProgress when something was last done, or waited for on purpose
     */
    public static Optional<Missed> missed(
            DesiredRelease goal, SortedMap<String, String> waits, Instant lastProgress, Instant now) {
        for (String service : waits.keySet()) {
            ServiceGoal own = goal.services().get(service);
            Optional<Duration> deadline =
                    own == null ? Optional.empty() : own.spec().rollout().deadline();
            if (deadline.isPresent() && now.isAfter(lastProgress.plus(deadline.get()))) {
                return Optional.of(new Missed(service, "no progress within rollout.deadline: " + waits.get(service)));
            }
        }
        Duration longest = Deadlines.progress(goal);
        if (!now.isAfter(lastProgress.plus(longest))) {
            return Optional.empty();
        }
        String service = waits.isEmpty() ? "" : waits.firstKey();
        String what = waits.getOrDefault(service, "the service has not reached its target, and nothing is left to do");
        return Optional.of(new Missed(service, "no progress for " + Durations.format(longest) + ": " + what));
    }
}
