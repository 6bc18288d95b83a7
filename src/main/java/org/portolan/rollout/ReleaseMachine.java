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
import org.portolan.model.InstanceId;
import org.portolan.model.ServiceSpec;
import org.portolan.plan.Goal.ServiceGoal;

/**
 * Decides what a release does next, from what was observed: pure, with the time as an input. Services roll at the same
 * time unless one requires another, which must serve first; when all serve, the domains are switched; then the services
 * that left the files go. One instance that fails its trial fails the release.
 */
public final class ReleaseMachine {
    private ReleaseMachine() {}

    public static Decision decide(ReleaseView view, Instant now) {
        SortedMap<String, ServiceDecision> decisions = new TreeMap<>();
        SortedMap<String, String> waits = new TreeMap<>();
        for (ServiceGoal goal : view.goal().services().values()) {
            decisions.put(
                    goal.name(),
                    ServiceMachine.decide(
                            view.goal().deployment(),
                            goal,
                            view.instances().getOrDefault(goal.name(), List.of()),
                            view.replace(),
                            view.journals().getOrDefault(goal.name(), Journal.START),
                            view.gates().getOrDefault(goal.name(), Gates.NONE),
                            view.forward(),
                            now));
        }
        Set<String> active = active(view, decisions, waits);
        boolean allServe = decisions.values().stream().allMatch(ServiceDecision::serving);
        Builder out = new Builder();
        decisions.forEach((name, decision) -> {
            if (active.contains(name)) {
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
            if (allServe && view.domainsApplied()) {
                ServiceSpec.Stop stop = view.leaving().getOrDefault(name, DEFAULT_STOP);
                out.add(name, ServiceMachine.remove(instances, stop, now));
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

    private static final ServiceSpec.Stop DEFAULT_STOP =
            new ServiceSpec.Stop(java.time.Duration.ofSeconds(30), java.time.Duration.ofSeconds(10), Optional.empty());

    /** The services that may act now: their requirements serve, and not too many roll at once. */
    private static Set<String> active(
            ReleaseView view, SortedMap<String, ServiceDecision> decisions, SortedMap<String, String> waits) {
        Set<String> active = new TreeSet<>();
        int rolling = 0;
        for (ServiceGoal goal : view.goal().services().values()) {
            ServiceDecision decision = decisions.get(goal.name());
            if (decision == null) {
                continue;
            }
            Optional<String> missing = goal.spec().require().stream()
                    .filter(name -> decisions.containsKey(name) && !servesOrScaledToNone(decisions, name))
                    .findFirst();
            boolean begun = view.instances().getOrDefault(goal.name(), List.of()).stream()
                    .anyMatch(instance -> instance.id().version() == goal.version());
            if (missing.isPresent() && !begun && goal.scale() > 0) {
                waits.put(goal.name(), "waits for " + missing.get());
            } else if (!decision.reached() && rolling >= view.parallel()) {
                waits.put(goal.name(), "waits for its turn");
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
        private final SortedMap<InstanceId, Wish> wishes = new TreeMap<>();
        private final SortedMap<String, String> waits = new TreeMap<>();
        private final Map<String, Journal> journals = new TreeMap<>();
        private final Map<String, Integer> gates = new TreeMap<>();
        private boolean rests;
        private Optional<Decision.Status> failed = Optional.empty();

        void add(String service, ServiceDecision decision) {
            steps.addAll(decision.steps());
            wishes.putAll(decision.wishes());
            if (!decision.waits().isEmpty()) {
                waits.put(service, decision.waits().getFirst());
            }
            rests |= decision.rests();
            decision.journal().ifPresent(journal -> journals.put(service, journal));
            decision.gates().ifPresent(step -> gates.put(service, step));
            if (failed.isEmpty()) {
                failed = decision.failure().map(what -> new Decision.Status.Failed(service, what));
            }
        }

        /** Leaves a service's instances in the proxies as they are. */
        void hold(List<InstanceView> instances) {
            for (InstanceView instance : instances) {
                instance.route().wish().ifPresent(wish -> wishes.put(instance.id(), wish));
            }
        }

        Decision build(boolean allServe, boolean reached) {
            Decision.Status status =
                    failed.orElseGet(() -> reached ? new Decision.Status.Reached() : new Decision.Status.Working());
            return new Decision(steps, wishes, allServe, journals, gates, waits, rests, status);
        }
    }
}
