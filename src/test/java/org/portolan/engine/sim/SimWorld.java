package org.portolan.engine.sim;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.Engine.ExecResult;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.Platform;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.ContainerSpec.Publish;
import org.portolan.model.container.Image;
import org.portolan.model.container.Image.Healthcheck;
import org.portolan.model.container.Network;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.ComposeProject;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.CheckRequest;
import org.portolan.model.service.ServiceFile;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.sim.VirtualClock;

/** The machine behind a {@link SimEngine}: its images and registry, what others run on it, and what happens to it. */
public final class SimWorld {
    final Map<String, Network> networks = new TreeMap<>();
    final Map<String, VolumeSpec> volumes = new TreeMap<>();
    private final Map<String, Map<String, ContainerFile>> volumeFiles = new TreeMap<>();
    /** Whether others' networks have taken every subnet. */
    public boolean poolFull;

    /** The same, from after it was asked whether there is room. */
    public boolean poolFillsUp;

    /** Calls that the engine does not have. */
    public List<String> missingCalls = List.of();

    private final VirtualClock clock;
    private final Teller teller;
    private final NetworkTeller networkTeller;
    private final SimDatabases databases = new SimDatabases();
    private final Map<String, SimContainer> containers = new LinkedHashMap<>();
    private final Map<String, Container> foreign = new LinkedHashMap<>();
    private final Map<String, Image> images = new TreeMap<>();
    private final Map<String, Image> registry = new TreeMap<>();
    private final Map<String, Behaviour> behaviours = new TreeMap<>();
    private final Map<String, Healthcheck> checks = new TreeMap<>();
    private final Map<String, List<String>> declared = new TreeMap<>();
    private final Map<String, Platform> platforms = new HashMap<>();
    private final Set<String> occupied = new HashSet<>();
    /** What jobs do, by their command; each container made takes the next, and the last stays. */
    private final Map<String, List<Behaviour>> jobs = new TreeMap<>();

    private final Map<String, Integer> jobStarts = new TreeMap<>();
    private final Set<String> jobsCompleted = new TreeSet<>();
    private final List<String> jobsAgain = new ArrayList<>();
    private int made;
    private boolean down;

    /** Gets what happens to containers. */
    interface Teller {
        void tell(Instant at, String action, SimContainer container);
    }

    /** Gets what happens to networks. */
    interface NetworkTeller {
        void tell(String action, String network, @Nullable SimContainer container);
    }

    SimWorld(VirtualClock clock, Teller teller, NetworkTeller networkTeller) {
        this.clock = clock;
        this.teller = teller;
        this.networkTeller = networkTeller;
    }

    /** An image that is present; containers made of it, by reference or by the returned id, behave so. */
    public String image(String reference, Behaviour behaviour, Integer... exposed) {
        Image image = offer(reference, behaviour, exposed);
        images.put(reference, image);
        images.put(image.id(), image);
        return image.id();
    }

    /** An image that can be pulled. */
    public String registry(String reference, Behaviour behaviour, Integer... exposed) {
        Image made = offer(reference, behaviour, exposed);
        String digest = repository(reference) + "@sha256:" + hex(++this.made);
        Image image = new Image(made.id(), List.of(), List.of(digest), made.exposedPorts(), Optional.empty());
        registry.put(reference, image);
        registry.put(digest, image);
        behaviours.put(digest, behaviour);
        return image.id();
    }

    /** The same reference for another platform, in the registry alone. */
    public String registry(String reference, Platform platform, Behaviour behaviour) {
        Image image = offer(reference, behaviour);
        registry.put(reference + " " + platform, image);
        platforms.put(image.id(), platform);
        return image.id();
    }

    /** Lets a present image say what it is built for. */
    public void builtFor(String reference, Platform platform) {
        platforms.put(Objects.requireNonNull(images.get(reference)).id(), platform);
    }

    private static String repository(String reference) {
        int colon = reference.lastIndexOf(':');
        return colon > reference.lastIndexOf('/') ? reference.substring(0, colon) : reference;
    }

