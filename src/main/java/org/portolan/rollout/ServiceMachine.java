package org.portolan.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.rollout.TargetSteps.Effect;

/**
 * Decides what is to be done next for one service, from what was observed and nothing else. It is asked again after every
 * change; it keeps nothing. The service's {@link RolloutStrategy} says what is wanted of each instance, {@link TargetSteps}
 * what brings it one step nearer to that.
 */
final class ServiceMachine {
    private ServiceMachine() {}

    static ServiceDecision decide(ServiceView seen) {
        ServiceTargets targets = targets(seen);
        Assembly all = new Assembly(seen.spec().stop(), seen.now());
        for (InstanceView view : seen.target()) {
            if (view.phase() == Phase.FAILED) {
                all.fail(view, view.failure().orElse("failed"));
            }
        }
        if (seen.forward()
                && seen.gates().failure().isPresent()
                && !seen.target().isEmpty()) {
            all.fail(seen.target().getFirst(), seen.gates().failure().get());
        }
        seen.target().forEach(view -> all.add(view, targets.of(view)));
        List<Step> made = create(seen, targets.create());
        all.limitReloads(seen, made.size());
        all.steps.addAll(made);
        seen.others().forEach(view -> all.add(view, targets.of(view)));
        all.waits.addAll(targets.waits());
        if (seen.complete() && !seen.settled()) {
            all.waits.add(WaitReason.until("checking once more that all instances are running"));
        }
        boolean nothingLeft = targets.baked() && seen.others().isEmpty() && all.steps.isEmpty();
        return new ServiceDecision(
                all.steps,
                all.serverTargets,
                all.waits,
                seen.complete(),
                seen.settled() && nothingLeft,
                all.failure,
                targets.analysis(),
                targets.progress());
    }

    /** What the service's strategy wants now. */
    static ServiceTargets targets(ServiceView seen) {
        return RolloutStrategy.of(seen.spec().strategy()).targets(seen);
    }

    /** A service that goes: every instance leaves. */
    static ServiceDecision remove(List<InstanceView> views, ServiceSpec.Stop stop, Instant now) {
        Assembly all = new Assembly(stop, now);
        views.forEach(view -> all.add(view, InstanceTarget.Gone.IT));
        return new ServiceDecision(
                all.steps,
                all.serverTargets,
                all.waits,
                true,
                views.isEmpty(),
                all.failure,
                Optional.empty(),
                Optional.empty());
    }

    /** Makes instances of the goal's version at the lowest free numbers. */
    private static List<Step> create(ServiceView seen, int count) {
        ServiceGoal goal = seen.goal();
        Set<Integer> taken = new HashSet<>();
        seen.target().forEach(view -> taken.add(view.id().n()));
        seen.others().stream()
                .filter(view -> view.id().version() == goal.version())
                .forEach(view -> taken.add(view.id().n()));
        List<Step> steps = new ArrayList<>();
        for (int n = 1; steps.size() < count; n++) {
            if (taken.add(n)) {
                steps.add(new Step.Create(new InstanceId(seen.deployment(), goal.name(), goal.version(), n)));
            }
        }
        return steps;
    }

    /** Gathers what each instance's target comes to. */
    private static final class Assembly {
        private final ServiceSpec.Stop stop;
        private final Instant now;
        private final List<Step> steps = new ArrayList<>();
        private final SortedMap<InstanceId, ServerTarget> serverTargets = new TreeMap<>();
        private final List<WaitReason> waits = new ArrayList<>();
        private Optional<ServiceDecision.Failed> failure = Optional.empty();

        Assembly(ServiceSpec.Stop stop, Instant now) {
            this.stop = stop;
            this.now = now;
        }

        void add(InstanceView view, InstanceTarget target) {
            Effect effect = TargetSteps.of(view, target, stop, now);
            effect.step().ifPresent(steps::add);
            effect.serverTarget().ifPresent(serverTarget -> serverTargets.put(view.id(), serverTarget));
            effect.awaits().ifPresent(what -> waits.add(WaitReason.until(what)));
            effect.failure().ifPresent(why -> fail(view, why));
        }

        /**
         * Leaves so many of the instances that are to load other files. Those that do not serve come first: one may be ill of
         * these very files, left by somebody who died, and no other is to load them before that is known. One that is made or
         * started counts as one of them, as it starts with these files.
         *
         * @param made how many are made in the same round
         */
        void limitReloads(ServiceView seen, int made) {
            if (steps.stream().noneMatch(Step.Reload.class::isInstance)) {
                return;
            }
            List<Step> reloads = new ArrayList<>();
            seen.target().stream()
                    .sorted(Comparator.comparing(InstanceView::serving).thenComparing(InstanceView::id))
                    .forEach(view -> steps.stream()
                            .filter(step -> step instanceof Step.Reload
                                    && step.instance().equals(view.id()))
                            .forEach(reloads::add));
            long starts = steps.stream().filter(Step.Start.class::isInstance).count();
            int most = Math.clamp(seen.reloads() - starts - made, 0, reloads.size());
            steps.removeAll(reloads.subList(most, reloads.size()));
        }

        void fail(InstanceView view, String cause) {
            if (failure.isEmpty()) {
                failure = Optional.of(new ServiceDecision.Failed(view.id(), view.container(), cause));
            }
        }
    }
}
