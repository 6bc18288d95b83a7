package org.portolan.model.container;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ImageVolumes;
import org.portolan.model.service.ServiceFile;

/**
 * A container as the engine shows it.
 *
 * @param exitCode of the last end; 0 while it runs
 * @param startedAt the last start, when the engine told (a list of containers does not)
 * @param restarts how often the engine itself restarted it, when told; else 0
 * @param oomKilled whether it ended for want of memory
 * @param verdict what the engine's own health check says of it, that of its image mostly
 * @param volumes path in the container to the engine's name of the volume that is mounted there
 * @param restart its restart policy as {@code Engine.setRestart} takes it, when the engine told (a list does not); else ""
 * @param networks the names of the networks that it is attached to; empty: the engine did not tell
 * @param loaded of the files that it reloads, by path, what the content that it has loaded is known by; empty: nobody looked
 * @param settings what a list does not tell of it; empty: nobody looked
 */
public record Container(
        String id,
        String name,
        Map<String, String> labels,
        State state,
        int exitCode,
        Optional<Instant> startedAt,
        int restarts,
        boolean oomKilled,
        String imageId,
        Map<String, String> volumes,
        Verdict verdict,
        String restart,
        Optional<Set<String>> networks,
        Optional<SortedMap<String, String>> loaded,
        Optional<ContainerSettings> settings) {

    /** One that nobody looked at more closely. */
    public Container(
            String id,
            String name,
            Map<String, String> labels,
            State state,
            int exitCode,
            Optional<Instant> startedAt,
            int restarts,
            boolean oomKilled,
            String imageId,
            Map<String, String> volumes,
            Verdict verdict,
            String restart,
            Optional<Set<String>> networks) {
        this(
                id,
                name,
                labels,
                state,
                exitCode,
                startedAt,
                restarts,
                oomKilled,
                imageId,
                volumes,
                verdict,
                restart,
                networks,
                Optional.empty(),
                Optional.empty());
    }

    /** The engine's word for a container's health. */
    public enum Verdict {
        /** It has no check, or none was asked yet by an engine that says nothing then. */
        NONE,
        STARTING,
        HEALTHY,
        UNHEALTHY
    }

    /** One as a list shows it. */
    public Container(
            String id,
            String name,
            Map<String, String> labels,
            State state,
            int exitCode,
            Optional<Instant> startedAt,
            int restarts,
            boolean oomKilled,
            String imageId,
            Map<String, String> volumes,
            Verdict verdict) {
        this(
                id,
                name,
                labels,
                state,
                exitCode,
                startedAt,
                restarts,
                oomKilled,
                imageId,
                volumes,
                verdict,
                "",
                Optional.empty());
    }

    /** Whether it runs, and somebody took it off a network. */
    public boolean detachedFrom(String network) {
        return state == State.RUNNING && networks.isPresent() && !networks.get().contains(network);
    }

    /** One that the engine does not check. */
    public Container(
            String id,
            String name,
            Map<String, String> labels,
            State state,
            int exitCode,
            Optional<Instant> startedAt,
            int restarts,
            boolean oomKilled,
            String imageId,
            Map<String, String> volumes) {
        this(id, name, labels, state, exitCode, startedAt, restarts, oomKilled, imageId, volumes, Verdict.NONE);
    }

    /** One without volumes. */
    public Container(
            String id,
            String name,
            Map<String, String> labels,
            State state,
            int exitCode,
            Optional<Instant> startedAt,
            int restarts,
            boolean oomKilled,
            String imageId) {
        this(id, name, labels, state, exitCode, startedAt, restarts, oomKilled, imageId, Map.of());
    }

    /** The engine's states. */
    public enum State {
        CREATED,
        RUNNING,
        PAUSED,
        RESTARTING,
        EXITED,
        DEAD,
        REMOVING;

        /** Whether its process is there, or will be again by itself. */
        public boolean up() {
            return switch (this) {
                case RUNNING, PAUSED, RESTARTING -> true;
                case CREATED, EXITED, DEAD, REMOVING -> false;
            };
        }
    }

    /** The same, with its restart policy known. */
    public Container withRestart(String policy) {
        return copy(state, policy, loaded, settings);
    }

    /** The same with what its process has loaded known. */
    public Container withLoaded(SortedMap<String, String> files) {
        return copy(state, restart, Optional.of(files), settings);
    }

    /** The same with what a list does not tell known. */
    public Container withSettings(ContainerSettings known) {
        return copy(state, restart, loaded, Optional.of(known));
    }

    /** Whether it ended by itself as it should. */
    public boolean completed() {
        return state == State.EXITED && exitCode == 0;
    }

    /** The same as if it still ran. */
    public Container asRunning() {
        return copy(State.RUNNING, restart, loaded, settings);
    }

    private Container copy(
            State now, String policy, Optional<SortedMap<String, String>> files, Optional<ContainerSettings> known) {
        return new Container(
                id, name, labels, now, exitCode, startedAt, restarts, oomKilled, imageId, volumes, verdict, policy,
                networks, files, known);
    }

    /** Its volumes without those that hold nothing but its files: of a read-only root file system, and gone with it. */
    public Map<String, String> dataVolumes() {
        if (label(Labels.FILES).isEmpty()) {
            return volumes;
        }
        Map<String, String> data = new TreeMap<>(volumes);
        data.entrySet().removeIf(volume -> ImageVolumes.isAnonymous(volume.getValue()) && holdsFile(volume.getKey()));
        return data;
    }

    /** Whether it has volumes that nobody named, all of which hold nothing but its files. */
    public boolean hasFileVolumes() {
        Map<String, String> data = dataVolumes();
        return data.size() < volumes.size() && data.values().stream().noneMatch(ImageVolumes::isAnonymous);
    }

    private boolean holdsFile(String folder) {
        return label(Labels.FILES).lines().anyMatch(path -> ServiceFile.within(path, folder));
    }

    public String label(String name) {
        return labels.getOrDefault(name, "");
    }

    /** Whether it belongs to an installation. */
    public boolean isOf(String installation) {
        return Labels.areOf(labels, installation);
    }

    /** Whether it belongs to a deployment of an installation. */
    public boolean isOf(String installation, String deployment) {
        return Labels.areOf(labels, installation, deployment);
    }

    /** The instance that the labels name; empty when they do not name one. */
    public Optional<InstanceId> instance() {
        return InstanceLabels.id(labels);
    }
}