    /** Lets a present image declare volumes at paths. */
    public void declareVolumes(String reference, String... paths) {
        declared.put(Objects.requireNonNull(images.get(reference)).id(), List.of(paths));
    }

    /**
     * Somebody takes a container off its network.
     *
     * @param attachable whether it can be attached again
     */
    public void disconnect(String container, boolean attachable) {
        SimContainer found = find(container).orElseThrow();
        found.attached = false;
        found.attachable = attachable;
        networkTeller.tell("disconnect", found.network, found);
    }

    /** Somebody takes a container off a network of another deployment. */
    public void disconnect(String container, String network) {
        SimContainer found = find(container).orElseThrow();
        if (found.network.equals(network)) {
            found.attached = false;
        } else {
            found.joined.remove(network);
        }
        networkTeller.tell("disconnect", network, found);
    }

    /** The names that a container has in a network of another deployment. */
    public List<String> joinedAs(String container, String network) {
        return find(container).orElseThrow().joined.getOrDefault(network, List.of());
    }

    /** Somebody takes everything off a network and removes it. */
    public void dropNetwork(String name) {
        containers.values().stream()
                .filter(container -> container.networks().contains(name))
                .forEach(container -> networkTeller.tell("disconnect", name, container));
        containers.values().stream()
                .filter(container -> container.network.equals(name))
                .forEach(container -> container.attached = false);
        containers.values().forEach(container -> container.joined.remove(name));
        networkTeller.tell("destroy", name, null);
        networks.remove(name);
    }

    /** Lets every container have its image's volumes as Portolan left them up to commit 1ce5309: named by the engine. */
    public void forgetVolumeNames() {
        for (SimContainer container : containers.values()) {
            Map<String, String> renamed = new TreeMap<>(container.volumes);
            for (String path : declared.getOrDefault(container.imageId, List.of())) {
                String name = hex(++made);
                volumes.remove(renamed.put(path, name));
                volumes.put(name, new VolumeSpec(name, Map.of(), "local", Map.of()));
            }
            container.volumes = renamed;
        }
    }

    /** Calls a present image by one more name. */
    public void tag(String reference, String name) {
        images.put(name, Objects.requireNonNull(images.get(reference)));
    }

    private Image offer(String reference, Behaviour behaviour, Integer... exposed) {
        String id = "sha256:" + hex(++made);
        behaviours.put(reference, behaviour);
        behaviours.put(id, behaviour);
        return new Image(id, List.of(), List.of(), List.of(exposed), Optional.empty());
    }

    /** Takes an address and port of the machine, as a process outside of Docker does. */
    public void occupy(String address, int port) {
        occupied.add(address + ":" + port);
    }

    /** A running container that is foreign, or another installation's. */
    public void foreign(String name, Map<String, String> labels, Publish... ports) {
        SimContainer container = new SimContainer(
                hex(++made), name, labels, "sha256:foreign", Behaviour.GOOD, List.of(ports), "", Map.of(), "no");
        container.start(clock.instant());
        containers.put(container.id, container);
        foreign.put(container.id, container.view(true));
    }

    /** A running container of a Compose project that mounts a volume; returns its id. */
    public String compose(String project, String service, String volume, Publish... ports) {
        Map<String, String> labels = Map.of(ComposeProject.PROJECT, project, ComposeProject.SERVICE, service);
        SimContainer container = new SimContainer(
                hex(++made),
                project + "_" + service + "_1",
                labels,
                "sha256:foreign",
                Behaviour.GOOD,
                List.of(ports),
                "",
                volume.isEmpty() ? Map.of() : Map.of("/data", volume),
                "unless-stopped");
        if (!volume.isEmpty()) {
            volumes.putIfAbsent(volume, new VolumeSpec(volume, Map.of(), "local", Map.of()));
        }
        container.start(clock.instant());
        containers.put(container.id, container);
        return container.id;
    }

