package org.portolan.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.engine.Image;
import org.portolan.model.CheckRequest;
import org.portolan.model.Definition;
import org.portolan.model.ImageContent;
import org.portolan.model.Release;
import org.portolan.model.ServiceSpec;
import org.portolan.plan.Goal;
import org.portolan.plan.Goal.ServiceGoal;
import org.portolan.store.DeploymentState;

/** The goal that a failed release goes back to: every service as it stood in the last good release. */
final class LastGood {
    private final Installation installation;
    private final DeploymentState before;
    private final Goal failed;

    LastGood(Installation installation, DeploymentState before, Goal failed) {
        this.installation = installation;
        this.before = before;
        this.failed = failed;
    }

    Goal goal() {
        SortedMap<String, ServiceGoal> services = new TreeMap<>();
        before.services().forEach((name, placed) -> services.put(name, service(name, placed)));
        TreeSet<String> removed = new TreeSet<>(failed.services().keySet());
        removed.addAll(failed.removed());
        removed.removeAll(services.keySet());
        return new Goal(before.name(), services, removed, failed.meshPorts(), failed.volumes());
    }

    private ServiceGoal service(String name, Release.Placed placed) {
        Optional<Definition> kept = installation.store().definition(before.name(), name, placed.version());
        Definition definition =
                placed.routed(kept.or(() -> same(name, placed)).orElseGet(() -> Definition.of(Map.of())));
        ServiceSpec spec = withImage(ServiceSpec.from(name, definition), definition);
        boolean stopped = before.stopped().contains(name);
        return new ServiceGoal(
                name,
                placed.version(),
                false,
                definition.hash(),
                definition,
                spec,
                stopped ? 0 : placed.scale(),
                checkHost(name, placed));
    }

    private String checkHost(String name, Release.Placed placed) {
        String kept = before.checkHost(name, placed.version());
        return kept.isEmpty() ? CheckRequest.LOCALHOST : kept;
    }

    /** The failed release's own definition, where the service did not change. */
    private Optional<Definition> same(String name, Release.Placed placed) {
        return Optional.ofNullable(failed.services().get(name))
                .filter(goal -> goal.version() == placed.version())
                .map(ServiceGoal::definition);
    }

    /** With the port that the image exposes, where the file names none, and its volumes: as the planner does it. */
    private ServiceSpec withImage(ServiceSpec spec, Definition definition) {
        Optional<Image> image = ImageContent.of(definition)
                .flatMap(content -> KeptImages.find(installation.engine(), spec.image(), content));
        List<Integer> exposed = image.map(Image::exposedPorts).orElse(List.of());
        ServiceSpec known = spec.withImageVolumes(image.map(Image::volumes).orElse(List.of()));
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
