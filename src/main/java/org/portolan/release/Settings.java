package org.portolan.release;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.portolan.model.FreezeWindow;

/**
 * What an installation has decided for all of its deployments.
 *
 * @param installation the installation's id
 * @param dataRoot where named volumes live: {@code <dataRoot>/<deployment>/<service>/<name>}
 * @param networkPool CIDR that deployments' subnets are taken from
 * @param networkPrefix size of a deployment's subnet
 * @param publishAddress where instances' ports are published; "" for the gateway of the deployment's network
 * @param meshAddresses where services' ports listen; none: at the gateway of the deployment's network
 * @param instancePorts host ports for instances: first and last
 * @param meshPorts ports for services: first and last
 * @param parallel how many services roll at the same time
 * @param keepReleases how many releases are kept with their versions
 * @param cleanImages whether images go with the versions that used them
 * @param lockWait how long a change waits for another one of the same deployment
 * @param secretNames parts of a variable's name that make it a secret, lower-case
 * @param engineDeadline the longest time that an ordinary engine call may take
 * @param freezing when nothing new is deployed, as it is in force
 */
public record Settings(
        String installation,
        Path dataRoot,
        String networkPool,
        int networkPrefix,
        String publishAddress,
        List<String> meshAddresses,
        PortRange instancePorts,
        PortRange meshPorts,
        int parallel,
        int keepReleases,
        boolean cleanImages,
        Duration lockWait,
        List<String> secretNames,
        Duration engineDeadline,
        Supplier<List<FreezeWindow>> freezing) {
    /** With freeze windows that stay as they are. */
    public Settings(
            String installation,
            Path dataRoot,
            String networkPool,
            int networkPrefix,
            String publishAddress,
            List<String> meshAddresses,
            PortRange instancePorts,
            PortRange meshPorts,
            int parallel,
            int keepReleases,
            boolean cleanImages,
            Duration lockWait,
            List<String> secretNames,
            Duration engineDeadline,
            List<FreezeWindow> freezes) {
        this(
                installation,
                dataRoot,
                networkPool,
                networkPrefix,
                publishAddress,
                meshAddresses,
                instancePorts,
                meshPorts,
                parallel,
                keepReleases,
                cleanImages,
                lockWait,
                secretNames,
                engineDeadline,
                () -> freezes);
    }

    /** When nothing new is deployed. */
    public List<FreezeWindow> freezes() {
        return freezing.get();
    }

    /** Both ends belong to it. */
    public record PortRange(int first, int last) {}
}
