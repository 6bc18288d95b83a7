package org.portolan.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.ServerView;

/**
 * Where a deployment's instances answer, and what the proxy says of them.
 *
 * @param servers the proxy's own word for each server; empty where it is not asked or does not answer
 * @param silent whether the proxy was asked and did not answer
 */
record ProxyView(Map<InstanceId, List<ServerView>> servers, boolean silent) {

    /** Asks the proxy, where an instance has a port at all. */
    static ProxyView of(Viewed viewed, Consumer<String> warnings, String deployment, List<ServiceSummary> services) {
        boolean routed = services.stream()
                .flatMap(service -> service.containers().stream())
                .anyMatch(container -> container.state() == Container.State.RUNNING
                        && !container.label(Labels.PORTS).isEmpty());
        if (!routed) {
            return new ProxyView(Map.of(), false);
        }
        try {
            return new ProxyView(viewed.proxy().observe(deployment), false);
        } catch (Failure unreachable) {
            warnings.accept("the state of the proxies is unknown: " + unreachable.what());
            return new ProxyView(Map.of(), true);
        }
    }

    InstanceStatus instance(Container container, InstanceId id) {
        return new InstanceStatus(id, container, addresses(container), health(container, id));
    }

    /** What the proxy says: {@code up}, {@code down} with its evidence, {@code drain}, {@code not routed}. */
    private Optional<String> health(Container container, InstanceId id) {
        if (container.state() != Container.State.RUNNING
                || container.label(Labels.PORTS).isEmpty()) {
            return Optional.empty();
        }
        List<ServerView> views = servers.getOrDefault(id, List.of());
        if (views.isEmpty()) {
            return Optional.of(silent ? "health unknown" : "not routed");
        }
        ServerView worst = views.getFirst();
        for (ServerView view : views) {
            if (worst.status() == ServerView.Status.UP && view.status() != ServerView.Status.UP) {
                worst = view;
            }
        }
        String word = worst.status().name().toLowerCase(Locale.ROOT);
        return Optional.of(
                worst.status() == ServerView.Status.DOWN
                                && !worst.check().evidence().isEmpty()
                        ? word + " (" + worst.check().evidence() + ")"
                        : worst.status() == ServerView.Status.UP && !worst.checked() ? "up (not checked yet)" : word);
    }

    /** The published addresses, each with the port's name where it has one. */
    private static List<String> addresses(Container container) {
        List<String> addresses = new ArrayList<>();
        String host = container.label(Labels.ADDRESS);
        InstanceLabels.hostPorts(container.label(Labels.PORTS))
                .forEach((name, port) ->
                        addresses.add((name.isEmpty() ? "" : name + " ") + (host.isEmpty() ? "" : host + ":") + port));
        return addresses;
    }
}
