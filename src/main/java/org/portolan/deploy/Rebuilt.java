package org.portolan.deploy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.engine.Container;
import org.portolan.engine.Observation;
import org.portolan.model.InstanceId;
import org.portolan.model.Labels;
import org.portolan.model.Release;
import org.portolan.model.SourceId;
import org.portolan.store.DeploymentState;
import org.portolan.store.DeploymentState.VersionRef;

/**
 * A deployment's state made from what its containers' labels say, when the store was lost: versions and their numbers,
 * scale, ports on the mesh, the number of the last release. Pure.
 */
final class Rebuilt {
    private Rebuilt() {}

    /** The state that the labels tell; empty when no container of the deployment is there. */
    static Optional<DeploymentState> of(
            String deployment, SourceId owner, Observation observation, String installation, Instant now) {
        SortedMap<String, SortedMap<Integer, List<Container>>> services = new TreeMap<>();
        int lastRelease = 0;
        for (Container container : observation.containers()) {
            boolean ours = container.label(Labels.INSTALLATION).equals(installation)
                    && container.label(Labels.DEPLOYMENT).equals(deployment);
            Optional<InstanceId> id = container.instance();
            if (ours && id.isPresent()) {
                services.computeIfAbsent(id.get().service(), key -> new TreeMap<>())
                        .computeIfAbsent(id.get().version(), key -> new ArrayList<>())
                        .add(container);
                lastRelease = Math.max(lastRelease, number(container.label(Labels.RELEASE)));
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
                containers.forEach(container -> mesh(service, container.label(Labels.MESH), mesh));
            });
            versions.put(service, refs);
            lastVersion.put(service, byVersion.lastKey());
            placed.put(service, placed(byVersion));
        });
        return Optional.of(DeploymentState.empty(deployment, owner, now)
                .change()
                .lastRelease(lastRelease)
                .services(placed)
                .versions(versions)
                .lastVersion(lastVersion)
                .meshPorts(mesh)
                .build());
    }

    /** The version that most containers run, the older one where two run as many. */
    private static Release.Placed placed(SortedMap<Integer, List<Container>> byVersion) {
        return byVersion.entrySet().stream()
                .map(entry -> new Release.Placed(entry.getKey(), running(entry.getValue())))
                .max(Comparator.comparingInt(Release.Placed::scale)
                        .thenComparing(
                                Comparator.comparingInt(Release.Placed::version).reversed()))
                .orElseThrow();
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

    private static void mesh(String service, String label, Map<String, Integer> into) {
        for (String part : label.isEmpty() ? new String[0] : label.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals >= 0) {
                into.put(service + "/" + part.substring(0, equals), number(part.substring(equals + 1)));
            }
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException none) {
            return 0;
        }
    }
}
