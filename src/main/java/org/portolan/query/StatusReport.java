package org.portolan.query;

import java.util.List;

/**
 * How deployments are, and what the controller last observed.
 *
 * @param inventory what there is at all
 * @param deployments those that were asked for, by name
 */
public record StatusReport(Inventory inventory, List<DeploymentStatus> deployments, ControllerStatus controller) {}
