package org.portolan.plan;

/**
 * How a plan is asked for.
 *
 * @param basis what the desired state comes from
 * @param firstMeshPort the range that ports on the mesh are chosen from, both ends included
 */
public record PlanOptions(Basis basis, int firstMeshPort, int lastMeshPort) {}
