package org.portolan.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.DeploymentState.Claim;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Gives every service's port its place on the mesh, for ever: the one in the state, else the one that its containers
 * carry, else one that its name leads to (so that a lost store gives the same ports again), the next free where that one
 * is taken.
 */
final class MeshPorts {
    private MeshPorts() {}

    static SortedMap<String, Integer> decide(
            PlanInput input, DeploymentInventory inventory, Map<String, ServiceGoal> services, List<Claim> claims) {
        SortedMap<String, Integer> ports = new TreeMap<>();
        input.state().ifPresent(state -> ports.putAll(state.meshPorts()));
        Set<String> missing = missing(services, ports);
        if (missing.isEmpty()) {
            return ports;
        }
        inventory.services().forEach((service, instances) -> {
            for (DeploymentInventory.Seen seen : instances) {
                if (!seen.adopted()) {
                    InstanceLabels.mesh(seen.container().label(Labels.MESH)).forEach((port, number) -> {
                        if (missing.contains(service + "/" + port)) {
                            ports.putIfAbsent(service + "/" + port, number);
                        }
                    });
                }
            }
        });
        missing.removeAll(ports.keySet());
        if (!missing.isEmpty()) {
            Set<Integer> used = used(input);
            used.addAll(claimed(claims));
            used.addAll(ports.values());
            for (String key : missing) {
                int port = free(input.desired().name() + "/" + key, used, input);
                used.add(port);
                ports.put(key, port);
            }
        }
        return ports;
    }

    private static Set<String> missing(Map<String, ServiceGoal> services, Map<String, Integer> given) {
        Set<String> missing = new java.util.TreeSet<>();
        for (ServiceGoal service : services.values()) {
            service.spec().ports().forEach(port -> missing.add(service.name() + "/" + port.name()));
        }
        missing.removeAll(given.keySet());
        return missing;
    }

    /** Ports of the outside. */
    private static Set<Integer> claimed(List<Claim> claims) {
        Set<Integer> ports = new HashSet<>();
        for (Claim claim : claims) {
            if (claim.host().isEmpty()) {
                ports.add(
                        InstanceLabels.port(claim.path().substring(claim.path().lastIndexOf(':') + 1)));
            }
        }
        return ports;
    }

    /** Every port that may be listened on: other deployments', other installations', and Portolan's own. */
    private static Set<Integer> used(PlanInput input) {
        Set<Integer> used = new HashSet<>();
        for (DeploymentState state : input.all().values()) {
            used.addAll(state.meshPorts().values());
            used.addAll(claimed(state.claims()));
        }
        for (Container container : input.observation().containers()) {
            used.addAll(InstanceLabels.mesh(container.label(Labels.MESH)).values());
        }
        for (Desired sibling : input.siblings()) {
            used.addAll(claimed(RouteClaims.of(sibling)));
        }
        input.proxies().own().forEach(own -> used.add(own.port()));
        return used;
    }

    private static int free(String name, Set<Integer> used, PlanInput input) {
        PlanOptions options = input.options();
        int size = options.lastMeshPort() - options.firstMeshPort() + 1;
        int start = Math.floorMod(spread(name), size);
        for (int i = 0; i < size; i++) {
            int port = options.firstMeshPort() + (start + i) % size;
            boolean taken = used.contains(port)
                    || input.proxies().obstacles().at("0.0.0.0", port).isPresent();
            if (!taken) {
                return port;
            }
        }
        throw new Failure(
                        Kind.REFUSED,
                        "no free port for " + name + " on the mesh between " + options.firstMeshPort() + " and "
                                + options.lastMeshPort())
                .withHint("configure a larger range of mesh ports");
    }

    /** FNV-1a over the name's characters, 32 bits: stable over JVMs and versions. */
    private static int spread(String name) {
        int hash = 0x811c9dc5;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x01000193;
        }
        return hash ^ (hash >>> 15);
    }
}
