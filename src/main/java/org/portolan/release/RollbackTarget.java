package org.portolan.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.container.Image;
import org.portolan.model.service.CheckRequest;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ImageContent;
import org.portolan.model.service.LiveFiles;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.plan.ImageHealth;
import org.portolan.store.Commit.VersionId;

/** The goal that a failed release goes back to: every service as it stood in the last good release. */
final class RollbackTarget {
    private static final String ROLLOUT = "rollout";

    private final Installation installation;
    private final DeploymentState before;
    private final Map<String, Release.Placed> came;
    private final Optional<DesiredRelease> failed;
    private final RuntimeRecall recall;
    private final List<String> lost = new ArrayList<>();

    /**
     * @param came the services that the failed release had, with their versions
     * @param failed its goal, where that is known
     * @param recall what containers showed before it, where the store lost a definition
     */
    RollbackTarget(
            Installation installation,
            DeploymentState before,
            Map<String, Release.Placed> came,
            Optional<DesiredRelease> failed,
            RuntimeRecall recall) {
        this.installation = installation;
        this.before = before;
        this.came = came;
        this.failed = failed;
        this.recall = recall;
    }

    DesiredRelease goal() {
        SortedMap<String, ServiceGoal> services = new TreeMap<>();
        before.services().forEach((name, placed) -> {
            Optional<ServiceGoal> good = service(name, placed);
            if (good.isEmpty()) {
                lost.add(name + " version " + placed.version());
            }
            good.or(() -> standing(name, placed)).ifPresent(goal -> services.put(name, goal));
        });
        TreeSet<String> removed = new TreeSet<>(came.keySet());
        failed.ifPresent(goal -> removed.addAll(goal.removed()));
        removed.removeAll(services.keySet());
        return new DesiredRelease(
                before.name(),
                services,
                removed,
                failed.map(DesiredRelease::meshPorts).orElse(before.meshPorts()),
                failed.map(DesiredRelease::volumes).orElse(before.keptVolumes()));
    }

    /**
     * What runs in place of a good version that nothing tells any more, left by releases that never ended: it is not taken
     * away because the good one is lost. Never the failed release's own.
     */
    private Optional<ServiceGoal> standing(String name, Release.Placed placed) {
        Release.Placed failedOne = came.get(name);
        for (int version : recall.running(before.name(), name)) {
            if (failedOne == null || failedOne.version() != version) {
                Optional<ServiceGoal> goal = service(name, placed.of(version));
                if (goal.isPresent()) {
                    return goal;
                }
            }
        }
        return Optional.empty();
    }

    /** Empty where nothing tells what the version was. */
    private Optional<ServiceGoal> service(String name, Release.Placed placed) {
        boolean stopped = before.stopped().contains(name) || before.held().containsKey(name);
        int scale = stopped ? 0 : placed.scale();
        Optional<Definition> kept = installation.store().definition(before.name(), VersionId.of(name, placed));
        return kept.or(() -> same(name, placed)).or(() -> shown(name, placed)).map(known -> {
            Definition definition = placed.routed(loaded(name, placed, known));
            ServiceSpec spec = withImage(ServiceSpec.from(name, definition), definition);
            return new ServiceGoal(
                    name,
                    placed.version(),
                    false,
                    hash(name, placed.version(), definition),
                    definition,
                    spec,
                    scale,
                    checkHost(name, placed.version()));
        });
    }

    /** With the content of files that a container showed before the release, where no release tells which its instances had. */
    private Definition loaded(String name, Release.Placed placed, Definition known) {
        return placed.files().isPresent() || LiveFiles.hash(known).isEmpty()
                ? known
                : recall.remembered(name, placed.version())
                        .map(shown -> LiveFiles.shown(known, shown))
                        .orElse(known);
    }

    /**
     * What a container of the version showed before the release began: the store lost its definition. A container does not
     * show how it is replaced: that is what the failed release said, lest the default stops before it starts.
     */
    private Optional<Definition> shown(String name, Release.Placed placed) {
        return recall.shown(before.name(), name, placed.version()).map(known -> rollout(name)
                .map(rollout -> known.with(ROLLOUT, rollout))
                .orElse(known));
    }

    private Optional<Object> rollout(String name) {
        Release.Placed failedOne = came.get(name);
        return failed.map(goal -> goal.services().get(name))
                .map(ServiceGoal::definition)
                .or(() -> failedOne == null
                        ? Optional.empty()
                        : installation.store().definition(before.name(), name, failedOne.version()))
                .flatMap(definition -> Optional.ofNullable(definition.get(ROLLOUT)));
    }

    private String hash(String name, int version, Definition definition) {
        if (!definition.recalled()) {
            return definition.hash();
        }
        return before.versions().getOrDefault(name, List.of()).stream()
                .filter(ref -> ref.number() == version)
                .map(DeploymentState.VersionRef::hash)
                .findFirst()
                .orElse("");
    }

    private String checkHost(String name, int version) {
        String kept = before.checkHost(name, version);
        return kept.isEmpty() ? CheckRequest.LOCALHOST : kept;
    }

    /** The failed release's own definition, where the service did not change. */
    private Optional<Definition> same(String name, Release.Placed placed) {
        return failed.map(goal -> goal.services().get(name))
                .filter(goal -> goal.version() == placed.version())
                .map(ServiceGoal::definition)
                .filter(definition -> placed.files().isEmpty() || placed.files().equals(LiveFiles.hash(definition)));
    }

    /** With the port that the image exposes, where the file names none, and its volumes: as the planner does it. */
    private ServiceSpec withImage(ServiceSpec spec, Definition definition) {
        Optional<Image> image = definition.recalled()
                ? installation.engine().image(spec.image())
                : ImageContent.of(definition)
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
        before.services().forEach((name, placed) -> {
            String part = name + " version " + placed.version();
            if (!lost.contains(part)) {
                parts.add(part);
            }
        });
        String whole = before.goodRelease() > 0 ? "rolled back to release " + before.goodRelease() : "rolled back";
        if (lost.isEmpty()) {
            return whole + ": " + String.join(", ", parts);
        }
        String gone = String.join(", ", lost) + " cannot be restored: neither its definition nor a container is left";
        return parts.isEmpty() ? gone : "rolled back " + String.join(", ", parts) + "; " + gone;
    }
}
