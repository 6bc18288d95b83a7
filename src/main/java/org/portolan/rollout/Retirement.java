package org.portolan.rollout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.labels.InstanceId;

/** Which instances may leave, so that no strategy leaves a service with fewer serving ones than it may have. Pure. */
final class Retirement {
    private Retirement() {}

    /**
     * Lets instances go as far as {@code scale − max_unavailable} allows; those that carry no traffic anyway go at once, the
     * rest stay as they are.
     */
    static SortedMap<InstanceId, InstanceTarget> withinLimits(ServiceView seen, List<InstanceView> going) {
        SortedMap<InstanceId, InstanceTarget> targets = new TreeMap<>();
        int available = seen.carrying();
        int floor = seen.scale() - seen.spec().rollout().maxUnavailable();
        boolean complete = seen.complete();
        for (InstanceView view : going) {
            // One that is out of order may be back: it goes when those that stay are all that there can be.
            boolean free = view.useless() || (view.impaired() && complete);
            boolean counted = view.carries();
            // One that is down for the moment, or has not passed its startup check since a run died, is not a loss if
            // the
            // rest suffice.
            if (free || available - (counted ? 1 : 0) >= floor) {
                available -= counted && !free ? 1 : 0;
                targets.put(view.id(), InstanceTarget.Gone.IT);
            } else {
                targets.put(view.id(), InstanceTarget.Unchanged.IT);
            }
        }
        return targets;
    }

    /**
     * What interrupted releases left beside one full set of old instances, to go before another set is made: those that
     * carry no traffic, and of those that do the newest versions first. None when no old instance carries traffic.
     */
    static List<InstanceView> extras(ServiceView seen) {
        List<InstanceView> carrying = new ArrayList<>(seen.carryingOthers());
        if (carrying.isEmpty()) {
            return List.of();
        }
        carrying.sort(Comparator.comparingInt(view -> -view.id().version()));
        List<InstanceView> extras = new ArrayList<>(
                seen.others().stream().filter(InstanceView::useless).toList());
        int spare = seen.carrying() - seen.scale();
        for (int i = 0; i < Math.min(spare, carrying.size() - seen.scale()); i++) {
            extras.add(carrying.get(i));
        }
        return extras;
    }
}
