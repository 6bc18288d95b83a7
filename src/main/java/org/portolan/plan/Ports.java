package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.container.Image;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Port;

/**
 * A service's ports: those that the file names, else the one that its image exposes, if the file allows.
 *
 * @param ports none when there are none, too many, or not yet known
 * @param exposed what the image exposes, when the file names none
 * @param known whether {@code ports} is the last word; false for an image that is still to be fetched
 * @param silent whether the file says that it listens nowhere
 */
public record Ports(List<Port> ports, List<Integer> exposed, boolean known, boolean silent) {

    static Ports of(ServiceSpec spec, int version, PlanInput input, DeploymentInventory inventory) {
        if (!spec.usesExposedPorts()) {
            return new Ports(spec.ports(), List.of(), true, spec.silent());
        }
        Optional<Image> image = input.images().getOrDefault(spec.image(), Optional.empty());
        boolean moved = image.isPresent()
                && spec.imageId().isPresent()
                && !ImageIdentity.names(
                        spec.image(), image.get(), spec.imageId().get());
        if (image.isPresent() && !moved) {
            return exposed(image.get());
        }
        List<DeploymentInventory.Seen> own = inventory.own(spec.name(), version);
        if (!own.isEmpty()) {
            String published = own.getFirst().container().label(Labels.PORTS);
            return new Ports(published(published), List.of(), true, false);
        }
        // The reference stands for other content by now; the port that it exposes is still the likeliest.
        return image.map(Ports::exposed).orElseGet(() -> new Ports(List.of(), List.of(), false, false));
    }

    private static Ports exposed(Image image) {
        List<Integer> exposed = image.exposedPorts();
        List<Port> ports = exposed.size() == 1 ? List.of(new Port("", exposed.getFirst())) : List.of();
        return new Ports(ports, exposed, true, false);
    }

    /** The ports that {@link Labels#PORTS} tells. */
    public static List<Port> published(String label) {
        List<Port> ports = new ArrayList<>();
        InstanceLabels.ports(label).forEach((name, port) -> ports.add(new Port(name, port.container())));
        return List.copyOf(ports);
    }
}
