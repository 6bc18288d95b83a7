package org.portolan.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.ServiceSpec.Rollout;

/**
 * The rolling strategy: start first, stop after, with at most {@code max_surge} instances more than the scale and at most
 * {@code max_unavailable} fewer. The first new instances bake beside the old ones before the replacement continues.
 */
final class Rolling {
    private Rolling() {}

    static ServiceTargets targets(ServiceView seen) {
        Map<InstanceId, InstanceTarget> instances = new TreeMap<>();
        seen.target().forEach(view -> instances.put(view.id(), InstanceTarget.Serving.FULL));
        List<WaitReason> waits = new ArrayList<>();
        BakeTimer watch = new BakeTimer(seen);
        boolean first = seen.forward()
                && seen.replaces()
                && seen.serving() > 0
                && !seen.carryingOthers().isEmpty();
        if (first) {
            seen.others().forEach(view -> instances.put(view.id(), InstanceTarget.Unchanged.IT));
            BakeTimer.Answer beside = watch.first();
            if (!beside.over()) {
                beside.pause().ifPresent(waits::add);
                return new ServiceTargets(instances, 0, waits, beside.progress(), Optional.empty(), false);
            }
            int last = seen.spec().rollout().steps().size();
            if (!seen.gatesPassed(last)) {
                waits.add(WaitReason.until(ServiceTargets.GATES));
                return new ServiceTargets(instances, 0, waits, Optional.empty(), Optional.of(last), false);
            }
        }
        instances.putAll(Retirement.withinLimits(seen, seen.others()));
        makeRoom(seen).ifPresent(view -> instances.put(view.id(), InstanceTarget.Gone.IT));
        Optional<RolloutProgress> progress = watch.begins();
        boolean baked = false;
        if (seen.settled()) {
            BakeTimer.Answer end = watch.all();
            end.pause().ifPresent(waits::add);
            progress = end.progress();
            baked = end.over();
        }
        return new ServiceTargets(instances, create(seen), waits, progress, Optional.empty(), baked);
    }

    private static int create(ServiceView seen) {
        return seen.missing(seen.scale(), Math.max(0, room(seen)));
    }

    /**
     * One that is out of order and goes although fewer than the floor serve: such ones take all the room that the next new
     * instance needs. They do not hold the floor either, which would keep them for ever.
     */
    private static Optional<InstanceView> makeRoom(ServiceView seen) {
        boolean missing = seen.missing(seen.scale(), 1) > 0;
        boolean moves = !seen.target().stream().allMatch(InstanceView::awaitedNoMore)
                || seen.others().stream().anyMatch(view -> view.running() && view.useless());
        if (!missing || room(seen) > 0 || moves) {
            return Optional.empty();
        }
        return seen.others().stream()
                .filter(view -> view.running() && view.impaired() && !view.carries())
                .findFirst();
    }

    /** How many more may be made now. */
    private static int room(ServiceView seen) {
        Rollout rollout = seen.spec().rollout();
        int surge = rollout.maxSurge() + rollout.maxUnavailable() == 0 ? 1 : rollout.maxSurge();
        long occupied = seen.target().size()
                + seen.others().stream().filter(InstanceView::running).count();
        return (int) (seen.scale() + surge - occupied);
    }
}