    /** Somebody's container, which Portolan knows nothing of, mounts a volume. */
    public void foreignUse(String name, String volume) {
        SimContainer container = new SimContainer(
                hex(++made), name, Map.of(), "sha256:foreign", Behaviour.GOOD, List.of(), "", Map.of(), "no");
        container.volumes = Map.of("/data", volume);
        containers.put(container.id, container);
    }

    /** Whether every foreign container is as it was made. */
    public boolean foreignUntouched() {
        settle();
        return foreign.entrySet().stream().allMatch(entry -> find(entry.getKey())
                .filter(now -> now.view(true).equals(entry.getValue()))
                .isPresent());
    }

    /** A container's process dies now. */
    public void kill(String container, int exitCode) {
        settle();
        SimContainer victim = find(container).orElseThrow();
        if (victim.running()) {
            victim.ended(clock.instant(), exitCode, (at, action) -> teller.tell(at, action, victim));
        }
    }

    /** Somebody changes a container by hand, and the engine tells of it. */
    private void byHand(String container, String action, java.util.function.Consumer<SimContainer> change) {
        settle();
        SimContainer found = find(container).orElseThrow();
        change.accept(found);
        teller.tell(clock.instant(), action, found);
    }

    /** Somebody pauses a container. */
    public void pause(String container) {
        byHand(container, "pause", SimContainer::pause);
    }

    /** Somebody gives a container another name. */
    public void rename(String container, String name) {
        byHand(container, "rename", found -> found.name = name);
    }

    /** Somebody gives a container another restart policy. */
    public void restartPolicy(String container, String policy) {
        byHand(container, "update", found -> found.restart = policy);
    }

    /** Somebody limits a container's memory. */
    public void limit(String container, long memory) {
        byHand(container, "update", found -> found.memoryByHand = memory);
    }

    /** The checks of a container that runs fail from now on, or pass again. */
    public void ill(String container, boolean ill) {
        settle();
        find(container).orElseThrow().ill = ill;
    }

    /** Somebody runs a container with all labels of another one. */
    public void copy(String container, String name) {
        settle();
        SimContainer original = find(container).orElseThrow();
        SimContainer copy = new SimContainer(
                hex(++made),
                name,
                original.labels,
                original.imageId,
                original.behaviour,
                List.of(),
                original.network,
                Map.of(),
                original.restart);
        copy.spec = original.spec;
        copy.start(clock.instant());
        containers.put(copy.id, copy);
        teller.tell(clock.instant(), "start", copy);
    }

    /** Somebody removes a container behind Portolan's back. */
    public void vanish(String container) {
        find(container).ifPresent(this::discard);
    }

    /** From now on no call is answered; what runs continues. */
    public void down() {
        down = true;
    }

    public void up() {
        down = false;
    }

    boolean isDown() {
        return down;
    }

    /** The engine restarts: every container ends, and those with such a restart policy come back. */
    public void restart() {
        settle();
        for (SimContainer container : List.copyOf(containers.values())) {
            if (container.running()) {
                container.ended(clock.instant(), 255, (at, action) -> teller.tell(at, action, container));
            }
        }
        down = false;
    }

    /** What a check of the health alone is answered; see {@link #answer(String, int, Optional)}. */
    public HealthAnswer answer(String container, int hostPort) {
        return answer(container, hostPort, Optional.of(Health.once("/", "", new TreeMap<>(), Duration.ofSeconds(1))));
    }

    /**
     * What a check is answered: passed, or why not.
     *
     * @param container id or name
     * @param hostPort the published port that is asked; 0 for a check inside the container
     * @param check empty: a connection is made, no more
     */
    public HealthAnswer answer(String container, int hostPort, Optional<Health> check) {
        settle();
        Optional<SimContainer> found = find(container);
        if (found.isEmpty() || !found.get().running()) {
            return new HealthAnswer(false, "connection refused");
        }
        Behaviour behaviour = found.get().behaviour;
        boolean published = hostPort == 0 || found.get().ports.stream().anyMatch(port -> port.hostPort() == hostPort);
        if (!published || (hostPort != 0 && behaviour.wrongPort())) {
            return new HealthAnswer(false, "connection refused");
        }
        if (check.isEmpty() || check.get().type() == Health.Type.TCP) {
            return new HealthAnswer(true, "");
        }
        String host = CheckRequest.of(check.get()).headers().getFirst().value();
        if (check.get().type() == Health.Type.HTTP
                && behaviour.onlyHost().filter(only -> !only.equals(host)).isPresent()) {
            return new HealthAnswer(false, "400");
        }
        boolean healthy = found.get().healthy(clock.instant());
        return new HealthAnswer(healthy, healthy ? "200" : "503");
    }

