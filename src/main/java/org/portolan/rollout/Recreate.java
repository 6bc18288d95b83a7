package org.portolan.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.model.labels.InstanceId;

/**
 * The recreate strategy: stop first, one instance at a time; an old container is kept, stopped, until the new ones serve and
 * their bake time is over, and is started again if they do not.
 */
final class Recreate {
    private Recreate() {}

    static ServiceTargets targets(ServiceView seen) {
        Map<InstanceId, InstanceTarget> instances = new TreeMap<>();
        List<WaitReason> waits = new ArrayList<>();
        BakeTimer watch = new BakeTimer(seen);
        fresh(seen, instances);
        Optional<RolloutProgress> progress = watch.begins();
        boolean baked = false;
        if (seen.complete()) {
            BakeTimer.Answer end = watch.all();
            end.pause().ifPresent(waits::add);
            progress = end.progress();
            baked = end.over();
        }
        old(seen, baked, instances);
        return new ServiceTargets(instances, create(seen), waits, progress, Optional.empty(), baked);
    }

    private static void fresh(ServiceView seen, Map<InstanceId, InstanceTarget> instances) {
        int free = room(seen);
        for (InstanceView view : seen.target()) {
            boolean stopped = view.phase() == Phase.STOPPED || view.phase() == Phase.CREATED;
            if (stopped && free == 0) {
                instances.put(view.id(), new InstanceTarget.NotYet("waiting until the other instance has stopped"));
            } else {
                free -= stopped ? 1 : 0;
                instances.put(view.id(), InstanceTarget.Serving.FULL);
            }
        }
    }

    private static int create(ServiceView seen) {
        boolean inTransit = seen.target().stream().anyMatch(view -> !view.awaitedNoMore());
        int most = seen.others().isEmpty() ? seen.scale() : Math.min(1, room(seen));
        return inTransit ? 0 : seen.missing(seen.scale(), most);
    }

    /** @param done whether the new ones are there to stay */
    private static void old(ServiceView seen, boolean done, Map<InstanceId, InstanceTarget> instances) {
        InstanceTarget left = done ? InstanceTarget.Gone.IT : InstanceTarget.Stopped.IT;
        boolean oneLeaves = seen.others().stream().anyMatch(view -> view.running() && view.leaving());
        boolean oneComes = seen.target().stream().anyMatch(view -> view.running() && !view.awaitedNoMore());
        for (InstanceView view : seen.others()) {
            boolean useless = !view.serving() || view.leaving();
            if (!view.running() || seen.complete() || useless) {
                instances.put(view.id(), left);
            } else if (room(seen) == 0 && !oneLeaves && !oneComes) {
                oneLeaves = true;
                instances.put(view.id(), left);
            } else {
                instances.put(view.id(), InstanceTarget.Unchanged.IT);
            }
        }
    }

    /** How many more may run at once. */
    private static int room(ServiceView seen) {
        long running = seen.target().stream().filter(InstanceView::running).count()
                + seen.others().stream().filter(InstanceView::running).count();
        return (int) Math.max(0, seen.scale() - running);
    }
}
