package org.portolan.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Problem;
import org.portolan.model.container.Container;
import org.portolan.model.container.Image;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.ImageVolumes;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * The volumes that an image declares and the file does not name: each instance number keeps its own from version to version,
 * the very one that it has now.
 */
final class KeptVolumes {
    private KeptVolumes() {}

    /** The paths at which a version's image declares volumes; where the image is not known, those of its instances. */
    static List<String> paths(ServiceSpec spec, int version, PlanInput input, DeploymentInventory inventory) {
        Optional<Image> image = input.images().getOrDefault(spec.image(), Optional.empty());
        boolean moved = image.isPresent()
                && spec.imageId().isPresent()
                && !ImageIdentity.names(
                        spec.image(), image.get(), spec.imageId().get());
        List<DeploymentInventory.Seen> own = inventory.own(spec.name(), version);
        if ((image.isEmpty() || moved) && !own.isEmpty()) {
            return unnamed(own.getFirst());
        }
        return image.map(Image::volumes).orElse(List.of());
    }

    /** Paths of an instance at which it has a volume that nobody named. */
    private static List<String> unnamed(DeploymentInventory.Seen seen) {
        List<String> paths = new ArrayList<>();
        seen.container().dataVolumes().forEach((path, name) -> {
            if (ImageVolumes.isUnnamed(seen.id(), path, name)) {
                paths.add(path);
            }
        });
        return paths;
    }

    /**
     * {@link ImageVolumes#key} to the engine's name of every volume that is kept so: what the state knows, what the engine has,
     * and what the instances have.
     */
    static SortedMap<String, String> decide(
            PlanInput input, DeploymentInventory inventory, Collection<ServiceGoal> services) {
        SortedMap<String, String> kept = new TreeMap<>();
        input.state().ifPresent(state -> kept.putAll(state.keptVolumes()));
        for (VolumeSpec volume : input.observation().volumes()) {
            String service = volume.labels().getOrDefault(Labels.SERVICE, "");
            String path = volume.labels().getOrDefault(Labels.VOLUME, "");
            ImageVolumes.slot(input.desired().name(), service, path, volume.name())
                    .ifPresent(slot -> kept.putIfAbsent(ImageVolumes.key(service, slot, path), volume.name()));
        }
        for (ServiceGoal service : services) {
            List<DeploymentInventory.Seen> seen = new ArrayList<>(inventory.of(service.name()));
            seen.sort((one, other) -> Integer.compare(rank(other, input), rank(one, input)));
            Set<String> named = new HashSet<>(inventory.volumes());
            seen.forEach(each -> named.addAll(each.container().volumes().values()));
            for (DeploymentInventory.Seen each : seen) {
                each.container().dataVolumes().forEach((path, name) -> {
                    if (ImageVolumes.isAnonymous(name) && !kept.containsValue(name)) {
                        int slot = each.id().n();
                        while (kept.containsKey(ImageVolumes.key(service.name(), slot, path))
                                || named.contains(
                                        ImageVolumes.name(input.desired().name(), service.name(), slot, path))) {
                            slot++;
                        }
                        kept.put(ImageVolumes.key(service.name(), slot, path), name);
                    }
                });
            }
        }
        return kept;
    }

    /** Of two instances with one number the one of the version in place, and one that runs, says whose number it is. */
    private static int rank(DeploymentInventory.Seen seen, PlanInput input) {
        boolean placed = input.state()
                .map(state -> state.services().get(seen.id().service()))
                .filter(place -> place.version() == seen.id().version())
                .isPresent();
        return (placed ? 2 : 0) + (seen.running() ? 1 : 0);
    }

    /** Says what is kept without a name, and what a new name leaves behind. */
    static void warn(PlanInput input, DeploymentInventory inventory, DesiredRelease goal, List<Problem> problems) {
        for (DesiredService declared : input.desired().services().values()) {
            ServiceGoal service = goal.services().get(declared.name());
            if (service == null) {
                continue;
            }
            for (ServiceSpec.Volume volume : service.spec().volumes()) {
                if (volume.kind() == ServiceSpec.Volume.Kind.IMAGE) {
                    problems.add(Problem.warning(
                                    declared.at(),
                                    "the image " + service.spec().image() + " of " + service.name()
                                            + " declares a volume at " + volume.target()
                                            + " that the file does not declare: each instance has a separate one"
                                            + (service.spec().strategy() == ServiceSpec.Strategy.RECREATE
                                                    ? ", and a new version starts after the old one has stopped"
                                                    : ", which a new version shares with the old one while both run"))
                            .withHint(naming(inventory, service, volume)));
                } else {
                    leftBehind(inventory, goal, service, volume)
                            .ifPresent(name -> problems.add(Problem.warning(
                                            declared.at(),
                                            service.name() + " gets the volume " + volume.name() + " at "
                                                    + volume.target() + "; its current data stays in the volume "
                                                    + name)
                                    .withHint(
                                            volume.kind() == ServiceSpec.Volume.Kind.SHARED
                                                    ? "`Volumes: {" + volume.name() + ": {external: " + name
                                                            + "}}` keeps using it"
                                                    : "`volumes: {" + volume.name() + ": {source: " + name
                                                            + ", target: " + volume.target()
                                                            + "}}` keeps using it")));
                }
            }
        }
    }

    private static String naming(DeploymentInventory inventory, ServiceGoal service, ServiceSpec.Volume volume) {
        String name = ImageVolumes.word(volume.target());
        for (DeploymentInventory.Seen seen : inventory.of(service.name())) {
            String there = seen.container().volumes().get(volume.target());
            if (there != null) {
                return "`volumes: {" + name + ": {source: " + there + ", target: " + volume.target()
                        + "}}` declares it and keeps its data";
            }
        }
        return "`volumes: {" + name + ": " + volume.target() + "}` declares it";
    }

    /** The unnamed volume that an instance has where the new version has a named one. */
    private static Optional<String> leftBehind(
            DeploymentInventory inventory, DesiredRelease goal, ServiceGoal service, ServiceSpec.Volume volume) {
        for (DeploymentInventory.Seen seen : inventory.of(service.name())) {
            Container container = seen.container();
            String name = container.dataVolumes().getOrDefault(volume.target(), "");
            boolean other = seen.id().version() != service.version() && !name.equals(volume.source());
            String own = goal.deployment() + "-" + service.name() + "-";
            boolean left = ImageVolumes.isUnnamed(seen.id(), volume.target(), name)
                    || (volume.kind() == ServiceSpec.Volume.Kind.SHARED && name.startsWith(own));
            if (other && goal.scale(service.name()) > 0 && left) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }
}
