package org.portolan.engine.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.ContainerOrigin;
import org.portolan.model.container.ContainerSettings;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.ContainerSpec.Publish;
import org.portolan.model.container.Image.Healthcheck;
import org.portolan.model.container.Inspection;
import org.portolan.model.service.ServiceSpec.Resources;

/**
 * One simulated container. Time passes in it lazily: {@link #settle} brings it up to the present, through every end of
 * its own and every restart that the engine's policy asks for (delays as Docker's: 100 ms, doubled each time up to a
 * minute, from the beginning again after 10 s of running).
 */
final class SimContainer {
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
    private static final Duration RAN_WELL = Duration.ofSeconds(10);

    final String id;
    final Map<String, String> labels;
    final String imageId;
    final Behaviour behaviour;
    final List<Publish> ports;
    final String network;
    /** Path to the volume there. */
    Map<String, String> volumes;

    /** Those of its volumes that the engine named. */
    final Set<String> unnamed = new HashSet<>();

    /** What it was made from. */
    @Nullable
    ContainerSpec spec;

    /** The files that were put into it, by path. */
    final Map<String, ContainerFile> files = new TreeMap<>();

    /** The files that its process has loaded, by path: those that were there when it started, or was asked to reload. */
    Map<String, ContainerFile> loaded = new TreeMap<>();

    /** Finds its files and those in its volumes. */
    java.util.function.Supplier<Map<String, ContainerFile>> content = () -> files;

    final List<String> log = new ArrayList<>();
    String name;
    String restart;
    /** Whether it is attached to its network. */
    boolean attached = true;
    /** The further networks that it is attached to, with its names there. */
    final Map<String, List<String>> joined = new TreeMap<>();

    /** Whether the engine could attach it again. */
    boolean attachable = true;

    /** The limit of memory that somebody gave it by hand; 0: nobody did. */
    long memoryByHand;

    /** Whether its checks fail although it runs. */
    boolean ill;

    private Container.State state = Container.State.CREATED;
    private Container.Verdict verdict = Container.Verdict.NONE;
    private int exitCode;
    private int restarts;
    private @Nullable Instant startedAt;
    /** When the engine starts it again, while it is restarting. */
    private @Nullable Instant comesBackAt;

    private Duration delay = FIRST_DELAY;

    SimContainer(
            String id,
            String name,
            Map<String, String> labels,
            String imageId,
            Behaviour behaviour,
            List<Publish> ports,
            String network,
            Map<String, String> volumes,
            String restart) {
        this.id = id;
        this.name = name;
        this.labels = Map.copyOf(labels);
        this.imageId = imageId;
        this.behaviour = behaviour;
        this.ports = List.copyOf(ports);
        this.network = network;
        this.volumes = Map.copyOf(volumes);
        this.restart = restart;
    }

    /** As an inspection tells it. */
    ContainerOrigin made(List<String> declared) {
        ContainerSpec request = Objects.requireNonNull(spec);
        return new ContainerOrigin(
                imageId,
                new TreeMap<>(request.env()),
                request.command(),
                request.entrypoint(),
                request.mounts().stream()
                        .filter(mount -> !mount.volume() || !declared.contains(mount.target()))
                        .map(mount -> mount.source().isEmpty()
                                ? new ContainerSpec.Mount(
                                        true,
                                        Objects.requireNonNull(volumes.get(mount.target())),
                                        mount.target(),
                                        mount.readOnly())
                                : mount)
                        .toList(),
                restart,
                request.spec().stop().signal(),
                Optional.of(request.spec().stop().grace()),
                request.spec().readOnlyRoot() ? Map.of("HostConfig", Map.of("ReadonlyRootfs", true)) : Map.of());
    }

    /** What an inspection of the real engine would show of it, as far as a simulated one has it. */
    Inspection inspection() {
        Container seen = view(true);
        List<Map<String, Object>> mounts = new ArrayList<>();
        volumes.forEach((path, volume) ->
                mounts.add(Map.of("Type", "volume", "Name", volume, "Destination", path, "RW", true)));
        Map<String, List<Map<String, String>>> bindings = new TreeMap<>();
        for (Publish port : ports) {
            bindings.computeIfAbsent(port.containerPort() + "/tcp", none -> new ArrayList<>())
                    .add(Map.of("HostIp", port.hostAddress(), "HostPort", String.valueOf(port.hostPort())));
        }
        int colon = restart.indexOf(':');
        Map<String, Object> policy = new TreeMap<>(Map.of("Name", colon < 0 ? restart : restart.substring(0, colon)));
        if (colon >= 0) {
            policy.put("MaximumRetryCount", Long.parseLong(restart.substring(colon + 1)));
        }
        return new Inspection(
                Map.of(
                        "Id",
                        id,
                        "Name",
                        "/" + name,
                        "Image",
                        imageId,
                        "State",
                        Map.of("Status", seen.state().name().toLowerCase(java.util.Locale.ROOT)),
                        "Config",
                        Map.of("Labels", labels),
                        "HostConfig",
                        Map.of("RestartPolicy", policy, "PortBindings", bindings),
                        "Mounts",
                        mounts),
                Map.of());
    }

