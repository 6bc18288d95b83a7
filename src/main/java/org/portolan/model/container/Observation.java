package org.portolan.model.container;

import java.util.List;
import java.util.Set;

/**
 * What an engine was seen to hold.
 *
 * @param containers those with Portolan's labels, of any installation
 * @param networks those with Portolan's labels, of any installation
 * @param volumes those with Portolan's labels, of any installation
 * @param foreignNames the names of all containers that are not ours
 */
public record Observation(
        List<Container> containers, List<Network> networks, List<VolumeSpec> volumes, Set<String> foreignNames) {}
