package org.portolan.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** Orders changes of services: what others require comes first; else by name. */
final class RequireOrder {
    private final Map<String, ServiceGoal> services;
    /** The depths so far: without them a service that many require is counted again on each way to it. */
    private final Map<String, Integer> depths = new HashMap<>();

    RequireOrder(Map<String, ServiceGoal> services) {
        this.services = services;
    }

    void sort(List<Action> changes) {
        changes.sort((one, other) -> {
            int byDepth = Integer.compare(depth(one.subject()), depth(other.subject()));
            return byDepth != 0 ? byDepth : one.subject().compareTo(other.subject());
        });
    }

    /** How many services the longest chain of requirements has below a service. */
    private int depth(String service) {
        // Kept versions of several releases may form a cycle: it ends at the service whose depth is being counted.
        Integer before = depths.putIfAbsent(service, 0);
        if (before != null) {
            return before;
        }
        ServiceGoal goal = services.get(service);
        int depth = 0;
        for (String required : goal == null ? List.<String>of() : goal.spec().require()) {
            depth = Math.max(depth, depth(required) + 1);
        }
        depths.put(service, depth);
        return depth;
    }
}
