package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;

/**
 * Turns what routes say of ports (a number, {@code port}) into the ports' names, where only the image says which port there
 * is. What cannot be told stays as it is written.
 */
final class RoutePorts {
    private final String deployment;
    private final Map<String, Ports> ports;
    private final Map<String, DeploymentState> all;

    RoutePorts(String deployment, Map<String, Ports> ports, Map<String, DeploymentState> all) {
        this.deployment = deployment;
        this.ports = ports;
        this.all = all;
    }

    static SortedMap<String, String> wanMap(ServiceSpec spec, Ports ports) {
        SortedMap<String, String> resolved = new TreeMap<>();
        spec.wanMap().forEach((address, written) -> resolved.put(address, name(ports.ports(), written)));
        return resolved;
    }

    List<Domain> of(List<Domain> domains) {
        List<Domain> resolved = new ArrayList<>();
        for (Domain domain : domains) {
            SortedMap<String, Domain.Route> routes =
                    new TreeMap<>(domain.routes().comparator());
            domain.routes().forEach((path, route) -> {
                List<Domain.Target> targets = new ArrayList<>();
                route.targets().forEach(target -> targets.add(target(target)));
                routes.put(path, new Domain.Route(targets, route.at()));
            });
            Optional<Domain.TcpRoute> tcp =
                    domain.tcp().map(route -> new Domain.TcpRoute(route.listen(), target(route.target())));
            resolved.add(domain.withRoutes(routes, tcp));
        }
        return resolved;
    }

    private Domain.Target target(Domain.Target target) {
        String port = target.port();
        Ports known = ports.get(target.service());
        if (target.deployment().equals(deployment)) {
            port = known == null ? port : name(known.ports(), port);
        } else if (port.equals(ServiceSpec.UNNAMED_PORT) && !mesh(target, port) && mesh(target, "")) {
            port = "";
        }
        return port.equals(target.port())
                ? target
                : new Domain.Target(target.deployment(), target.service(), port, target.weight());
    }

    private boolean mesh(Domain.Target target, String port) {
        DeploymentState other = all.get(target.deployment());
        return other != null && other.meshPorts().containsKey(target.service() + "/" + port);
    }

    private static String name(List<ServiceSpec.Port> ports, String written) {
        String found = written;
        for (ServiceSpec.Port port : ports) {
            if (port.name().equals(written)) {
                return written;
            }
            boolean unnamed = port.name().isEmpty() && written.equals(ServiceSpec.UNNAMED_PORT);
            if (unnamed || String.valueOf(port.container()).equals(written)) {
                found = port.name();
            }
        }
        return found;
    }
}
