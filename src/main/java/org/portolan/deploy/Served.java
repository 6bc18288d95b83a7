package org.portolan.deploy;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.portolan.engine.Container;
import org.portolan.engine.Observation;
import org.portolan.model.InstanceId;
import org.portolan.model.Labels;
import org.portolan.plan.Goal;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.DeploymentRoutes.Backend;
import org.portolan.proxy.DeploymentRoutes.Server;

/** Compares what the proxies serve with the running instances of the goal. Pure. */
record Served(String installation, Goal goal, Observation observation) {

    /** Whether every running instance with ports is served, and nothing else is. */
    boolean by(Optional<DeploymentRoutes> applied) {
        Set<InstanceId> wanted = new HashSet<>();
        for (Container container : observation.containers()) {
            Optional<InstanceId> id = container.instance();
            if (id.isPresent() && served(container, id.get())) {
                wanted.add(id.get());
            }
        }
        Set<InstanceId> given = new HashSet<>();
        boolean allReady = true;
        if (applied.isPresent()) {
            for (Backend backend : applied.get().backends()) {
                for (Server server : backend.servers()) {
                    allReady &= server.state() == DeploymentRoutes.State.READY && server.weight() > 0;
                    given.add(server.instance());
                }
            }
        }
        return allReady && given.equals(wanted);
    }

    private boolean served(Container container, InstanceId id) {
        Goal.ServiceGoal service = goal.services().get(id.service());
        return service != null
                && container.label(Labels.INSTALLATION).equals(installation)
                && id.deployment().equals(goal.deployment())
                && service.version() == id.version()
                && !container.label(Labels.PORTS).isEmpty();
    }
}
