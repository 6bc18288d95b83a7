package org.portolan.release;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.model.container.Container;
import org.portolan.model.event.DeploymentEvent.Attached;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.plan.Attachment;
import org.portolan.plan.DesiredRelease;
import org.portolan.rollout.InstanceFactory;

/** Attaches instances again that somebody took off the deployment's network. */
final class Attachments {
    private final Engine engine;
    private final String installation;
    private final DesiredRelease goal;
    private final InstanceFactory factory;

    /** @param factory knows the network, which is there */
    Attachments(Engine engine, String installation, DesiredRelease goal, InstanceFactory factory) {
        this.engine = engine;
        this.installation = installation;
        this.goal = goal;
        this.factory = factory;
    }

    /**
     * What was done.
     *
     * @param attached how many are on the network again
     * @param replace the containers that cannot be, or that know addresses of a removed network: others take their
     *     place
     */
    record Result(int attached, Set<String> replace) {}

    /** Brings the network back to instances that lost it, and with it the mesh; returns the containers to replace. */
    static Set<String> restore(
            Installation installation, DesiredRelease goal, InstanceFactory factory, Collection<Container> containers) {
        Optional<RouteSet> applied = installation.proxy().applied(goal.deployment());
        Result result = new Attachments(
                        installation.engine(), installation.settings().installation(), goal, factory)
                .restore(containers, applied);
        if (result.attached() > 0) {
            installation.publish(goal.deployment(), new Attached(result.attached(), factory.network()));
            if (applied.isPresent()) {
                // HAProxy listens at the network's own address, which went with it.
                installation.proxy().ensureRunning();
            }
        }
        return result.replace();
    }

    /** @param applied what the proxies serve: an instance knows the mesh by its address of then */
    Result restore(Collection<Container> containers, Optional<RouteSet> applied) {
        boolean moved = applied.filter(part -> !part.backends().isEmpty())
                .filter(part -> part.backends().stream().noneMatch(backend -> backend.meshAddresses()
                        .contains(factory.addresses().meshHost())))
                .isPresent();
        int attached = 0;
        Set<String> replace = new HashSet<>();
        for (Container container : containers) {
            Optional<DesiredRelease.ServiceGoal> service = service(container);
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

    private Optional<DesiredRelease.ServiceGoal> service(Container container) {
        return container.isOf(installation, goal.deployment())
                ? container.instance().flatMap(this::service)
                : Optional.empty();
    }

    private Optional<DesiredRelease.ServiceGoal> service(InstanceId id) {
        return Optional.ofNullable(goal.services().get(id.service()))
                .filter(service -> service.version() == id.version() && Attachment.wanted(service.spec()));
    }

    private boolean connect(Container container, DesiredRelease.ServiceGoal service) {
        try {
            engine.connect(container.id(), factory.network(), InstanceFactory.aliases(service.spec()));
            return true;
        } catch (EngineException refused) {
            if (refused.reason() == EngineException.Reason.UNREACHABLE) {
                throw refused;
            }
            return false;
        }
    }
}
