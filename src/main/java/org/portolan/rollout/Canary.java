package org.portolan.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.ServiceSpec.CanaryStep;

/**
 * The canary strategy: beside all old instances, a few new ones get a share of the traffic that grows step by step. The
 * last step, or one of 100 %, is a rolling replacement.
 */
final class Canary {
    private Canary() {}

    static ServiceTargets targets(ServiceView seen) {
        boolean stepping = seen.forward()
                && seen.replaces()
                && !over(seen)
                && !seen.carryingOthers().isEmpty();
        return stepping ? step(seen) : Rolling.targets(seen);
    }

    /** Whether the steps are over and the rest is a rolling replacement. */
    private static boolean over(ServiceView seen) {
        List<CanaryStep> steps = seen.spec().rollout().steps();
        int step = seen.progress().step();
        return step >= steps.size() || steps.get(step).weight() >= 100;
    }

    private static ServiceTargets step(ServiceView seen) {
        CanaryStep step = seen.spec().rollout().steps().get(seen.progress().step());
        int wanted = Math.max(1, (seen.scale() * step.weight() + 99) / 100);
        int old = seen.carryingOthers().size();
        Weights weights = Weights.of(step.weight(), Math.max(1, wanted), Math.max(1, old));
        ServerTarget fresh = ServerTarget.ready(weights.fresh());
        Map<InstanceId, InstanceTarget> instances = new TreeMap<>();
        List<WaitReason> waits = new ArrayList<>();
        seen.target().forEach(view -> instances.put(view.id(), new InstanceTarget.Serving(fresh)));
        seen.others()
                .forEach(view -> instances.put(
                        view.id(),
                        view.serving()
                                ? new InstanceTarget.Routed(ServerTarget.ready(weights.old()))
                                : InstanceTarget.Unchanged.IT));
        Creation creation = Creation.beside(seen, wanted);
        creation.extras().forEach(view -> instances.put(view.id(), InstanceTarget.Gone.IT));
        creation.awaits().ifPresent(waits::add);
        Bake bake = new Bake(Optional.empty(), Optional.empty(), Optional.empty());
        if (carries(seen, wanted, fresh)) {
            bake = bake(seen, step);
        } else {
            waits.add(WaitReason.until("canary step " + (seen.progress().step() + 1)
                    + ": waiting for the new instances to get " + step.weight() + " % of the traffic"));
        }
        bake.awaits().ifPresent(waits::add);
        return new ServiceTargets(instances, creation.count(), waits, bake.progress(), bake.analysis(), false);
    }

    /** Whether enough new instances serve, each with its weight. */
    private static boolean carries(ServiceView seen, int wanted, ServerTarget fresh) {
        return seen.serving() >= wanted
                && seen.target().stream()
                        .filter(InstanceView::serving)
                        .allMatch(view ->
                                !view.ports() || view.route().serverTarget().equals(Optional.of(fresh)));
    }

    /** What a step that carries its share comes to. */
    private record Bake(Optional<RolloutProgress> progress, Optional<WaitReason> awaits, Optional<Integer> analysis) {}

    /** A step is over once it carried its share for its bake time, or a person promoted it, and its gates have passed. */
    private static Bake bake(ServiceView seen, CanaryStep step) {
        RolloutProgress progress = seen.progress();
        if (progress.since().isEmpty()) {
            RolloutProgress carries =
                    new RolloutProgress(progress.step(), Optional.of(seen.now()), progress.promoted());
            return new Bake(Optional.of(carries), pause(seen, carries), Optional.empty());
        }
        boolean promoted = progress.promoted() >= progress.step();
        boolean baked = step.bake()
                .map(time -> !seen.now().isBefore(progress.since().get().plus(time)))
                .orElse(false);
        if (!promoted && !baked) {
            return new Bake(Optional.empty(), pause(seen, progress), Optional.empty());
        }
        if (!seen.gatesPassed(progress.step())) {
            return new Bake(
                    Optional.empty(),
                    Optional.of(WaitReason.until(ServiceTargets.GATES)),
                    Optional.of(progress.step()));
        }
        RolloutProgress next = new RolloutProgress(progress.step() + 1, Optional.empty(), progress.promoted());
        return new Bake(Optional.of(next), Optional.empty(), Optional.empty());
    }

    private static Optional<WaitReason> pause(ServiceView seen, RolloutProgress stands) {
        return stands.describe(seen.deployment(), seen.spec().rollout().steps()).map(WaitReason::pause);
    }

    /**
     * The weights of one new and of one old instance.
     *
     * @param fresh 1 to 256
     * @param old 1 to 256
     */
    record Weights(int fresh, int old) {
        private static final int MOST = 256;

        /** Weights under which {@code newCount} instances get {@code percent} of what all get, as nearly as integers allow. */
        static Weights of(int percent, int newCount, int oldCount) {
            double ratio = (double) percent * oldCount / ((100.0 - percent) * newCount);
            double fresh = ServerTarget.BASE_WEIGHT * ratio;
            double old = ServerTarget.BASE_WEIGHT;
            if (fresh > MOST) {
                old = old * MOST / fresh;
                fresh = MOST;
            } else if (fresh < 1) {
                old = Math.min(MOST, old / fresh);
                fresh = 1;
            }
            return new Weights(round(fresh), round(old));
        }

        private static int round(double weight) {
            return (int) Math.max(1, Math.min(MOST, Math.round(weight)));
        }
    }
}
