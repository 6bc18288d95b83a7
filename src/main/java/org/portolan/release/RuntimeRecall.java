package org.portolan.release;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.ContainerOrigin;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.JoinedNetworks;
import org.portolan.model.service.LiveFiles;
import org.portolan.model.service.ServiceFile;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.TcpRange;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.plan.HandChanges;
import org.portolan.plan.Ports;
import org.portolan.store.Commit.VersionId;

/**
 * The definitions of versions: those that the store keeps; where it lost one, what a container of the version shows. What was
 * found is remembered, so that it is known when the container is gone.
 */
public final class RuntimeRecall {
    private final Installation installation;
    private final Map<VersionId, Optional<Definition>> shown = new HashMap<>();
    private @Nullable Observation seen;

    public RuntimeRecall(Installation installation) {
        this.installation = installation;
    }

    /** One version's definition; empty when neither the store nor a container tells it. */
    public Optional<Definition> definition(String deployment, String service, int version) {
        return installation
                .store()
                .definition(deployment, service, version)
                .or(() -> shown(deployment, service, version));
    }

    /** Those of several versions that the store or a container tells; the store is asked once. */
    Map<VersionId, Definition> definitions(String deployment, Collection<VersionId> versions) {
        Map<VersionId, Definition> found = new HashMap<>(installation.store().definitions(deployment, versions));
        for (VersionId version : versions) {
            if (!found.containsKey(version)) {
                shown(deployment, version.service(), version.number())
                        .ifPresent(definition -> found.put(version, definition));
            }
        }
        return found;
    }

    /** The same, with the content of files that a release had. */
    public Optional<Definition> definition(String deployment, String service, Release.Placed placed) {
        return installation
                .store()
                .definition(deployment, VersionId.of(service, placed))
                .or(() -> shown(deployment, service, placed.version()));
    }

    /** What a container of the version shows. */
    public Optional<Definition> shown(String deployment, String service, int version) {
        return shown.computeIfAbsent(new VersionId(service, version), id -> container(
                        new InstanceId(deployment, service, version, 0))
                .flatMap(container -> installation.engine().made(container.id()).flatMap(made -> of(container, made))));
    }

    /** The versions of a service that containers run, the newest first. */
    List<Integer> running(String deployment, String service) {
        return versions(deployment, service, each -> each.state() == Container.State.RUNNING);
    }

    /** The versions of a service that there are containers of, the newest first. */
    List<Integer> made(String deployment, String service) {
        return versions(deployment, service, each -> true);
    }

