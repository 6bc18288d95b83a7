package org.portolan.release;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.engine.Engine;
import org.portolan.model.container.ContainerFile;

/**
 * What a container gets between its creation and its start, however often: whoever made it may have ended in between.
 *
 * @param networks the networks of other deployments, with its names there
 * @param files by the folder where the engine is to begin
 */
public record ContainerSetup(SortedMap<String, List<String>> networks, SortedMap<String, List<ContainerFile>> files) {
    /** Nothing: the container is as it is to be. */
    static final ContainerSetup NONE = new ContainerSetup(new TreeMap<>(), new TreeMap<>());

    /** Carries it out. */
    public void carryOut(Engine engine, String container) {
        networks.forEach((network, names) -> engine.connect(container, network, names));
        files.forEach((folder, below) -> engine.put(container, folder, below));
    }
}
