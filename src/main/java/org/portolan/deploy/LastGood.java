package org.portolan.deploy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.engine.Container;
import org.portolan.engine.Image;
import org.portolan.model.CheckRequest;
import org.portolan.model.Definition;
import org.portolan.model.ImageContent;
import org.portolan.model.Labels;
import org.portolan.model.Release;
import org.portolan.model.ServiceSpec;
import org.portolan.plan.Goal;
import org.portolan.plan.Goal.ServiceGoal;
import org.portolan.plan.ImageHealth;
import org.portolan.plan.Ports;
import org.portolan.store.DeploymentState;

/** The goal that a failed release goes back to: every service as it stood in the last good release. */
final class LastGood {
    private final Installation installation;
    private final DeploymentState before;
    private final Set<String> came;
    private final Optional<Goal> failed;
    private final Collection<Container> containers;

    /**
     * @param came the services that the failed release had
     * @param failed its goal, where that is known
     * @param containers what the engine has: where the store lost a definition, they tell image and ports
     */
    LastGood(
            Installation installation,
            DeploymentState before,
            Set<String> came,
            Optional<Goal> failed,
            Collection<Container> containers) {
        this.installation = installation;
        this.before = before;
        this.came = came;
        this.failed = failed;
        this.containers = containers;
    }

    Goal goal() {
        SortedMap<String, ServiceGoal> services = new TreeMap<>();
        before.services().forEach((name, placed) -> services.put(name, service(name, placed)));
        TreeSet<String> removed = new TreeSet<>(came);
        failed.ifPresent(goal -> removed.addAll(goal.removed()));
        removed.removeAll(services.keySet());
        return new Goal(
                before.name(),
                services,
                removed,
                failed.map(Goal::meshPorts).orElse(before.meshPorts()),
                failed.map(Goal::volumes).orElse(before.keptVolumes()));
    }

    private ServiceGoal service(String name, Release.Placed placed) {
        boolean stopped = before.stopped().contains(name);
        int scale = stopped ? 0 : placed.scale();
        Optional<Definition> kept = installation.store().definition(before.name(), name, placed.version());
        Optional<Definition> definition = kept.or(() -> same(name, placed)).map(placed::routed);
        if (definition.isEmpty()) {
            return seen(name, placed.version(), scale);
        }
        ServiceSpec spec = withImage(ServiceSpec.from(name, definition.get()), definition.get());
        return new ServiceGoal(
                name,
                placed.version(),
                false,
                definition.get().hash(),
                definition.get(),
                spec,
                scale,
                checkHost(name, placed.version()));
    }

    /** As the version's containers show it: the store lost its definition. */
    private ServiceGoal seen(String name, int version, int scale) {
        String installed = installation.settings().installation();
        Optional<Container> container = containers.stream()
                .filter(each -> each.label(Labels.INSTALLATION).equals(installed))
                .filter(each -> each.instance()
                        .filter(id -> id.deployment().equals(before.name())
                                && id.service().equals(name)
                                && id.version() == version)
                        .isPresent())
                .findFirst();
        Definition definition = container
                .map(each -> Definition.of(Map.of("image", each.imageId())))
                .orElseGet(() -> Definition.of(Map.of()));
        ServiceSpec spec = ServiceSpec.from(name, definition)
                .withImageVolumes(container
                        .flatMap(each -> installation.engine().image(each.imageId()))
                        .map(Image::volumes)
                        .orElse(List.of()))
                .withPorts(container
                        .map(each -> Ports.published(each.label(Labels.PORTS)))
                        .orElse(List.of()));
        String hash = container.map(each -> each.label(Labels.HASH)).orElseGet(definition::hash);
        return new ServiceGoal(name, version, false, hash, definition, spec, scale, checkHost(name, version));
    }

    private String checkHost(String name, int version) {
        String kept = before.checkHost(name, version);
        return kept.isEmpty() ? CheckRequest.LOCALHOST : kept;
    }

    /** The failed release's own definition, where the service did not change. */
    private Optional<Definition> same(String name, Release.Placed placed) {
        return failed.map(goal -> goal.services().get(name))
                .filter(goal -> goal.version() == placed.version())
                .map(ServiceGoal::definition);
    }

    /** With the port that the image exposes, where the file names none, and its volumes: as the planner does it. */
    private ServiceSpec withImage(ServiceSpec spec, Definition definition) {
        Optional<Image> image = ImageContent.of(definition)
                .flatMap(content -> KeptImages.find(installation.engine(), spec.image(), content));
        List<Integer> exposed = image.map(Image::exposedPorts).orElse(List.of());
        ServiceSpec known =
                ImageHealth.with(spec.withImageVolumes(image.map(Image::volumes).orElse(List.of())), definition, image);
        return spec.usesExposedPorts() && exposed.size() == 1
                ? known.withPorts(List.of(new ServiceSpec.Port("", exposed.getFirst())))
                : known;
    }

    /** What it went back to, for people. */
    String describe() {
        List<String> parts = new ArrayList<>();
        before.services().forEach((name, placed) -> parts.add(name + " version " + placed.version()));
        return "everything is back at release " + before.goodRelease() + ": " + String.join(", ", parts);
    }
}
