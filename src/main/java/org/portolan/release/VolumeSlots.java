package org.portolan.release;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.rollout.InstanceState;

/**
 * Which of a service's kept volumes (those that its image declares and no file names) a new instance continues with. Volumes
 * are numbered like the instances that first had them; a new instance takes over from one that leaves, and from one that has
 * stopped before one that still writes.
 */
final class VolumeSlots {
    private final ReleaseRequest run;
    private final Map<InstanceId, Integer> promised = new TreeMap<>();
    /** By service, the numbers of volumes that an instance has or had. */
    private final Map<String, TreeSet<Integer>> seen = new TreeMap<>();

    VolumeSlots(ReleaseRequest run) {
        this.run = run;
    }

    /** The number for an instance that is to be made; asked again before its container is seen, the same. */
    int choose(InstanceId id, Collection<InstanceState> all) {
        ServiceGoal service = run.goal().services().get(id.service());
        if (service == null || paths(service).isEmpty()) {
            return id.n();
        }
        all.forEach(instance -> promised.remove(instance.id()));
        Integer before = promised.get(id);
        if (before != null) {
            return before;
        }
        TreeSet<Integer> staying = new TreeSet<>();
        TreeSet<Integer> stopped = new TreeSet<>();
        TreeSet<Integer> going = new TreeSet<>();
        promised.forEach((instance, slot) -> {
            if (instance.service().equals(id.service())) {
                staying.add(slot);
            }
        });
        for (InstanceState instance : all) {
            OptionalInt slot =
                    instance.id().service().equals(id.service()) ? held(instance, service) : OptionalInt.empty();
            if (slot.isPresent()) {
                boolean stays = instance.id().version() == service.version()
                        && !run.replace().contains(instance.container().id());
                seen.computeIfAbsent(id.service(), key -> new TreeSet<>()).add(slot.getAsInt());
                (stays ? staying : instance.container().state().up() ? going : stopped).add(slot.getAsInt());
            }
        }
        // Held by a running one too, it is not free yet.
        stopped.removeAll(going);
        stopped.removeAll(staying);
        going.removeAll(staying);
        int slot = pick(service, staying, stopped, going);
        promised.put(id, slot);
        return slot;
    }

    private int pick(
            ServiceGoal service, SortedSet<Integer> staying, SortedSet<Integer> stopped, SortedSet<Integer> going) {
        if (!stopped.isEmpty()) {
            return stopped.first();
        }
        // One at a time: whoever still runs keeps its own. Side by side, its successor shares it while both run.
        boolean alone = service.spec().strategy() == ServiceSpec.Strategy.RECREATE;
        if (!alone && !going.isEmpty()) {
            return going.first();
        }
        TreeSet<Integer> left = new TreeSet<>(seen.getOrDefault(service.name(), new TreeSet<>()));
        paths(service).forEach(path -> left.addAll(run.goal().slots(service.name(), path)));
        left.removeAll(staying);
        left.removeAll(going);
        int free = left.isEmpty() ? 1 : left.first();
        while (staying.contains(free) || going.contains(free)) {
            free++;
        }
        return free;
    }

    private static SortedSet<String> paths(ServiceGoal service) {
        SortedSet<String> paths = new TreeSet<>();
        for (ServiceSpec.Volume volume : service.spec().volumes()) {
            if (volume.kind() == ServiceSpec.Volume.Kind.IMAGE) {
                paths.add(volume.target());
            }
        }
        return paths;
    }

    private OptionalInt held(InstanceState instance, ServiceGoal service) {
        DesiredRelease goal = run.goal();
        for (String path : paths(service)) {
            String name = instance.container().volumes().get(path);
            OptionalInt slot = name == null ? OptionalInt.empty() : goal.slot(service.name(), path, name);
            if (slot.isPresent()) {
                return slot;
            }
        }
        return OptionalInt.empty();
    }
}