    /** A check's answer. */
    public record HealthAnswer(boolean passed, String text) {}

    /** Every container as an inspection shows it, in the order in which they were made. */
    public List<Container> all() {
        settle();
        List<Container> all = new ArrayList<>();
        containers.values().forEach(container -> all.add(container.view(true)));
        return all;
    }

    public Set<String> volumeNames() {
        return Set.copyOf(volumes.keySet());
    }

    /** Brings every container up to the present. */
    public void settle() {
        for (SimContainer container : List.copyOf(containers.values())) {
            container.settle(clock.instant(), (at, action) -> teller.tell(at, action, container));
            Container shown = container.view(false);
            if (!jobKey(container).isEmpty() && shown.state() == Container.State.EXITED && shown.exitCode() == 0) {
                jobsCompleted.add(jobKey(container) + " " + shown.label(Labels.HASH));
            }
            container.judge(clock.instant(), Optional.ofNullable(checks.get(container.imageId)));
        }
    }

    /** Gives an image a {@code HEALTHCHECK}. */
    public void checks(String reference, Healthcheck check) {
        checks.put(Objects.requireNonNull(images.get(reference)).id(), check);
    }

    /** The process of every container prints a line. */
    public void print(String line) {
        containers().forEach(container -> container.log.add(line));
    }

    List<SimContainer> containers() {
        return List.copyOf(containers.values());
    }

    Optional<SimContainer> find(String idOrName) {
        SimContainer byId = containers.get(idOrName);
        return byId != null ? Optional.of(byId) : named(idOrName);
    }

    Optional<SimContainer> named(String name) {
        return containers.values().stream()
                .filter(container -> container.name.equals(name))
                .findFirst();
    }

    Optional<Image> image(String reference) {
        return Optional.ofNullable(images.get(reference))
                .map(image -> new Image(
                        image.id(),
                        tags(image.id()),
                        image.digests(),
                        image.exposedPorts(),
                        image.stopSignal(),
                        declared.getOrDefault(image.id(), List.of()),
                        Optional.ofNullable(checks.get(image.id())),
                        Optional.ofNullable(platforms.get(image.id()))));
    }

    private List<String> tags(String id) {
        return images.entrySet().stream()
                .filter(entry -> entry.getValue().id().equals(id))
                .map(Map.Entry::getKey)
                .filter(name -> !name.startsWith("sha256:") && !name.contains("@"))
                .toList();
    }

    boolean removeImage(String id) {
        boolean used = containers.values().stream().anyMatch(container -> container.imageId.equals(id));
        return !used
                && tags(id).size() < 2
                && images.values().removeIf(image -> image.id().equals(id));
    }

    boolean offers(String reference) {
        return registry.containsKey(reference);
    }

    boolean pull(String reference, Optional<Platform> platform) {
        Image image =
                platform.map(wanted -> registry.get(reference + " " + wanted)).orElseGet(() -> registry.get(reference));
        if (image != null) {
            images.put(reference, image);
            images.put(image.id(), image);
            image.digests().forEach(digest -> images.put(digest, image));
        }
        return image != null;
    }

