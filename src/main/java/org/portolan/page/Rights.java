package org.portolan.page;

/**
 * What who looks may do.
 *
 * @param deploys whether they may change deployments
 * @param approves whether they may give consent
 */
public record Rights(boolean deploys, boolean approves) {}
