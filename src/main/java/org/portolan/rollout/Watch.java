package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Durations;
import org.portolan.model.ServiceSpec.CanaryStep;
import org.portolan.model.ServiceSpec.Rollout;
import org.portolan.model.ServiceSpec.Strategy;
import org.portolan.plan.Goal.ServiceGoal;

/**
 * Watches new instances for {@code rollout.bake} before a replacement goes on, and again before it is done; gates and checks
 * judge them meanwhile. Only what replaces others is watched: a first deploy and another scale are not. The
 * journal says how far it is: {@link #FIRST}, then {@link #ALL}; a canary's is at its last step.
 */
final class Watch {
    private static final int FIRST = 1;
    private static final int ALL = 2;

    private final ServiceGoal goal;
    private final Rollout rollout;
    private final boolean canary;
    private final Journal journal;
    private final boolean wanted;
    private final Instant now;
    private final ServiceDecision.Builder out;

    /**
     * @param forward false on the way back: nothing is watched
     * @param replaces whether instances that are to be replaced are there
     */
    Watch(
            ServiceGoal goal,
            Journal journal,
            boolean forward,
            boolean replaces,
            Instant now,
            ServiceDecision.Builder out) {
        this.goal = goal;
        this.rollout = goal.spec().rollout();
        this.canary = goal.spec().strategy() == Strategy.CANARY;
        this.journal = journal;
        this.now = now;
        this.out = out;
        boolean begun = canary ? journal.step() > 0 : journal.step() >= FIRST;
        this.wanted = forward && (begun || (replaces && !canary)) && !bake().isZero();
        if (wanted && !begun) {
            out.remember(new Journal(FIRST, Optional.empty(), journal.promoted()));
        }
    }

    private Duration bake() {
        List<CanaryStep> steps = rollout.steps();
        return !canary
                ? rollout.bake()
                : steps.isEmpty() ? Duration.ZERO : steps.getLast().bake().orElse(Duration.ZERO);
    }

    /** Whether the first new instances, which serve beside old ones, were watched for long enough. */
    boolean first() {
        return !wanted || canary || over(FIRST);
    }

    /** Whether all new instances, which serve, were watched for long enough. */
    boolean all() {
        if (!wanted || goal.spec().strategy() == Strategy.BLUE_GREEN) {
            return true;
        }
        boolean watchedAlone = !canary
                && goal.scale() == 1
                && journal.step() == FIRST
                && journal.since().isPresent();
        return over(canary ? rollout.steps().size() - 1 : watchedAlone ? FIRST : ALL);
    }

    /** How long blue-green keeps the old instances after the switch. */
    Duration keepOld() {
        return !wanted || rollout.keepOld().compareTo(rollout.bake()) > 0 ? rollout.keepOld() : rollout.bake();
    }

    private boolean over(int step) {
        if (journal.step() > step) {
            return true;
        }
        boolean begins = journal.step() < step || journal.since().isEmpty();
        if (begins) {
            out.remember(new Journal(step, Optional.of(now), journal.promoted()));
        }
        if (begins || now.isBefore(journal.since().orElse(now).plus(bake()))) {
            out.rest("watches the new instances for " + Durations.format(bake()));
            return false;
        }
        return true;
    }
}
