package org.portolan.model.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The networks of other deployments that a service's containers are attached to besides their own. */
public final class JoinedNetworks {
    /** The key of a definition's {@code network} that lists the deployments. */
    public static final String JOIN = "join";

    private JoinedNetworks() {}

    /** The deployments whose networks a definition joins, sorted. */
    public static List<String> of(Definition definition) {
        if (!(definition.get("network") instanceof Map<?, ?> network)
                || !(network.get(JOIN) instanceof List<?> named)) {
            return List.of();
        }
        List<String> deployments = new ArrayList<>();
        named.forEach(name -> deployments.add(Definition.text(name)));
        return deployments;
    }

    /** The deployments whose networks any service of a deployment joins. */
    public static SortedSet<String> of(Desired desired) {
        SortedSet<String> all = new TreeSet<>();
        desired.services().values().forEach(service -> all.addAll(of(service.definition())));
        return all;
    }

    /**
     * The name by which a service is known in another deployment's network: with its own deployment's behind it, so that it
     * never stands for a service of that deployment.
     */
    public static String alias(String deployment, String service) {
        return service + "." + deployment;
    }
}
