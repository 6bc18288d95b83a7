package org.portolan.operate;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Observation;
import org.portolan.model.container.StoredVolume;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.event.DeploymentEvent.DeploymentRemoved;
import org.portolan.model.event.Event;
import org.portolan.model.event.ResourceEvent.VolumeKept;
import org.portolan.model.event.ResourceEvent.VolumeRemoved;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.VolumeFolders;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** An installation's volumes: which there are, who uses them, and their removal by a person. */
public final class Volumes {
    private static final int ALL_EVENTS = 100_000;

    private final Engine engine;
    private final Optional<Store> store;
    private final String installation;
    private final Path dataRoot;

    /**
     * @param store empty where none was ever used
     * @param dataRoot where named volumes live
     */
    public Volumes(Engine engine, Optional<Store> store, String installation, Path dataRoot) {
        this.dataRoot = dataRoot;
        this.engine = engine;
        this.store = store;
        this.installation = installation;
    }

    /**
     * A volume that Portolan made, or that the engine named for a deployment's image.
     *
     * @param name the engine's name
     * @param service "" where several share it
     * @param volume its name in the file, or its path in the container where the image declares it
     * @param folder the folder of this machine that Portolan made for its data, and deletes with it
     * @param users the containers that have it, running or not
     * @param declared whether its deployment's release in place declares it, or may do so
     * @param since when its deployment was removed, if it was and that is still known
     */
    public record Stored(
            String name,
            String deployment,
            String service,
            String volume,
            Optional<Path> folder,
            SortedSet<String> users,
            boolean declared,
            Optional<Instant> since) {

        /** Whether nothing needs it any more: it stays until a person removes it. */
        public boolean kept() {
            return users.isEmpty() && !declared;
        }

        /** Whose it is: {@code shop:web}, or {@code shop} where several services share it. */
        public String owner() {
            return deployment + (service.isEmpty() ? "" : ":" + service);
        }

        /** As it is listed, with the size of its folder. */
        public StoredVolume listed() {
            return new StoredVolume(
                    name,
                    deployment,
                    service,
                    volume,
                    folder.map(Path::toString),
                    users,
                    declared,
                    since,
                    folder.map(VolumeFolders::size).orElse(OptionalLong.empty()));
        }
    }

    /** Those of an installation. */
    public static Volumes of(Installation installation) {
        return new Volumes(
                installation.engine(),
                Optional.of(installation.store()),
                installation.settings().installation(),
                installation.settings().dataRoot());
    }

    /** Every volume of this installation, by the engine's name. */
    public List<Stored> list() {
        Observation observation = engine.observe();
        SortedMap<String, SortedSet<String>> users = engine.volumeUsers();
        Map<String, DeploymentState> states = store.map(Store::deployments).orElse(Map.of());
        Set<String> damaged = store.map(Store::damaged).orElse(Set.of());
        Map<String, Instant> removals = new HashMap<>();
        SortedMap<String, VolumeSpec> all = new TreeMap<>();
        for (Event event : store.map(known -> known.events("", ALL_EVENTS)).orElse(List.of())) {
            if (event.data() instanceof DeploymentRemoved) {
                removals.put(event.deployment(), event.at());
            } else if (event.data() instanceof VolumeKept kept && users.containsKey(kept.volume())) {
                all.put(kept.volume(), unlabelled(kept.volume(), event.deployment(), ""));
            }
        }
        states.values().forEach(state -> state.keptVolumes().forEach((key, name) -> {
            if (users.containsKey(name)) {
                all.put(name, unlabelled(name, state.name(), key.substring(0, key.indexOf('/'))));
            }
        }));
        for (VolumeSpec volume : observation.volumes()) {
            if (Labels.areOf(volume.labels(), installation)) {
                all.put(volume.name(), volume);
            }
        }
        Set<String> running = new java.util.HashSet<>();
        observation.containers().forEach(each -> each.instance().ifPresent(id -> running.add(id.deployment())));
        boolean local = engine.local();
        List<Stored> found = new ArrayList<>();
        for (VolumeSpec volume : all.values()) {
            String deployment = volume.labels().getOrDefault(Labels.DEPLOYMENT, "");
            DeploymentState state = states.get(deployment);
            boolean declared = state == null
                    ? damaged.contains(deployment) || running.contains(deployment)
                    : declares(state, volume);
            found.add(new Stored(
                    volume.name(),
                    deployment,
                    volume.labels().getOrDefault(Labels.SERVICE, ""),
                    volume.labels().getOrDefault(Labels.VOLUME, ""),
                    local ? VolumeFolders.of(volume, dataRoot) : Optional.empty(),
                    users.getOrDefault(volume.name(), new java.util.TreeSet<>()),
                    declared,
                    state == null ? Optional.ofNullable(removals.get(deployment)) : Optional.empty()));
        }
        return found;
    }

    private static VolumeSpec unlabelled(String name, String deployment, String service) {
        return new VolumeSpec(name, Map.of(Labels.DEPLOYMENT, deployment, Labels.SERVICE, service), "local", Map.of());
    }

    private boolean declares(DeploymentState state, VolumeSpec volume) {
        String service = volume.labels().getOrDefault(Labels.SERVICE, "");
        String name = volume.labels().getOrDefault(Labels.VOLUME, "");
        if (service.isEmpty()) {
            return state.running().isPresent()
                    || state.services().entrySet().stream()
                            .anyMatch(each -> declares(state, each.getKey(), each.getValue(), name));
        }
        Release.Placed placed = state.services().get(service);
        if (placed == null) {
            return state.running().isPresent();
        }
        // A volume of the image, or a definition that cannot be read: it is left rather than lost.
        return name.isEmpty()
                || name.startsWith("/")
                || state.running().isPresent()
                || declares(state, service, placed, name);
    }

