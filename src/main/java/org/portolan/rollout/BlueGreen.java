package org.portolan.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.model.labels.InstanceId;

/**
 * The blue-green strategy: all new beside all old, then one switch, in which the new get their weight and the old drain in
 * the same change of the proxy.
 */
final class BlueGreen {
    private BlueGreen() {}

    static ServiceTargets targets(ServiceView seen) {
        boolean switched = seen.carryingOthers().isEmpty()
                || seen.target().stream()
                        .anyMatch(view -> weightOf(view) == ServerTarget.BASE_WEIGHT && view.serving());
        boolean allUp = seen.target().size() == seen.scale() && seen.serving() == seen.scale();
        return switched || (allUp && seen.gatesPassed(0)) ? after(seen, allUp, switched) : before(seen, allUp);
    }

    /** Makes the new ones, which get no traffic yet. */
    private static ServiceTargets before(ServiceView seen, boolean allUp) {
        Map<InstanceId, InstanceTarget> instances = new TreeMap<>();
        List<WaitReason> waits = new ArrayList<>();
        seen.others().forEach(view -> instances.put(view.id(), InstanceTarget.Unchanged.IT));
        Creation creation = Creation.beside(seen, seen.scale());
        creation.extras().forEach(view -> instances.put(view.id(), InstanceTarget.Gone.IT));
        creation.awaits().ifPresent(waits::add);
        seen.target().forEach(view -> instances.put(view.id(), new InstanceTarget.Serving(ServerTarget.ready(0))));
        boolean allRouted = seen.target().size() == seen.scale()
                && seen.target().stream().allMatch(view -> view.serving() || view.phase() == Phase.ROUTED);
        if (allUp) {
            waits.add(WaitReason.until(ServiceTargets.GATES));
        } else if (allRouted) {
            waits.add(WaitReason.until("waiting for HAProxy to mark all new instances UP"));
        }
        return new ServiceTargets(
                instances,
                creation.count(),
                waits,
                new BakeTimer(seen).begins(),
                allUp ? Optional.of(0) : Optional.empty(),
                false);
    }

    /** The switch and what follows: the new serve, the old leave, or stay out of the traffic for a while. */
    private static ServiceTargets after(ServiceView seen, boolean allUp, boolean switched) {
        Map<InstanceId, InstanceTarget> instances = new TreeMap<>();
        List<WaitReason> waits = new ArrayList<>();
        BakeTimer watch = new BakeTimer(seen);
        Creation creation = switched ? Creation.of(seen, seen.scale()) : Creation.beside(seen, seen.scale());
        creation.awaits().ifPresent(waits::add);
        creation.extras().forEach(view -> instances.put(view.id(), InstanceTarget.Gone.IT));
        seen.target().forEach(view -> instances.put(view.id(), InstanceTarget.Serving.FULL));
        Duration keepOld = seen.forward() ? watch.keepOld() : Duration.ZERO;
        List<InstanceView> going = new ArrayList<>();
        for (InstanceView view : seen.others()) {
            if (creation.extras().contains(view)) {
                continue;
            }
            if (isKept(view, keepOld, seen)) {
                instances.put(view.id(), new InstanceTarget.Routed(ServerTarget.OUT));
                waits.add(WaitReason.pause("keeping the old instances for " + keepOld.toSeconds() + " s"));
            } else {
                going.add(view);
            }
        }
        if (allUp) {
            going.forEach(view -> instances.put(view.id(), InstanceTarget.Gone.IT));
        } else {
            instances.putAll(Retirement.withinLimits(seen, going));
        }
        return new ServiceTargets(instances, creation.count(), waits, watch.begins(), Optional.empty(), true);
    }

    private static boolean isKept(InstanceView view, Duration keepOld, ServiceView seen) {
        return view.running()
                && view.phase() == Phase.DRAINED
                && view.route()
                        .since()
                        .map(since -> seen.now().isBefore(since.plus(keepOld)))
                        .orElse(false);
    }

    private static int weightOf(InstanceView view) {
        return view.route().serverTarget().map(ServerTarget::weight).orElse(0);
    }
}
