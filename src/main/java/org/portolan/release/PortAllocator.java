package org.portolan.release;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels.Published;
import org.portolan.model.service.ServiceSpec;

/**
 * Chooses host ports for instances: the place that the instance's name hashes to, and the next free one from there. Each
 * attempt begins elsewhere, so that a port which somebody outside Docker holds is not chosen again.
 */
public final class PortAllocator {
    private final int first;
    private final int last;
    private final Set<Integer> given = new HashSet<>();

    /** Both ends belong to the range. */
    public PortAllocator(int first, int last) {
        this.first = first;
        this.last = last;
    }

    /**
     * Ports for a new instance.
     *
     * @param used what other containers hold
     * @param attempt 0 at first
     */
    synchronized SortedMap<String, Published> allocate(
            InstanceId id, List<ServiceSpec.Port> ports, Collection<Integer> used, int attempt) {
        SortedMap<String, Published> chosen = new TreeMap<>();
        int size = last - first + 1;
        int at = Math.floorMod(id.name().hashCode() * 31 + attempt * 7919, size);
        for (ServiceSpec.Port port : ports) {
            int tried = 0;
            while (used.contains(first + at) || given.contains(first + at)) {
                at = (at + 1) % size;
                if (++tried > size) {
                    throw new Failure(Kind.FAILED, "no free host port between " + first + " and " + last + " for " + id)
                            .withHint("widen instances.ports in portolan.yaml");
                }
            }
            int host = first + at;
            given.add(host);
            chosen.put(port.name(), new Published(host, port.assigned() ? host : port.container()));
        }
        return chosen;
    }
}