    /** Lets what was to happen until now happen; {@code told} gets each event with its time. */
    void settle(Instant now, BiConsumer<Instant, String> told) {
        while (true) {
            Instant start = startedAt;
            Instant back = comesBackAt;
            Optional<Duration> exits = has("crashes") ? Optional.of(FIRST_DELAY) : behaviour.exitsAfter();
            if (state == Container.State.RUNNING && start != null && exits.isPresent()) {
                Instant end = start.plus(exits.get());
                if (end.isAfter(now)) {
                    return;
                }
                ended(end, behaviour.exitCode(), told);
            } else if (state == Container.State.RESTARTING && back != null && !back.isAfter(now)) {
                restarts++;
                run(back);
                told.accept(back, "start");
            } else {
                return;
            }
        }
    }

    /** It ended by itself or was killed from outside; the restart policy decides what follows. */
    void ended(Instant at, int code, BiConsumer<Instant, String> told) {
        Instant start = startedAt;
        if (start != null && Duration.between(start, at).compareTo(RAN_WELL) >= 0) {
            delay = FIRST_DELAY;
        }
        exitCode = code;
        told.accept(at, "die");
        if (comesBack(code)) {
            state = Container.State.RESTARTING;
            comesBackAt = at.plus(delay);
            Duration doubled = delay.multipliedBy(2);
            delay = doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
        } else {
            state = Container.State.EXITED;
        }
    }

    private boolean comesBack(int code) {
        if (restart.equals("always") || restart.equals("unless-stopped")) {
            return true;
        }
        if (!restart.startsWith("on-failure") || code == 0) {
            return false;
        }
        int colon = restart.indexOf(':');
        return colon < 0 || restarts < Integer.parseInt(restart.substring(colon + 1));
    }

    /** A start that somebody asked for. */
    void start(Instant at) {
        restarts = 0;
        delay = FIRST_DELAY;
        run(at);
    }

    private void run(Instant at) {
        state = Container.State.RUNNING;
        startedAt = at;
        comesBackAt = null;
        exitCode = 0;
        loaded = new TreeMap<>(content.get());
        log.addAll(behaviour.log());
    }

    private boolean has(String word) {
        return loaded.values().stream().anyMatch(file -> SimWorld.text(file).contains(word));
    }

    /** A stop that somebody asked for: no restart follows. */
    void stopped(int code) {
        state = Container.State.EXITED;
        comesBackAt = null;
        exitCode = code;
    }

    boolean running() {
        return state == Container.State.RUNNING;
    }

    boolean active() {
        return running() || state == Container.State.RESTARTING || state == Container.State.PAUSED;
    }

    /** Somebody stops its processes where they are. */
    void pause() {
        state = running() ? Container.State.PAUSED : state;
    }

    boolean paused() {
        return state == Container.State.PAUSED;
    }

    void unpause() {
        state = paused() ? Container.State.RUNNING : state;
    }

    ContainerSettings settings() {
        ContainerSpec request = spec;
        Resources limits = request == null ? Resources.NONE : request.spec().resources();
        return new ContainerSettings(
                restart,
                memoryByHand == 0 ? limits.memoryBytes() : memoryByHand,
                Math.round(limits.cpus() * 1e9),
                limits.cpuShares(),
                limits.pids());
    }

    /** Whether a check passes now; the container is settled. */
    boolean healthy(Instant now) {
        Instant start = startedAt;
        return running()
                && !ill
                && !has("breaks")
                && start != null
                && behaviour.healthyAt(Duration.between(start, now));
    }

    /** As an inspection shows it, or as a list does: without the time of its start and what else a list leaves out. */
    Container view(boolean full) {
        return new Container(
                id,
                name,
                labels,
                state,
                exitCode,
                full ? Optional.ofNullable(startedAt) : Optional.empty(),
                full ? restarts : 0,
                false,
                imageId,
                volumes,
                verdict,
                full ? restart : "",
                Optional.of(networks()));
    }

    /** The networks that it is attached to. */
    Set<String> networks() {
        Set<String> all = new HashSet<>(joined.keySet());
        if (attached && !network.isEmpty()) {
            all.add(network);
        }
        return all;
    }

    /** The engine's word for its health: nothing before the first interval is over, then what its check says. */
    void judge(Instant now, Optional<Healthcheck> check) {
        Instant start = startedAt;
        if (check.isEmpty() || start == null || !running()) {
            verdict = Container.Verdict.NONE;
            return;
        }
        Duration ran = Duration.between(start, now);
        Duration patience = check.get()
                .startPeriod()
                .plus(check.get().interval().multipliedBy(check.get().retries()));
        verdict = ran.compareTo(check.get().interval()) < 0
                ? Container.Verdict.STARTING
                : !ill && behaviour.healthyAt(ran)
                        ? Container.Verdict.HEALTHY
                        : ran.compareTo(patience) < 0 ? Container.Verdict.STARTING : Container.Verdict.UNHEALTHY;
    }
}
