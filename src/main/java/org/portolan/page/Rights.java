package org.portolan.page;

/**
 * What who looks may do.
 *
 * @param deploys whether they may change deployments
 * @param approves whether they may give consent
 * @param limited whether they see some deployments only, and nothing of the whole installation
 */
public record Rights(boolean deploys, boolean approves, boolean limited) {}