    private boolean declares(DeploymentState state, String service, Release.Placed placed, String name) {
        return store.flatMap(known -> known.definition(state.name(), service, placed.version()))
                .map(definition -> ServiceSpec.from(service, definition).volumes().stream()
                        .anyMatch(each -> each.name().equals(name)))
                .orElse(true);
    }

    /**
     * Whose volumes these are, by deployment, for the requests that remove them.
     *
     * @throws org.portolan.model.NeedsConsent when the removal of all of them was not agreed to
     * @throws Failure as the removal itself would
     */
    public static SortedMap<String, List<String>> removals(
            Installation installation, Collection<String> names, Mandate mandate) {
        List<Stored> chosen = of(installation).removable(names);
        requireConsent(chosen, mandate);
        SortedMap<String, List<String>> byDeployment = new TreeMap<>();
        chosen.forEach(volume -> byDeployment
                .computeIfAbsent(volume.deployment(), key -> new ArrayList<>())
                .add(volume.name()));
        return byDeployment;
    }

    /**
     * Removes volumes with their data.
     *
     * @throws org.portolan.model.NeedsConsent when that was not agreed to
     * @throws Failure {@link Kind#NOT_FOUND} for a name that is none of this installation's volumes;
     *     {@link Kind#REFUSED} for one that is used or declared, before any is removed, {@link Kind#FAILED} for data that
     *     cannot be deleted
     */
    void remove(Installation installation, Request.RemoveVolumes request, DeployOptions options) {
        Mandate mandate = request.mandate();
        requireConsent(removable(request), mandate);
        try (Lease lease = new Locks(installation).take(request.deployment(), mandate.caller(), options)) {
            // A deploy may have come to need one while this waited for the lock, or another made one of that name.
            List<Stored> now = removable(request);
            requireConsent(now, mandate);
            for (Stored volume : now) {
                erase(volume.name(), volume.folder());
                installation.publish(lease.name(), new VolumeRemoved(volume.name()));
            }
        }
    }

    private List<Stored> removable(Request.RemoveVolumes request) {
        List<Stored> chosen = removable(request.volumes());
        chosen.forEach(volume -> requireOf(request.deployment(), volume));
        return chosen;
    }

    /** The lock that is held is the named deployment's. Of another one's it is not said that it is there: not everybody may know. */
    static void requireOf(String deployment, Stored volume) {
        if (!volume.deployment().equals(deployment)) {
            throw unknown(volume.name());
        }
    }

    /**
     * Whose a volume is.
     *
     * @throws Failure with {@link Kind#NOT_FOUND} when there is none of that name
     */
    public static String deployment(Installation installation, String name) {
        return named(installation, name).deployment();
    }

    /**
     * A volume of this installation.
     *
     * @throws Failure with {@link Kind#NOT_FOUND} when there is none of that name
     */
    static Stored named(Installation installation, String name) {
        return of(installation).list().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    /** There is no such volume. */
    public static Failure unknown(String name) {
        return new Failure(Kind.NOT_FOUND, "unknown volume " + name)
                .withRemedy(Remedy.of("list them with ").and(Call.of(Verb.VOLUME_LIST)));
    }

    private static void requireConsent(List<Stored> volumes, Mandate mandate) {
        List<String> needed = volumes.stream()
                .map(volume -> "remove volume " + volume.name() + " of " + volume.deployment() + " with all data")
                .toList();
        mandate.agreed().require(needed, "nothing was removed; to consent, use --yes");
    }

    private List<Stored> removable(Collection<String> names) {
        Map<String, Stored> known = new TreeMap<>();
        list().forEach(volume -> known.put(volume.name(), volume));
        List<Stored> chosen = new ArrayList<>();
        for (String name : names) {
            Stored volume = known.get(name);
            if (volume == null) {
                throw unknown(name);
            }
            if (!volume.users().isEmpty()) {
                throw new Failure(Kind.REFUSED, "volume " + name + " is in use by " + String.join(", ", volume.users()))
                        .withRemedy(Remedy.of("remove the users first; ")
                                .and(Call.of(Verb.REMOVE, volume.deployment(), "--volumes"))
                                .and(" removes a deployment with its data"));
            }
            if (volume.declared()) {
                throw new Failure(Kind.REFUSED, "volume " + name + " is declared by " + volume.owner())
                        .withRemedy(Remedy.of(
                                        "remove it from the file and deploy, or remove the deployment with its data: ")
                                .and(Call.of(Verb.REMOVE, volume.deployment(), "--volumes")));
            }
            chosen.add(volume);
        }
        return chosen;
    }

    /** Deletes the data, then the engine's volume: killed in between, the volume is still listed and removed again. */
    void erase(String name, Optional<Path> folder) {
        SortedSet<String> users = engine.volumeUsers().getOrDefault(name, new java.util.TreeSet<>());
        if (!users.isEmpty()) {
            throw new Failure(
                            Kind.REFUSED, "volume " + name + " was not removed: in use by " + String.join(", ", users))
                    .withRemedy(Remedy.of("remove the users, then: ").and(Call.of(Verb.VOLUME_REMOVE, name)));
        }
        try {
            folder.ifPresent(VolumeFolders::delete);
        } catch (Failure failure) {
            throw failure.withRemedy(failure.remedy()
                    .map(first -> first.and(", then: "))
                    .orElse(Remedy.of("then: "))
                    .and(Call.of(Verb.VOLUME_REMOVE, name)));
        }
        try {
            engine.removeVolume(name);
        } catch (EngineException refused) {
            throw new Failure(Kind.FAILED, "volume " + name + " was not removed: " + refused.what()).withCause(refused);
        }
    }
}
