package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Durations;
import org.portolan.model.service.ServiceSpec.CanaryStep;
import org.portolan.model.service.ServiceSpec.Rollout;
import org.portolan.model.service.ServiceSpec.Strategy;

/**
 * Times {@code rollout.bake}: how long new instances run before a replacement continues, and again before it is done; gates and
 * checks judge them meanwhile. Only what replaces others bakes: a first deploy and another scale do not. The progress says how
 * far it is: {@link #FIRST}, then {@link #ALL}; a canary's is at its last step. Pure: what is to be remembered is an answer.
 */
final class BakeTimer {
    private static final int FIRST = 1;
    private static final int ALL = 2;

    private final ServiceView seen;
    private final Rollout rollout;
    private final boolean canary;
    private final RolloutProgress progress;
    private final boolean begun;
    private final boolean wanted;

    BakeTimer(ServiceView seen) {
        this.seen = seen;
        this.rollout = seen.spec().rollout();
        this.canary = seen.spec().strategy() == Strategy.CANARY;
        this.progress = seen.progress();
        this.begun = canary ? progress.step() > 0 : progress.step() >= FIRST;
        this.wanted = seen.forward() && (begun || (seen.replaces() && !canary)) && !bake().isZero();
    }

    /**
     * Whether a bake time is over.
     *
     * @param progress what to remember, if it has begun now
     * @param pause while it is not over
     */
    record Answer(boolean over, Optional<RolloutProgress> progress, Optional<WaitReason> pause) {
        private static final Answer OVER = new Answer(true, Optional.empty(), Optional.empty());
    }

    /** What to remember of a replacement that begins now: once the old instances are gone nothing else tells of it. */
    Optional<RolloutProgress> begins() {
        return wanted && !begun
                ? Optional.of(new RolloutProgress(FIRST, Optional.empty(), progress.promoted()))
                : Optional.empty();
    }

    private Duration bake() {
        List<CanaryStep> steps = rollout.steps();
        return !canary
                ? rollout.bake()
                : steps.isEmpty() ? Duration.ZERO : steps.getLast().bake().orElse(Duration.ZERO);
    }

    /** For the first new instances, which serve beside old ones. */
    Answer first() {
        return !wanted || canary ? Answer.OVER : answer(FIRST);
    }

    /** For all new instances, which serve. */
    Answer all() {
        if (!wanted) {
            return Answer.OVER;
        }
        boolean alreadyAlone = !canary
                && seen.scale() == 1
                && progress.step() == FIRST
                && progress.since().isPresent();
        return answer(canary ? rollout.steps().size() - 1 : alreadyAlone ? FIRST : ALL);
    }

    /** How long blue-green keeps the old instances after the switch. */
    Duration keepOld() {
        return !wanted || rollout.keepOld().compareTo(rollout.bake()) > 0 ? rollout.keepOld() : rollout.bake();
    }

    private Answer answer(int step) {
        if (progress.step() > step) {
            return Answer.OVER;
        }
        Optional<WaitReason> pause =
                Optional.of(WaitReason.pause("observing the new instances for " + Durations.format(bake())));
        if (progress.step() < step || progress.since().isEmpty()) {
            RolloutProgress now = new RolloutProgress(step, Optional.of(seen.now()), progress.promoted());
            return new Answer(false, Optional.of(now), pause);
        }
        Instant end = progress.since().get().plus(bake());
        return seen.now().isBefore(end) ? new Answer(false, Optional.empty(), pause) : Answer.OVER;
    }
}
