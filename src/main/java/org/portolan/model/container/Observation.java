package org.portolan.model.container;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.portolan.model.labels.Labels;

/**
 * What an engine was seen to hold.
 *
 * @param containers those with Portolan's labels, of any installation
 * @param networks those with Portolan's labels, of any installation
 * @param volumes those with Portolan's labels, of any installation
 * @param foreignNames the names of all containers that are not ours
 */
public record Observation(
        List<Container> containers, List<Network> networks, List<VolumeSpec> volumes, Set<String> foreignNames) {

    /** The containers of an installation's other deployments that are attached to a deployment's network. */
    public List<Container> joining(String installation, String deployment) {
        Set<String> own = new HashSet<>();
        for (Network network : networks) {
            if (Labels.areOf(network.labels(), installation, deployment)) {
                own.add(network.name());
            }
        }
        List<Container> joining = new ArrayList<>();
        for (Container container : containers) {
            boolean attached =
                    container.networks().stream().flatMap(Set::stream).anyMatch(own::contains);
            if (attached
                    && container.isOf(installation)
                    && !container.label(Labels.DEPLOYMENT).equals(deployment)) {
                joining.add(container);
            }
        }
        return joining;
    }
}
