package org.portolan.release;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.container.Container;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.DeploymentState.VersionRef;
import org.portolan.model.state.Release;

/**
 * A deployment's state made from what its containers' labels say, when the store was lost: versions and their numbers,
 * scale, ports on the mesh, the number of the last release. Pure.
 */
public final class StateRecovery {
    private StateRecovery() {}

    /** The state that the labels tell; empty when no container of the deployment is there. */
    public static Optional<DeploymentState> of(
            String deployment, SourceId owner, Observation observation, String installation, Instant now) {
        SortedMap<String, SortedMap<Integer, List<Container>>> services = new TreeMap<>();
        int lastRelease = 0;
        for (Container container : observation.containers()) {
            boolean ours = container.isOf(installation, deployment);
            Optional<InstanceId> id = container.instance();
            if (ours && id.isPresent()) {
                services.computeIfAbsent(id.get().service(), key -> new TreeMap<>())
                        .computeIfAbsent(id.get().version(), key -> new ArrayList<>())
                        .add(container);
                lastRelease = Math.max(lastRelease, InstanceLabels.number(container.label(Labels.RELEASE)));
            }
        }
        if (services.isEmpty()) {
            return Optional.empty();
        }
        SortedMap<String, Release.Placed> placed = new TreeMap<>();
        SortedMap<String, List<VersionRef>> versions = new TreeMap<>();
        SortedMap<String, Integer> lastVersion = new TreeMap<>();
        SortedMap<String, Integer> mesh = new TreeMap<>();
        services.forEach((service, byVersion) -> {
            List<VersionRef> refs = new ArrayList<>();
            byVersion.forEach((version, containers) -> {
                Container first = containers.getFirst();
                refs.add(new VersionRef(version, first.label(Labels.HASH), now, first.label(Labels.CHECK_HOST)));
                containers.forEach(container -> InstanceLabels.mesh(container.label(Labels.MESH))
                        .forEach((port, number) -> mesh.put(service + "/" + port, number)));
            });
            versions.put(service, refs);
            lastVersion.put(service, byVersion.lastKey());
            placed.put(service, placed(byVersion));
        });
        return Optional.of(DeploymentState.empty(deployment, owner, now)
                .change()
                .lastRelease(lastRelease)
                .goodRelease(madeBy(services, placed))
                .services(placed)
                .versions(versions)
                .lastVersion(lastVersion)
                .meshPorts(mesh)
                .build());
    }

    /**
     * The stored state, corrected by the labels where the store is older than what runs (a backup was restored): then what
     * runs is what was deployed last, and no number in a label is used again.
     *
     * @return the same object where nothing that the engine has is newer
     */
    public static DeploymentState over(
            DeploymentState stored, Observation observation, String installation, Instant now) {
        Optional<DeploymentState> seen = of(stored.name(), stored.owner(), observation, installation, now);
        if (seen.isEmpty() || !newer(seen.get(), stored)) {
            return stored;
        }
        DeploymentState labels = seen.get();
        SortedMap<String, Release.Placed> placed = new TreeMap<>(labels.services());
        stored.services().forEach((service, old) -> {
            boolean idle = old.scale() == 0
                    || stored.stopped().contains(service)
                    || stored.held().containsKey(service);
            if (idle) {
                placed.putIfAbsent(service, old);
            }
        });
        SortedMap<String, List<VersionRef>> versions = new TreeMap<>(stored.versions());
        labels.versions().forEach((service, refs) -> {
            SortedMap<Integer, VersionRef> all = new TreeMap<>();
            versions.getOrDefault(service, List.of()).forEach(ref -> all.put(ref.number(), ref));
            // A number that the lost part of the history gave stands for what its container says.
            refs.forEach(
                    ref -> all.merge(ref.number(), ref, (old, own) -> old.hash().equals(own.hash()) ? old : own));
            versions.put(service, List.copyOf(all.values()));
        });
        SortedMap<String, Integer> lastVersion = new TreeMap<>(stored.lastVersion());
        labels.lastVersion().forEach((service, number) -> lastVersion.merge(service, number, Math::max));
        SortedMap<String, Integer> mesh = new TreeMap<>(stored.meshPorts());
        mesh.putAll(labels.meshPorts());
        return stored.change()
                .lastRelease(Math.max(stored.lastRelease(), labels.lastRelease()))
                .goodRelease(Math.max(stored.goodRelease(), labels.goodRelease()))
                .services(placed)
                .versions(versions)
                .lastVersion(lastVersion)
                .meshPorts(mesh)
                .running(Optional.empty())
                .build();
    }

    /** Whether labels have a number that the store does not know yet: every number is stored before it is used. */
    private static boolean newer(DeploymentState labels, DeploymentState stored) {
        boolean newer = labels.lastRelease() > stored.lastRelease();
        for (Map.Entry<String, Integer> last : labels.lastVersion().entrySet()) {
            Release.Placed placed = stored.services().get(last.getKey());
            int given = Math.max(
                    stored.lastVersion().getOrDefault(last.getKey(), 0), placed == null ? 0 : placed.version());
            newer |= last.getValue() > given;
        }
        return newer;
    }

    /** The newest release that made one of the containers that are taken for good; 0 when none says. */
    private static int madeBy(
            SortedMap<String, SortedMap<Integer, List<Container>>> services, SortedMap<String, Release.Placed> placed) {
        int release = 0;
        for (Map.Entry<String, Release.Placed> each : placed.entrySet()) {
            List<Container> containers = services.getOrDefault(each.getKey(), new TreeMap<>())
                    .getOrDefault(each.getValue().version(), List.of());
            for (Container container : containers) {
                release = Math.max(release, InstanceLabels.number(container.label(Labels.RELEASE)));
            }
        }
        return release;
    }

    /**
     * The version that most containers run and are not known to be ill; where two run as many the one that most were
     * started of, then the older one.
     */
    private static Release.Placed placed(SortedMap<Integer, List<Container>> byVersion) {
        // A list: the stream of a sorted map has its comparator made by each JVM (ADR 38).
        return List.copyOf(byVersion.entrySet()).stream()
                .max(StateRecovery::compare)
                .map(entry -> new Release.Placed(entry.getKey(), running(entry.getValue())))
                .orElseThrow();
    }

    private static int compare(Map.Entry<Integer, List<Container>> one, Map.Entry<Integer, List<Container>> other) {
        int well = Long.compare(well(one.getValue()), well(other.getValue()));
        int running = Integer.compare(running(one.getValue()), running(other.getValue()));
        int older = Integer.compare(other.getKey(), one.getKey());
        return well != 0 ? well : running != 0 ? running : older;
    }

    private static long well(List<Container> containers) {
        return containers.stream()
                .filter(container -> container.state() == Container.State.RUNNING
                        && container.verdict() != Container.Verdict.UNHEALTHY)
                .count();
    }

    /** Those that were started: one that is down just now is still wanted. */
    private static int running(List<Container> containers) {
        int count = 0;
        for (Container container : containers) {
            count += container.state() == Container.State.CREATED || container.state() == Container.State.REMOVING
                    ? 0
                    : 1;
        }
        return count;
    }
}
