package org.portolan.plan;

import java.util.HashSet;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Container;
import org.portolan.model.container.Network;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Whether what a plan makes fits into the installation's ranges: host ports for instances, and subnets. Found before the
 * first container is made, not at the hundredth. Pure.
 *
 * @param firstPort the range of host ports, both ends included
 * @param pool the range that deployments' subnets are taken from, CIDR
 * @param prefix the size of a subnet
 */
public record HostCapacity(int firstPort, int lastPort, String pool, int prefix) {

    /** Fails, with what to configure, when the plan does not fit beside what is there. */
    public void check(Plan plan, PlanInput input) {
        if (plan.actions().stream().anyMatch(HostCapacity::makesInstances)) {
            ports(plan, input);
        }
        if (plan.actions().stream().anyMatch(action -> action.kind() == Action.Kind.CREATE_NETWORK)) {
            networks(plan, input);
        }
    }

    private static boolean makesInstances(Action action) {
        return switch (action.kind()) {
            case ADD_SERVICE, REPLACE_SERVICE, SCALE_SERVICE, REPAIR_SERVICE -> true;
            default -> false;
        };
    }

    private void ports(Plan plan, PlanInput input) {
        int needed = 0;
        for (ServiceGoal service : plan.goal().services().values()) {
            needed += service.scale() * service.spec().ports().size();
        }
        for (Action action : plan.actions()) {
            ServiceGoal service = plan.goal().services().get(action.subject());
            if (action.kind() == Action.Kind.REPLACE_SERVICE && service != null) {
                needed += beside(service) * service.spec().ports().size();
            }
        }
        int free =
                lastPort - firstPort + 1 - held(plan.deployment(), input, false).size();
        // What becomes fewer is let go also where the range was made narrower meanwhile.
        if (needed > free && needed > held(plan.deployment(), input, true).size()) {
            throw new Failure(
                            Kind.REFUSED,
                            plan.deployment() + " needs " + needed + " host ports for its instances, but only "
                                    + Math.max(0, free) + " are free between " + firstPort + " and " + lastPort)
                    .withHint("widen instances.ports in portolan.yaml, or run fewer instances");
        }
    }

    /** How many new instances of a service run beside the old ones at most. */
    private static int beside(ServiceGoal service) {
        return switch (service.spec().strategy()) {
            case RECREATE -> 0;
            case BLUE_GREEN -> service.scale();
            case ROLLING, CANARY ->
                Math.min(service.scale(), service.spec().rollout().maxSurge());
        };
    }

    /** The host ports that the deployment's own containers hold, or those of the range that all others do. */
    private Set<Integer> held(String deployment, PlanInput input, boolean own) {
        Set<Integer> held = new HashSet<>();
        for (Container container : input.observation().containers()) {
            boolean ours = container.isOf(input.installation(), deployment);
            if (ours != own) {
                continue;
            }
            InstanceLabels.hostPorts(container.label(Labels.PORTS)).values().forEach(port -> {
                if (own || (port >= firstPort && port <= lastPort)) {
                    held.add(port);
                }
            });
        }
        return held;
    }

    /** Those of other programs are not seen here; the engine refuses what overlaps with them. */
    private void networks(Plan plan, PlanInput input) {
        int slash = pool.indexOf('/');
        int size = slash < 0 ? 33 : InstanceLabels.port(pool.substring(slash + 1));
        if (size > prefix || prefix - size > 24) {
            return;
        }
        String range = bits(pool, size);
        long used = input.observation().networks().stream()
                .map(Network::subnet)
                .filter(subnet -> !range.isEmpty() && bits(subnet, size).equals(range))
                .count();
        long room = 1L << (prefix - size);
        if (used >= room) {
            throw new Failure(
                            Kind.REFUSED,
                            plan.deployment() + " needs a network, and the pool " + pool + " has no subnet of size /"
                                    + prefix + " left: " + used + " are in use")
                    .withHint("remove unused deployments, or configure a larger network.pool");
        }
    }

    /** The first bits of a subnet's address as zeros and ones; "" when it is not an IPv4 subnet of at least that prefix. */
    private static String bits(String subnet, int prefix) {
        int slash = subnet.indexOf('/');
        String[] parts = slash < 0 ? new String[0] : subnet.substring(0, slash).split("\\.", -1);
        if (parts.length != 4) {
            return "";
        }
        StringBuilder bits = new StringBuilder();
        for (String part : parts) {
            int value = InstanceLabels.port(part);
            for (int bit = 7; bit >= 0; bit--) {
                bits.append((value >> bit) & 1);
            }
        }
        return bits.substring(0, prefix);
    }
}
