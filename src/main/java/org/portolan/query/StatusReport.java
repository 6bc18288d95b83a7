package org.portolan.query;

import java.util.List;
import java.util.Set;

/**
 * How deployments are, and what the controller last observed.
 *
 * @param inventory what there is at all
 * @param deployments those that were asked for, by name
 */
public record StatusReport(Inventory inventory, List<DeploymentStatus> deployments, ControllerStatus controller) {
    /** The part of it that is about these deployments; sources are of all, so that they are left out. */
    public StatusReport only(Set<String> some) {
        return new StatusReport(
                inventory.only(some::contains),
                deployments.stream()
                        .filter(status -> some.contains(status.name()))
                        .toList(),
                controller.only(some));
    }
}
