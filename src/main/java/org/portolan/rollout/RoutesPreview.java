package org.portolan.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.service.Domain;
import org.portolan.plan.DesiredRelease;

/** What a deployment's part of the routing would be, for people who want to see it first. Pure. */
public final class RoutesPreview {
    private static final String LOOPBACK = "127.0.0.1";

    private RoutesPreview() {}

    /**
     * The part once the goal is reached. Instances that will come are not in it, those that serve already are.
     *
     * @param applied the part that the proxies have
     */
    public static RouteSet of(DesiredRelease goal, List<Domain> domains, Optional<RouteSet> applied) {
        Map<String, List<Server>> serving = new TreeMap<>();
        HostAddresses addresses = new HostAddresses(LOOPBACK, List.of(LOOPBACK), LOOPBACK);
        for (Backend backend : applied.map(RouteSet::backends).orElse(List.of())) {
            serving.put(backend.service() + "/" + backend.port(), backend.servers());
            if (!backend.meshAddresses().isEmpty()) {
                String mesh = backend.meshAddresses().getFirst();
                addresses = new HostAddresses(mesh, backend.meshAddresses(), mesh);
            }
        }
        RouteSet empty = new RouteSetBuilder(goal, Optional.empty(), addresses, domains, domains, true)
                .part(List.of(), Map.of());
        List<Backend> backends = new ArrayList<>();
        for (Backend backend : empty.backends()) {
            backends.add(backend.with(serving.getOrDefault(backend.service() + "/" + backend.port(), List.of())));
        }
        return new RouteSet(goal.deployment(), backends, domains);
    }
}
