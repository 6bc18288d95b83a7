package org.portolan.model.container;

/**
 * What of a container can be changed while it is there, and a list of containers does not tell.
 *
 * @param restart its restart policy as {@code Engine.setRestart} takes it
 * @param memory its limit in bytes; 0: none
 * @param nanoCpus its limit in billionths of a processor; 0: none
 * @param cpuShares its weight; 0: the engine's default
 * @param pids how many processes it may have; 0: the engine's default
 */
public record ContainerSettings(String restart, long memory, long nanoCpus, long cpuShares, long pids) {}