    SimContainer make(ContainerSpec spec) {
        Map<String, String> mounted = new TreeMap<>();
        Set<String> targets = new HashSet<>();
        Set<String> unnamed = new HashSet<>();
        for (ContainerSpec.Mount mount : spec.mounts()) {
            targets.add(mount.target());
            if (mount.volume()) {
                String name = mount.source().isEmpty() ? hex(++made) : mount.source();
                mounted.put(mount.target(), name);
                volumes.putIfAbsent(name, new VolumeSpec(name, mount.labels(), "local", Map.of()));
                if (mount.source().isEmpty()) {
                    unnamed.add(name);
                }
            }
        }
        for (String path : image(spec.image()).orElseThrow().volumes()) {
            if (targets.add(path)) {
                String name = hex(++made);
                mounted.put(path, name);
                unnamed.add(name);
                volumes.put(name, new VolumeSpec(name, Map.of(), "local", Map.of()));
            }
        }
        SimContainer container = new SimContainer(
                hex(++made),
                spec.name(),
                spec.labels(),
                image(spec.image()).orElseThrow().id(),
                behaviour(spec),
                spec.publish(),
                spec.network(),
                mounted,
                spec.restart());
        container.spec = spec;
        container.unnamed.addAll(unnamed);
        container.content = () -> filesOf(container);
        containers.put(container.id, container);
        teller.tell(clock.instant(), "create", container);
        return container;
    }

    /** What the containers of jobs with this command do, the first attempt first. */
    public void job(String command, Behaviour... attempts) {
        jobs.put(command, new ArrayList<>(List.of(attempts)));
    }

    /** The databases of the world's only server; they are in a volume. */
    public SimDatabases databases() {
        return databases;
    }

    /** How often a job was started: {@code web/2/Schema}. */
    public int jobStarts(String job) {
        return jobStarts.getOrDefault(job, 0);
    }

    /** Whether it was completed. */
    public boolean jobCompleted(String job) {
        settle();
        return jobsCompleted.stream().anyMatch(completed -> completed.startsWith(job + " "));
    }

    /** Jobs that were started after they had completed. */
    public List<String> jobsAgain() {
        return List.copyOf(jobsAgain);
    }

    void jobStarts(SimContainer container) {
        String key = jobKey(container);
        if (!key.isEmpty()) {
            jobStarts.merge(key, 1, Integer::sum);
            if (jobsCompleted.contains(key + " " + container.labels.get(Labels.HASH))) {
                jobsAgain.add(key);
            }
        }
    }

    private static String jobKey(SimContainer container) {
        String job = container.labels.getOrDefault(Labels.JOB, "");
        return job.isEmpty()
                ? ""
                : container.labels.getOrDefault(Labels.SERVICE, "") + "/"
                        + container.labels.getOrDefault(Labels.VERSION, "") + "/" + job;
    }

    private Behaviour behaviour(ContainerSpec spec) {
        if (!spec.labels().containsKey(Labels.JOB)) {
            return behaviours.getOrDefault(spec.image(), Behaviour.GOOD);
        }
        List<Behaviour> attempts = jobs.getOrDefault(String.join(" ", spec.command()), List.of());
        return attempts.isEmpty()
                ? Behaviour.exitsAfter(Duration.ofSeconds(1), 0)
                : attempts.size() == 1 ? attempts.getFirst() : attempts.removeFirst();
    }

    /** The files in a volume, by their paths below it. */
    Map<String, ContainerFile> volumeFiles(String volume) {
        return volumeFiles.computeIfAbsent(volume, name -> new TreeMap<>());
    }

    void put(SimContainer container, ContainerFile file) {
        String mount = mount(container, file.path());
        if (mount.isEmpty()) {
            container.files.put(file.path(), file);
        } else {
            String below = file.path().substring(mount.length());
            volumeFiles(Objects.requireNonNull(container.volumes.get(mount))).put(below, at(below, file));
        }
    }

    /** All files that were put into a container and its volumes. */
    Map<String, ContainerFile> filesOf(SimContainer container) {
        Map<String, ContainerFile> files = new TreeMap<>(container.files);
        container.volumes.forEach((mount, volume) ->
                volumeFiles(volume).forEach((below, file) -> files.put(mount + below, at(mount + below, file))));
        return files;
    }

