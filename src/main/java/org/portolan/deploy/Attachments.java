package org.portolan.deploy;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.portolan.engine.Container;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.model.InstanceId;
import org.portolan.model.Labels;
import org.portolan.plan.Attachment;
import org.portolan.plan.Goal;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.rollout.InstanceFactory;

/** Attaches instances again that somebody took off the deployment's network. */
final class Attachments {
    private final Engine engine;
    private final String installation;
    private final Goal goal;
    private final InstanceFactory factory;

    /** @param factory knows the network, which is there */
    Attachments(Engine engine, String installation, Goal goal, InstanceFactory factory) {
        this.engine = engine;
        this.installation = installation;
        this.goal = goal;
        this.factory = factory;
    }

    /**
     * What was done.
     *
     * @param attached how many are on the network again
     * @param replace the containers that cannot be, or that know addresses of a network that is no more: others take their
     *     place
     */
    record Result(int attached, Set<String> replace) {}

    /** @param applied what the proxies serve: an instance knows the mesh by its address of then */
    Result restore(Collection<Container> containers, Optional<DeploymentRoutes> applied) {
        boolean moved = applied.filter(part -> !part.backends().isEmpty())
                .filter(part -> part.backends().stream().noneMatch(backend -> backend.meshAddresses()
                        .contains(factory.addresses().meshHost())))
                .isPresent();
        int attached = 0;
        Set<String> replace = new HashSet<>();
        for (Container container : containers) {
            Optional<Goal.ServiceGoal> service = service(container);
            if (service.isEmpty() || !container.detachedFrom(factory.network())) {
                continue;
            }
            if (moved || !connect(container, service.get())) {
                replace.add(container.id());
            } else {
                attached++;
            }
        }
        return new Result(attached, replace);
    }

    private Optional<Goal.ServiceGoal> service(Container container) {
        return container
                .instance()
                .filter(id -> id.deployment().equals(goal.deployment())
                        && container.label(Labels.INSTALLATION).equals(installation))
                .flatMap(this::service);
    }

    private Optional<Goal.ServiceGoal> service(InstanceId id) {
        return Optional.ofNullable(goal.services().get(id.service()))
                .filter(service -> service.version() == id.version() && Attachment.wanted(service.spec()));
    }

    private boolean connect(Container container, Goal.ServiceGoal service) {
        try {
            engine.connect(container.id(), factory.network(), InstanceFactory.aliases(service.spec()));
            return true;
        } catch (EngineException refused) {
            if (refused.kind() == EngineException.Kind.UNREACHABLE) {
                throw refused;
            }
            return false;
        }
    }
}
