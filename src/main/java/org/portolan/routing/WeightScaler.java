package org.portolan.routing;

import java.util.ArrayList;
import java.util.List;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;

/**
 * Weights of a route over several services: each service gets its share whatever the number of its instances. HAProxy
 * weighs servers, so a service's share is divided among those that are ready, and all are scaled to use HAProxy's range.
 */
final class WeightScaler {
    private static final int HIGHEST = 256;
    /** Kept apart by this factor until all are scaled, so that small shares survive the division. */
    private static final int FINE = 100_000;

    private WeightScaler() {}

    /** A service's servers, each with a fine-grained part of the service's share as its weight. */
    static List<MeshBackend.Entry> of(Backend backend, int share) {
        long total = 0;
        for (Server server : backend.servers()) {
            total += server.state() == State.READY ? server.weight() : 0;
        }
        List<MeshBackend.Entry> entries = new ArrayList<>();
        for (Server server : backend.servers()) {
            String name = Sanitizer.name(server.instance().name());
            long weight = total == 0 ? 0 : (long) share * server.weight() * FINE / total;
            entries.add(TableBuilder.entry(
                    backend.port().isEmpty() ? name : name + ":" + Sanitizer.name(backend.port()),
                    server,
                    backend,
                    (int) Math.min(Integer.MAX_VALUE, weight)));
        }
        return entries;
    }

    /** Scales so that the heaviest ready server has HAProxy's highest weight; what has a share keeps at least 1. */
    static List<MeshBackend.Entry> scale(List<MeshBackend.Entry> entries) {
        long most = 0;
        for (MeshBackend.Entry entry : entries) {
            most = Math.max(most, entry.state() == State.READY ? entry.weight() : 0);
        }
        List<MeshBackend.Entry> scaled = new ArrayList<>();
        for (MeshBackend.Entry entry : entries) {
            long weight = most == 0 ? 0 : (long) entry.weight() * HIGHEST / most;
            long least = entry.weight() > 0 ? 1 : 0;
            scaled.add(entry.weighing((int) Math.clamp(weight, least, HIGHEST)));
        }
        return scaled;
    }
}