    /** Whether a command lets a process load its files again. */
    static boolean reloads(List<String> command) {
        return !command.isEmpty()
                && (command.getLast().startsWith("kill -") || command.getFirst().equals("reload"));
    }

    /**
     * The process loads its files. It refuses one with the word {@code refused}, ends for one with {@code crashes}, takes
     * longer than anybody waits for one with {@code hangs}, and is unhealthy with one with {@code breaks}.
     */
    ExecResult reload(SimContainer container, Duration deadline) {
        String all = String.join(
                "\n", filesOf(container).values().stream().map(SimWorld::text).toList());
        if (all.contains("refused")) {
            return new ExecResult(1, "unknown directive\nthe configuration test failed\n");
        }
        if (all.contains("hangs")) {
            clock.advance(deadline);
            return new ExecResult(124, "", true);
        }
        container.loaded = new TreeMap<>(filesOf(container));
        if (all.contains("crashes")) {
            kill(container.id, 1);
        }
        return new ExecResult(0, "");
    }

    /** What the process of a container has loaded of a file; "" for nothing. */
    public String loaded(String container, String path) {
        return Optional.ofNullable(find(container).orElseThrow().loaded.get(path))
                .map(SimWorld::text)
                .orElse("");
    }

    /** What is in a file of a container; "" for no file. */
    public String content(String container, String path) {
        return Optional.ofNullable(filesOf(find(container).orElseThrow()).get(path))
                .map(SimWorld::text)
                .orElse("");
    }

    static String text(ContainerFile file) {
        return new String(file.content(), StandardCharsets.UTF_8);
    }

    private static ContainerFile at(String path, ContainerFile file) {
        return new ContainerFile(path, file.mode(), file.user(), file.group(), file.content());
    }

    private static String mount(SimContainer container, String path) {
        String mount = "";
        for (String target : container.volumes.keySet()) {
            mount = ServiceFile.within(path, target) && target.length() > mount.length() ? target : mount;
        }
        return mount;
    }

    void discard(SimContainer container) {
        containers.remove(container.id);
    }

    Network makeNetwork(NetworkSpec spec) {
        String[] parts = spec.pool().split("[./]", -1);
        int index = ++made % 250;
        String start = parts[0] + "." + parts[1] + "." + index + ".";
        Network network = new Network(hex(made), spec.name(), spec.labels(), start + "0/" + spec.prefix(), start + "1");
        networks.put(spec.name(), network);
        return network;
    }

    /** What the engine finds only at the start: the network, the ports, the command. */
    void checkStart(SimContainer container) {
        String what = "cannot start " + container.name + ": ";
        if (!container.network.isEmpty() && !networks.containsKey(container.network)) {
            throw SimEngine.failure(Reason.REFUSED, what + "network " + container.network + " not found");
        }
        for (String joined : container.joined.keySet()) {
            if (!networks.containsKey(joined)) {
                throw SimEngine.failure(Reason.REFUSED, what + "network " + joined + " not found");
            }
        }
        for (Publish port : container.ports) {
            if (occupied.contains(port.hostAddress() + ":" + port.hostPort())) {
                throw SimEngine.failure(Reason.IN_USE, what + port + ": address already in use");
            }
            for (SimContainer other : containers.values()) {
                if (other != container
                        && other.running()
                        && other.ports.stream().anyMatch(used -> clash(used, port))) {
                    throw SimEngine.failure(Reason.IN_USE, what + port.hostPort() + ": port is already allocated");
                }
            }
        }
        container.behaviour.startFails().ifPresent(why -> {
            throw SimEngine.failure(Reason.REFUSED, what + why);
        });
    }

    private static boolean clash(Publish one, Publish other) {
        boolean sameAddress = one.hostAddress().equals(other.hostAddress())
                || wildcard(one.hostAddress())
                || wildcard(other.hostAddress());
        return one.hostPort() == other.hostPort() && sameAddress;
    }

    private static boolean wildcard(String address) {
        return address.isEmpty() || address.equals("0.0.0.0");
    }

    private static String hex(int number) {
        return String.format("%064x", number);
    }
}
