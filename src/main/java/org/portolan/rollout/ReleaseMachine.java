package org.portolan.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.labels.InstanceId;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Decides what a release does next, from what was observed: pure, with the time as an input. Services roll at the same
 * time unless one requires another, which must serve first; when all serve, the domains are switched; then the services
 * that left the files go, in the reverse order ({@link StopOrder}). One instance that fails its trial fails the release.
 */
public final class ReleaseMachine {
    private ReleaseMachine() {}

    public static Decision decide(ReleaseView view, Instant now) {
        SortedMap<String, ServiceDecision> decisions = new TreeMap<>();
        SortedMap<String, String> waits = new TreeMap<>();
        for (ServiceGoal goal : view.goal().services().values()) {
            decisions.put(
                    goal.name(),
                    ServiceMachine.decide(ServiceView.of(
                            view.goal().deployment(),
                            goal,
                            view.instances().getOrDefault(goal.name(), List.of()),
                            view.replace(),
                            view.progresses().getOrDefault(goal.name(), RolloutProgress.START),
                            view.gates().getOrDefault(goal.name(), Analysis.NONE),
                            view.forward(),
                            now)));
        }
        SortedMap<String, String> held = StopOrder.held(view);
        Set<String> active = active(view, decisions, held.keySet(), waits);
        boolean allServe = decisions.values().stream().allMatch(ServiceDecision::serving);
        Builder out = new Builder();
        decisions.forEach((name, decision) -> {
            if (held.containsKey(name)) {
                out.holdFor(name, held.get(name), view);
            } else if (active.contains(name)) {
                out.add(name, decision);
            } else {
                out.hold(view.instances().getOrDefault(name, List.of()));
            }
        });
        // A service that the goal does not name and does not remove (its definition was lost) stays as it is.
        view.instances().forEach((name, instances) -> {
            if (!decisions.containsKey(name) && !view.goal().removed().contains(name)) {
                out.hold(instances);
            }
        });
        boolean removalsDone = true;
        for (String name : view.goal().removed()) {
            List<InstanceView> instances = view.instances().getOrDefault(name, List.of());
            removalsDone &= instances.isEmpty();
            boolean mayGo = allServe && view.domainsApplied();
            if (mayGo && held.containsKey(name)) {
                out.holdFor(name, held.get(name), view);
            } else if (mayGo) {
                Leaving leaving = view.leaving().getOrDefault(name, Leaving.UNKNOWN);
                out.add(name, ServiceMachine.remove(instances, leaving.stop(), now));
            } else {
                out.hold(instances);
            }
        }
        out.waits.putAll(waits);
        boolean reached = view.domainsApplied()
                && removalsDone
                && decisions.values().stream().allMatch(ServiceDecision::reached);
        return out.build(allServe, reached);
    }

    /** The services that may act now: their requirements serve, and not too many roll at once. */
    private static Set<String> active(
            ReleaseView view,
            SortedMap<String, ServiceDecision> decisions,
            Set<String> held,
            SortedMap<String, String> waits) {
        Set<String> active = new TreeSet<>();
        int rolling = 0;
        for (ServiceGoal goal : view.goal().services().values()) {
            ServiceDecision decision = decisions.get(goal.name());
            if (decision == null || held.contains(goal.name())) {
                continue;
            }
            Optional<String> missing = goal.spec().require().stream()
                    .filter(name -> decisions.containsKey(name) && !servesOrScaledToNone(decisions, name))
                    .findFirst();
            boolean begun = view.instances().getOrDefault(goal.name(), List.of()).stream()
                    .anyMatch(instance -> instance.id().version() == goal.version());
            if (missing.isPresent() && !begun && goal.scale() > 0) {
                waits.put(goal.name(), "waiting for " + missing.get());
            } else if (!decision.reached() && rolling >= view.parallel()) {
                waits.put(goal.name(), "waiting for its turn");
            } else {
                active.add(goal.name());
                rolling += decision.reached() ? 0 : 1;
            }
        }
        return active;
    }

    private static boolean servesOrScaledToNone(SortedMap<String, ServiceDecision> decisions, String name) {
        ServiceDecision decision = decisions.get(name);
        return decision == null || decision.serving();
    }

    /** Unites the services' decisions. */
    private static final class Builder {
        private final List<Step> steps = new ArrayList<>();
        private final SortedMap<InstanceId, ServerTarget> serverTargets = new TreeMap<>();
        private final SortedMap<String, String> waits = new TreeMap<>();
        private final Map<String, RolloutProgress> progresses = new TreeMap<>();
        private final Map<String, Integer> gates = new TreeMap<>();
        private boolean rests;
        private Optional<Decision.Status> failed = Optional.empty();

        void add(String service, ServiceDecision decision) {
            steps.addAll(decision.steps());
            serverTargets.putAll(decision.serverTargets());
            if (!decision.waits().isEmpty()) {
                waits.put(service, decision.waits().getFirst().what());
            }
            rests |= decision.rests();
            decision.progress().ifPresent(progress -> progresses.put(service, progress));
            decision.gates().ifPresent(step -> gates.put(service, step));
            if (failed.isEmpty()) {
                failed = decision.failure().map(what -> new Decision.Status.Failed(service, what));
            }
        }

        /** Leaves a service's instances in the proxies as they are. */
        void hold(List<InstanceView> instances) {
            for (InstanceView instance : instances) {
                instance.route()
                        .serverTarget()
                        .ifPresent(serverTarget -> serverTargets.put(instance.id(), serverTarget));
            }
        }

        /** Leaves a service as it is until another has stopped, which does not count as lack of progress. */
        void holdFor(String service, String dependant, ReleaseView view) {
            hold(view.instances().getOrDefault(service, List.of()));
            waits.put(service, "waiting until " + dependant + " has stopped");
            rests = true;
        }

        Decision build(boolean allServe, boolean reached) {
            Decision.Status status =
                    failed.orElseGet(() -> reached ? new Decision.Status.Reached() : new Decision.Status.Working());
            return new Decision(steps, serverTargets, allServe, progresses, gates, waits, rests, status);
        }
    }
}
