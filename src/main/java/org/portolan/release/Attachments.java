package org.portolan.release;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.model.container.Container;
import org.portolan.model.container.Network;
import org.portolan.model.container.Observation;
import org.portolan.model.event.DeploymentEvent.Attached;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.plan.Attachment;
import org.portolan.plan.DesiredRelease;
import org.portolan.rollout.InstanceFactory;

/** Attaches instances again that somebody took off the deployment's network, or off one that they join. */
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
     * @param attached how many are on the deployment's network again
     * @param joined how many are on another's network again, by its name
     * @param replace the containers that cannot be, or that know addresses of a removed network: others take their
     *     place
     */
    record Result(int attached, SortedMap<String, Integer> joined, Set<String> replace) {
        /** Whether a container was changed, or may have been. */
        boolean changed() {
            return attached > 0 || !joined.isEmpty() || !replace.isEmpty();
        }
    }

    /** Brings the network back to instances that lost it, and with it the mesh. */
    static Result restore(Installation installation, DesiredRelease goal, InstanceFactory factory, Observation seen) {
        Optional<RouteSet> applied = installation.proxy().applied(goal.deployment());
        Result result = new Attachments(
                        installation.engine(), installation.settings().installation(), goal, factory)
                .restore(seen, applied);
        if (result.attached() > 0) {
            installation.publish(goal.deployment(), new Attached(result.attached(), factory.network()));
            if (applied.isPresent()) {
                // HAProxy listens at the network's own address, which went with it.
                installation.proxy().ensureRunning();
            }
        }
        result.joined()
                .forEach((network, count) -> installation.publish(goal.deployment(), new Attached(count, network)));
        return result;
    }

    /** @param applied what the proxies serve: an instance knows the mesh by its address of then */
    Result restore(Observation seen, Optional<RouteSet> applied) {
        boolean moved = applied.filter(part -> !part.backends().isEmpty())
                .filter(part -> part.backends().stream().noneMatch(backend -> backend.meshAddresses()
                        .contains(factory.addresses().meshHost())))
                .isPresent();
        Set<String> present = seen.networks().stream().map(Network::name).collect(Collectors.toSet());
        int attached = 0;
        SortedMap<String, Integer> joined = new TreeMap<>();
        Set<String> replace = new HashSet<>();
        for (Container container : seen.containers()) {
            Optional<DesiredRelease.ServiceGoal> service = service(container);
            if (service.isEmpty()) {
                continue;
            }
            if (container.detachedFrom(factory.network())) {
                boolean done = !moved
                        && connect(
                                container,
                                factory.network(),
                                InstanceFactory.aliases(service.get().spec()));
                attached += done ? 1 : 0;
                if (!done) {
                    replace.add(container.id());
                }
            }
            factory.joins(service.get().name()).forEach((network, names) -> {
                if (container.detachedFrom(network) && present.contains(network)) {
                    if (connect(container, network, names)) {
                        joined.merge(network, 1, Integer::sum);
                    } else {
                        replace.add(container.id());
                    }
                }
            });
        }
        return new Result(attached, joined, replace);
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

    private boolean connect(Container container, String network, List<String> names) {
        try {
            engine.connect(container.id(), network, names);
            return true;
        } catch (EngineException refused) {
            if (refused.reason() == EngineException.Reason.UNREACHABLE) {
                throw refused;
            }
            return false;
        }
    }
}