    private List<Integer> versions(String deployment, String service, Predicate<Container> which) {
        String own = installation.settings().installation();
        return containers().stream()
                .filter(each -> each.isOf(own, deployment) && which.test(each))
                .flatMap(each -> each.instance().stream())
                .filter(id -> id.service().equals(service))
                .map(InstanceId::version)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /**
     * Remembers what the containers show of versions in place that the store cannot tell, or whose instances may have loaded
     * other files than it tells, while they are there.
     */
    void looking(DeploymentState state, KeptVersions kept) {
        Set<VersionId> placed = KeptVersions.inPlace(state);
        kept.definitions(state.name(), placed).forEach((id, definition) -> {
            Release.Placed place = state.services().get(id.service());
            boolean known = place == null
                    || place.files().isPresent()
                    || LiveFiles.hash(definition).isEmpty();
            if (known) {
                placed.remove(id);
            }
        });
        placed.forEach(id -> shown(state.name(), id.service(), id.number()));
    }

    /** What {@link #looking} saw of a version. */
    Optional<Definition> remembered(String service, int version) {
        return shown.getOrDefault(new VersionId(service, version), Optional.empty());
    }

    private List<Container> containers() {
        return observation().containers();
    }

    /** What the engine holds, asked once. */
    Observation observation() {
        Observation known = seen;
        if (known == null) {
            known = installation.engine().observe();
            seen = known;
        }
        return known;
    }

    /** One that runs, before others. */
    private Optional<Container> container(InstanceId wanted) {
        String own = installation.settings().installation();
        Optional<Container> found = Optional.empty();
        Set<String> doubles = HandChanges.doubles(containers().stream()
                .filter(each -> each.isOf(own, wanted.deployment()))
                .toList());
        for (Container each : containers()) {
            boolean same = each.isOf(own, wanted.deployment())
                    && !doubles.contains(each.id())
                    && each.instance()
                            .filter(id -> id.service().equals(wanted.service()) && id.version() == wanted.version())
                            .isPresent();
            if (same && (found.isEmpty() || each.state() == Container.State.RUNNING)) {
                found = Optional.of(each);
            }
        }
        return found;
    }

    /** Empty where its files cannot be read any more: another instance without them would not be the same. */
    private Optional<Definition> of(Container container, ContainerOrigin made) {
        Optional<Map<String, Object>> files = files(container);
        return files.map(known -> of(container, made, known)).map(known -> joined(container)
                .map(joins -> known.with("network", Map.of(JoinedNetworks.JOIN, joins)))
                .orElse(known));
    }

    /** The other deployments whose networks it is attached to. */
    private Optional<List<String>> joined(Container container) {
        Set<String> attached = container.networks().orElse(Set.of());
        List<String> joins = observation().networks().stream()
                .filter(network -> attached.contains(network.name())
                        && Labels.areOf(
                                network.labels(), installation.settings().installation()))
                .map(network -> network.labels().getOrDefault(Labels.DEPLOYMENT, ""))
                .filter(other -> !other.isEmpty() && !other.equals(container.label(Labels.DEPLOYMENT)))
                .sorted()
                .toList();
        return joins.isEmpty() ? Optional.empty() : Optional.of(joins);
    }

    private static Definition of(Container container, ContainerOrigin made, Map<String, Object> files) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("image", made.imageId());
        // The engine's own id: no registry has it under that name.
        keys.put("pull", "never");
        keys.put("restart", made.restart());
        Map<String, Object> env = new TreeMap<>();
        // Which of them are secret is not known any more.
        made.env().forEach((name, value) -> env.put(name, Map.of("secret", value)));
        put(keys, "env", env);
        if (!made.command().isEmpty()) {
            keys.put("cmd", made.command());
        }
        made.entrypoint().ifPresent(words -> keys.put("entrypoint", words));
        Map<String, Object> volumes = new TreeMap<>();
        for (ContainerSpec.Mount mount : made.mounts()) {
            if (!mount.volume() || container.dataVolumes().containsKey(mount.target())) {
                volumes.put(mount.target(), volume(mount));
            }
        }
        put(keys, "volumes", volumes);
        put(keys, "files", files);
        Map<String, Long> ports = new TreeMap<>();
        for (ServiceSpec.Port port : Ports.published(container.label(Labels.PORTS))) {
            ports.put(port.name(), (long) port.container());
        }
        keys.put("ports", ports.isEmpty() ? ServiceSpec.NO_PORTS : TcpRange.join(ports));
        Map<String, Object> stop = new TreeMap<>();
        made.stopSignal().ifPresent(signal -> stop.put("signal", signal));
        made.stopGrace().ifPresent(grace -> stop.put("grace", grace.toSeconds() + "s"));
        put(keys, "stop", stop);
        put(keys, "docker", made.rest());
        return Definition.recalled(keys);
    }

    /** The files that the container got, as they are in it now, by path; empty when one is not there, or not known. */
    private Optional<Map<String, Object>> files(Container container) {
        Optional<List<String>> paths = InstanceLabels.files(container.label(Labels.FILES));
        Map<String, Object> files = new TreeMap<>();
        for (String path : paths.orElse(List.of())) {
            Optional<List<ContainerFile>> found =
                    installation.engine().files(container.id(), path, ServiceFile.MAX_BYTES);
            if (found.isEmpty() || found.get().size() != 1) {
                return Optional.empty();
            }
            files.put(path, file(found.get().getFirst()));
        }
        return paths.map(known -> files);
    }

    private static Map<String, Object> file(ContainerFile file) {
        String text = new String(file.content(), StandardCharsets.UTF_8);
        boolean plain = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), file.content());
        Map<String, Object> form = new TreeMap<>();
        form.put("mode", String.format("%04o", file.mode()));
        form.put("user", file.user() + ":" + file.group());
        // Whether it is a secret is not known any more.
        form.put("content", Map.of("secret", plain ? text : Base64.getEncoder().encodeToString(file.content())));
        if (!plain) {
            form.put("base64", true);
        }
        return form;
    }

    private static Map<String, Object> volume(ContainerSpec.Mount mount) {
        Map<String, Object> volume = new TreeMap<>();
        volume.put("target", mount.target());
        if (mount.volume()) {
            volume.put("driver", "local");
            volume.put("source", mount.source());
        } else {
            volume.put("bind", mount.source());
        }
        if (mount.readOnly()) {
            volume.put("read_only", true);
        }
        return volume;
    }

    private static void put(Map<String, Object> keys, String key, Map<String, Object> value) {
        if (!value.isEmpty()) {
            keys.put(key, value);
        }
    }
}
