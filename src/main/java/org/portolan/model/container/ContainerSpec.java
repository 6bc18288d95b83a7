package org.portolan.model.container;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.service.ServiceSpec;

/**
 * A container to make.
 *
 * @param name the container's name
 * @param spec the service; image, command, mounts and options are taken from it
 * @param image what to run, by content where it is known ({@code sha256:…} or {@code name@sha256:…})
 * @param env the complete environment, placeholders filled in
 * @param command spec's command with placeholders filled in (empty keeps the image's)
 * @param entrypoint spec's entry point with placeholders filled in
 * @param labels all labels, Portolan's own among them
 * @param network the deployment's network, or "" where the service uses another mode
 * @param aliases names in that network
 * @param publish the ports to publish
 * @param mounts what to mount
 * @param restart the restart policy to begin with ({@code no} until the instance is healthy, unless {@link
 *     ServiceSpec#trustedAtOnce()})
 * @param console how the standard streams of its command are used
 */
public record ContainerSpec(
        String name,
        ServiceSpec spec,
        String image,
        Map<String, String> env,
        List<String> command,
        Optional<List<String>> entrypoint,
        Map<String, String> labels,
        String network,
        List<String> aliases,
        List<Publish> publish,
        List<Mount> mounts,
        String restart,
        Console console) {
    /** How the standard streams of the container's command are used. */
    public enum Console {
        /** Its output goes to the log. */
        NONE,
        /** Standard input is handed on until whoever is attached closes it. */
        INPUT,
        /** The command has a terminal. */
        TERMINAL
    }

    /** One whose output goes to the log alone. */
    public ContainerSpec(
            String name,
            ServiceSpec spec,
            String image,
            Map<String, String> env,
            List<String> command,
            Optional<List<String>> entrypoint,
            Map<String, String> labels,
            String network,
            List<String> aliases,
            List<Publish> publish,
            List<Mount> mounts,
            String restart) {
        this(
                name,
                spec,
                image,
                env,
                command,
                entrypoint,
                labels,
                network,
                aliases,
                publish,
                mounts,
                restart,
                Console.NONE);
    }

    /** The same with the streams used so. */
    public ContainerSpec with(Console streams) {
        return new ContainerSpec(
                name,
                spec,
                image,
                env,
                command,
                entrypoint,
                labels,
                network,
                aliases,
                publish,
                mounts,
                restart,
                streams);
    }

    /** A container's TCP port published at an address of the host. */
    public record Publish(String hostAddress, int hostPort, int containerPort) {}

    /**
     * A bind mount ({@code volume} false) or an engine's volume.
     *
     * @param source the host's path, or the volume's name; "" for a volume of this container alone, without a name
     * @param labels what a volume gets that the engine makes because there is none of that name
     */
    public record Mount(boolean volume, String source, String target, boolean readOnly, Map<String, String> labels) {
        public Mount(boolean volume, String source, String target, boolean readOnly) {
            this(volume, source, target, readOnly, Map.of());
        }
    }
}
