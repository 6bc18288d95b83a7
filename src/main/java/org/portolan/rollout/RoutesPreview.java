package org.portolan.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.model.Domain;
import org.portolan.plan.Goal;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.DeploymentRoutes.Backend;
import org.portolan.proxy.DeploymentRoutes.Server;

/** What a deployment's part of the routing would be, for people who want to see it first. Pure. */
public final class RoutesPreview {
    private static final String LOOPBACK = "127.0.0.1";

    private RoutesPreview() {}

    /**
     * The part once the goal is reached. Instances that will come are not in it, those that serve already are.
     *
     * @param applied the part that the proxies have
     */
    public static DeploymentRoutes of(Goal goal, List<Domain> domains, Optional<DeploymentRoutes> applied) {
        Map<String, List<Server>> serving = new TreeMap<>();
        Addresses addresses = new Addresses(LOOPBACK, List.of(LOOPBACK), LOOPBACK);
        for (Backend backend : applied.map(DeploymentRoutes::backends).orElse(List.of())) {
            serving.put(backend.service() + "/" + backend.port(), backend.servers());
            if (!backend.meshAddresses().isEmpty()) {
                String mesh = backend.meshAddresses().getFirst();
                addresses = new Addresses(mesh, backend.meshAddresses(), mesh);
            }
        }
        DeploymentRoutes empty =
                new Routing(goal, Optional.empty(), addresses, domains, domains, true).part(List.of(), Map.of());
        List<Backend> backends = new ArrayList<>();
        for (Backend backend : empty.backends()) {
            backends.add(backend.with(serving.getOrDefault(backend.service() + "/" + backend.port(), List.of())));
        }
        return new DeploymentRoutes(goal.deployment(), backends, domains);
    }
}
