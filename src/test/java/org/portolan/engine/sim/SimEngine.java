package org.portolan.engine.sim;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.Platform;
import org.portolan.model.container.CommandStreams;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.ContainerOrigin;
import org.portolan.model.container.ContainerSettings;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.EngineInfo;
import org.portolan.model.container.FileArchive;
import org.portolan.model.container.Image;
import org.portolan.model.container.Inspection;
import org.portolan.model.container.Network;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.container.Observation;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ServiceFile;
import org.portolan.sim.VirtualClock;

/**
 * An engine in memory that behaves as Docker does where Portolan depends on it. The same calls at the same times give the
 * same answers. What tests do to it, besides the port's calls, is {@link #world()}'s.
 */
public final class SimEngine implements Engine {
    /** What makes a container the one that was asked for. */
    private static final List<String> IDENTITY = List.of(
            Labels.INSTALLATION,
            Labels.DEPLOYMENT,
            Labels.SERVICE,
            Labels.VERSION,
            Labels.INSTANCE,
            Labels.HASH,
            Labels.JOB);

    private final VirtualClock clock;
    private final SimWorld world;
    private final List<Consumer<EngineEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<NetworkEvent>> networkListeners = new CopyOnWriteArrayList<>();
    private final List<Call> changes = new ArrayList<>();
    private Faults faults = Faults.NONE;

    public SimEngine(VirtualClock clock) {
        this.clock = clock;
        this.world = new SimWorld(clock, this::tell, this::tell);
    }

    /**
     * A call of the port.
     *
     * @param changes whether it changes something
     */
    public record Call(Instant at, String verb, String subject, boolean changes) {
        @Override
        public String toString() {
            return verb + " " + subject;
        }
    }

    /** The machine behind the engine: images, what others run on it, what happens to it. */
    public SimWorld world() {
        return world;
    }

    public synchronized void faults(Faults faults) {
        this.faults = faults;
    }

    /** Every change that took effect, in order: {@code create shop-web-1-1}, {@code start shop-web-1-1}, … */
    public synchronized List<Call> changes() {
        return List.copyOf(changes);
    }

    @Override
    public EngineInfo info() {
        return read("info", "", () -> new EngineInfo("sim://", "sim", "0", "1.41", true, Optional.empty()));
    }

    @Override
    public boolean accepts() {
        try {
            return read("accepts", "", () -> true);
        } catch (EngineException refused) {
            return false;
        }
    }

    @Override
    public List<String> missingCalls() {
        return read("missing-calls", "", () -> world.missingCalls);
    }

    @Override
    public boolean local() {
        return true;
    }

    @Override
    public Observation observe() {
        return read("observe", "", () -> {
            List<Container> ours = new ArrayList<>();
            Set<String> foreign = new HashSet<>();
            for (SimContainer container : world.containers()) {
                if (container.labels.containsKey(Labels.INSTALLATION)) {
                    ours.add(container.view(false));
                } else {
                    foreign.add(container.name);
                }
            }
            List<Network> networks = new ArrayList<>(world.networks.values());
            networks.removeIf(network -> !network.labels().containsKey(Labels.INSTALLATION));
            List<VolumeSpec> volumes = new ArrayList<>(world.volumes.values());
            volumes.removeIf(volume -> !volume.labels().containsKey(Labels.INSTALLATION));
            return new Observation(ours, networks, volumes, foreign);
        });
    }

    @Override
    public Optional<Container> inspect(String container) {
        return read("inspect", container, () -> world.find(container).map(found -> found.view(true)));
    }

    @Override
    public List<Container> labelled(String label, String value) {
        return read("labelled", value, () -> with(label, value).stream()
                .map(container -> container.view(false))
                .toList());
    }

    @Override
    public List<Inspection> inspections(String label, String value) {
        return read("inspections", value, () -> with(label, value).stream()
                .map(SimContainer::inspection)
                .toList());
    }

    private List<SimContainer> with(String label, String value) {
        return world.containers().stream()
                .filter(container -> value.equals(container.labels.get(label)))
                .sorted(java.util.Comparator.comparing((SimContainer container) -> container.name))
                .toList();
    }

    @Override
    public Optional<ContainerOrigin> made(String container) {
        return read("made", container, () -> world.find(container)
                .map(found -> found.made(
                        world.image(found.imageId).map(Image::volumes).orElse(List.of()))));
    }

    @Override
    public Optional<Image> image(String reference) {
        return read("image", reference, () -> world.image(reference));
    }

    @Override
    public Image pull(String reference, Optional<Platform> platform, Consumer<String> progress) {
        return change("pull", reference, () -> {
            if (!world.pull(reference, platform)) {
                throw failure(Reason.NOT_FOUND, "cannot pull " + reference + ": manifest unknown");
            }
            progress.accept("Pull complete");
            return world.image(reference).orElseThrow();
        });
    }

    @Override
    public boolean offered(String reference) {
        return read("offered", reference, () -> world.offers(reference));
    }

    @Override
    public boolean removeImage(String id) {
        return change("remove-image", id, () -> world.removeImage(id));
    }

    @Override
    public void requireNetwork(NetworkSpec spec) {
        read("require-network", spec.name(), () -> {
            if (world.poolFull && !world.networks.containsKey(spec.name())) {
                throw full(spec);
            }
            return true;
        });
    }

    private static EngineException full(NetworkSpec spec) {
        return failure(Reason.IN_USE, "cannot create the network " + spec.name() + ": no free subnet is left")
                .withHint("configure a larger network.pool");
    }

    @Override
    public Network ensureNetwork(NetworkSpec spec) {
        return change("network", spec.name(), () -> {
            Network present = world.networks.get(spec.name());
            if (present != null) {
                if (!owner(present.labels()).equals(owner(spec.labels()))) {
                    throw failure(Reason.CONFLICT, "the network " + spec.name() + " is somebody else's");
                }
                return present;
            }
            if (world.poolFull || world.poolFillsUp) {
                throw full(spec);
            }
            return world.makeNetwork(spec);
        });
    }

    @Override
    public void removeNetwork(String name) {
        change("remove-network", name, () -> {
            for (SimContainer container : world.containers()) {
                if (container.active() && container.networks().contains(name)) {
                    throw failure(Reason.CONFLICT, "cannot remove the network " + name + ": containers still use it");
                }
            }
            tell("destroy", name, null);
            return world.networks.remove(name);
        });
    }

    @Override
    public void connect(String container, String network, List<String> aliases) {
        change("connect", container, () -> {
            SimContainer found = world.find(container)
                    .orElseThrow(() -> failure(Reason.NOT_FOUND, "no such container: " + container));
            if (found.running() && !world.networks.containsKey(network)) {
                throw failure(Reason.NOT_FOUND, "network " + network + " not found");
            }
            if (!found.network.isEmpty() && !found.network.equals(network)) {
                found.joined.put(network, List.copyOf(aliases));
                tell("connect", network, found);
                return null;
            }
            if (!found.network.equals(network) || !found.attachable) {
                throw failure(Reason.REFUSED, "cannot attach " + container + ": its ports cannot be published");
            }
            found.attached = true;
            tell("connect", network, found);
            return null;
        });
    }

    @Override
    public void ensureVolume(VolumeSpec volume) {
        change("volume", volume.name(), () -> world.volumes.putIfAbsent(volume.name(), volume));
    }

    @Override
    public SortedMap<String, SortedSet<String>> volumeUsers() {
        return read("volume-users", "", () -> {
            SortedMap<String, SortedSet<String>> users = new TreeMap<>();
            world.volumes.keySet().forEach(name -> users.put(name, new TreeSet<>()));
            for (SimContainer container : world.containers()) {
                for (String volume : container.volumes.values()) {
                    users.computeIfAbsent(volume, name -> new TreeSet<>()).add(container.name);
                }
            }
            return users;
        });
    }

    @Override
    public void removeVolume(String name) {
        change("remove-volume", name, () -> {
            for (SimContainer container : world.containers()) {
                if (container.volumes.containsValue(name)) {
                    throw failure(Reason.CONFLICT, "cannot remove the volume " + name + ": volume is in use");
                }
            }
            world.volumeFiles(name).clear();
            return world.volumes.remove(name);
        });
    }

    @Override
    public String create(ContainerSpec spec) {
        return change("create", spec.name(), () -> {
            Optional<SimContainer> holder = world.named(spec.name());
            if (holder.isPresent()) {
                SimContainer other = holder.get();
                boolean same = IDENTITY.stream().allMatch(label -> other.labels
                        .getOrDefault(label, "")
                        .equals(spec.labels().getOrDefault(label, "")));
                Container.State state = other.view(false).state();
                if (same && (state == Container.State.CREATED || state == Container.State.RUNNING)) {
                    return other.id;
                }
                throw failure(Reason.CONFLICT, "cannot create " + spec.name() + ": the name is taken");
            }
            if (world.image(spec.image()).isEmpty()) {
                throw failure(Reason.NOT_FOUND, "cannot create " + spec.name() + ": No such image: " + spec.image());
            }
            return world.make(spec).id;
        });
    }

    @Override
    public void put(String name, String folder, List<ContainerFile> files) {
        put("put", name, folder, files);
    }

    @Override
    public void replace(String name, String folder, List<ContainerFile> files) {
        put("replace", name, folder, files);
    }

    private void put(String verb, String name, String folder, List<ContainerFile> files) {
        change(verb, name, () -> {
            SimContainer container = require("put files into", name);
            boolean readOnly = container.spec != null
                    && container.spec.spec().readOnlyRoot()
                    && !container.volumes.containsKey(folder);
            if (readOnly) {
                throw failure(
                        Reason.REFUSED, "cannot put files into " + name + ": container rootfs is marked read-only");
            }
            for (ContainerFile file : files) {
                String below = file.path() + "/";
                if (world.filesOf(container).keySet().stream().anyMatch(path -> path.startsWith(below))) {
                    throw failure(Reason.REFUSED, "cannot overwrite directory with non-directory");
                }
            }
            files.forEach(file -> world.put(container, file));
            return true;
        });
    }

    @Override
    public Optional<List<ContainerFile>> files(String name, String path, int most) {
        return read("files", name, () -> {
            List<ContainerFile> found = new ArrayList<>();
            world.filesOf(require("read the files of", name)).forEach((at, file) -> {
                if (ServiceFile.within(at, path)) {
                    found.add(file);
                }
            });
            if (found.stream().mapToInt(ContainerFile::size).sum() > most) {
                throw failure(Reason.REFUSED, "cannot read " + path + " of " + name + ": it is too large");
            }
            return found.isEmpty() ? Optional.empty() : Optional.of(found);
        });
    }

    @Override
    public void readVolume(String volume, Map<String, String> labels, ArchiveReader to) throws IOException {
        byte[] archive = read("read-volume", volume, () -> {
            requireVolume(volume);
            return FileArchive.write(List.copyOf(world.volumeFiles(volume).values()), "/", clock.instant());
        });
        to.read(new ByteArrayInputStream(archive));
    }

    @Override
    public void writeVolume(String volume, Map<String, String> labels, InputStream archive) throws IOException {
        List<ContainerFile> files = FileArchive.read(archive, "/", Integer.MAX_VALUE);
        change("write-volume", volume, () -> {
            requireVolume(volume);
            files.forEach(file -> world.volumeFiles(volume).put(file.path(), file));
            return true;
        });
    }

    private void requireVolume(String volume) {
        if (!world.volumes.containsKey(volume)) {
            throw failure(Reason.NOT_FOUND, "no such volume: " + volume);
        }
    }

    @Override
    public void start(String name) {
        change("start", name, () -> {
            SimContainer container = require("start", name);
            if (container.running()) {
                return false;
            }
            world.checkStart(container);
            world.jobStarts(container);
            container.start(clock.instant());
            tell(clock.instant(), "start", container);
            return true;
        });
    }

    @Override
    public void stop(String name, Optional<String> signal, Duration grace) {
        change("stop", name, () -> {
            Optional<SimContainer> found = world.find(name);
            if (found.isEmpty() || !found.get().active()) {
                return false;
            }
            SimContainer container = found.get();
            if (signal.filter("KILL"::equals).isPresent()) {
                container.stopped(137);
                tell(clock.instant(), "die", container);
                return true;
            }
            boolean obeys = !container.behaviour.ignoresTerm()
                    && container.behaviour.stopTakes().compareTo(grace) <= 0;
            clock.advance(obeys ? container.behaviour.stopTakes() : grace);
            container.stopped(obeys ? 0 : 137);
            tell(clock.instant(), "die", container);
            return true;
        });
    }

    @Override
    public void remove(String name, boolean force, boolean unnamed) {
        change("remove", name, () -> {
            Optional<SimContainer> found = world.find(name);
            if (found.isPresent() && found.get().active() && !force) {
                throw failure(Reason.CONFLICT, "cannot remove " + name + ": stop the container before");
            }
            found.ifPresent(container -> {
                if (container.running()) {
                    container.stopped(137);
                    tell(clock.instant(), "die", container);
                }
                world.discard(container);
                if (unnamed) {
                    container.unnamed.forEach(world.volumes::remove);
                }
                tell(clock.instant(), "destroy", container);
            });
            return found.isPresent();
        });
    }

    @Override
    public void rename(String name, String to) {
        change("rename", name + " " + to, () -> {
            Optional<SimContainer> target = world.named(to);
            Optional<SimContainer> found = world.find(name);
            if (found.isEmpty()
                    && target.isPresent()
                    && !owner(target.get().labels).isEmpty()) {
                return false;
            }
            SimContainer container = found.orElseThrow(() -> missing("rename", name));
            if (target.isPresent() && target.get() != container) {
                throw failure(Reason.CONFLICT, "cannot rename " + name + " to " + to + ": the name is taken");
            }
            container.name = to;
            return true;
        });
    }

    @Override
    public void unpause(String name) {
        change("unpause", name, () -> {
            Optional<SimContainer> paused = world.find(name).filter(SimContainer::paused);
            paused.ifPresent(container -> {
                container.unpause();
                tell(clock.instant(), "unpause", container);
            });
            return paused.isPresent();
        });
    }

    @Override
    public Optional<ContainerSettings> settings(String name) {
        return read("settings", name, () -> world.find(name).map(SimContainer::settings));
    }

    @Override
    public void setRestart(String name, String policy) {
        change("restart-policy", name, () -> {
            require("update", name).restart = policy;
            return true;
        });
    }

    @Override
    public ExecResult exec(String name, List<String> command, Map<String, String> env, Duration deadline) {
        if (SimWorld.reloads(command)) {
            return change("reload", name, () -> world.reload(running(name), deadline));
        }
        // What makes a database is a change like any other, and may be cut off like one.
        Call call = new Call(clock.instant(), "exec", name, env.containsKey(SimDatabases.MARK));
        return calling(call, () -> {
            SimContainer container = running(name);
            boolean healthy = container.healthy(clock.instant());
            if (env.containsKey(SimDatabases.MARK)) {
                return world.databases().answer(env);
            }
            return new ExecResult(healthy ? 0 : 1, healthy ? "" : "not healthy");
        });
    }

    /** What was run attached, in this order. */
    public final List<SimCommand> attached = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Override
    public int attach(String container, List<String> command, CommandStreams streams) {
        if (!SimCommand.known(command)) {
            return exec(container, command, Duration.ofSeconds(1)).exitCode();
        }
        // Such a command waits for others: nothing of the simulation is held meanwhile.
        read("exec", container, () -> running(container));
        return attached(new SimCommand(container, command, streams));
    }

    @Override
    public int run(String container, CommandStreams streams) {
        List<String> command = read("run", container, () -> world.find(container)
                .flatMap(found -> Optional.ofNullable(found.spec))
                .map(ContainerSpec::command)
                .filter(words -> !words.isEmpty())
                .orElse(List.of("")));
        start(container);
        return SimCommand.known(command) ? attached(new SimCommand(container, command, streams)) : 0;
    }

    private int attached(SimCommand command) {
        attached.add(command);
        return command.run();
    }

    @Override
    public List<String> tail(String name, int lines) {
        return read("tail", name, () -> {
            List<String> log = world.find(name).map(container -> container.log).orElse(List.of());
            return List.copyOf(log.subList(Math.max(0, log.size() - lines), log.size()));
        });
    }

    @Override
    public AutoCloseable logs(String name, Optional<Instant> since, int tail, boolean follow, LogLine line) {
        List<String> lines = read("logs", name, () -> {
            require("read the log of", name);
            return tail(name, tail);
        });
        lines.forEach(text -> line.accept(clock.instant(), false, text));
        return () -> {};
    }

    @Override
    public AutoCloseable events(Consumer<EngineEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public AutoCloseable networkEvents(Consumer<NetworkEvent> listener) {
        networkListeners.add(listener);
        return () -> networkListeners.remove(listener);
    }

    /** How many follow its events. */
    public int watchers() {
        return listeners.size();
    }

    @Override
    public void close() {
        listeners.clear();
        networkListeners.clear();
    }

    private synchronized <T> T calling(Call call, Supplier<T> work) {
        return call(call, work);
    }

    private synchronized <T> T read(String verb, String subject, Supplier<T> answer) {
        return call(new Call(clock.instant(), verb, subject, false), answer);
    }

    private synchronized <T> T change(String verb, String subject, Supplier<T> effect) {
        Call call = new Call(clock.instant(), verb, subject, true);
        return call(call, () -> {
            T result = effect.get();
            changes.add(call);
            return result;
        });
    }

    private <T> T call(Call call, Supplier<T> work) {
        Faults.Fate fate = faults.fate(call);
        clock.advance(fate.takes());
        world.settle();
        if (world.isDown() || fate.what() == Faults.What.FAILS) {
            throw failure(Reason.UNREACHABLE, "the simulated engine did not answer " + call);
        }
        return switch (fate.what()) {
            case GOOD, FAILS -> work.get();
            case ANSWER_LOST -> {
                T unused = work.get();
                throw failure(Reason.UNREACHABLE, "the simulated engine's answer to " + call + " was lost");
            }
            case TWICE -> {
                T first = work.get();
                try {
                    T unused = work.get();
                } catch (EngineException secondRefused) {
                    // The caller only hears of the first.
                }
                yield first;
            }
            case CRASH_BEFORE -> throw new Faults.Crash(call);
            case CRASH_AFTER -> {
                T unused = work.get();
                throw new Faults.Crash(call);
            }
        };
    }

    private SimContainer running(String name) {
        SimContainer container = require("run a command in", name);
        if (!container.running()) {
            throw failure(Reason.CONFLICT, "cannot run a command in " + name + ": it is not running");
        }
        return container;
    }

    private SimContainer require(String verb, String name) {
        return world.find(name).orElseThrow(() -> missing(verb, name));
    }

    private static EngineException missing(String verb, String name) {
        return failure(Reason.NOT_FOUND, "cannot " + verb + " " + name + ": No such container: " + name);
    }

    private void tell(Instant at, String action, SimContainer container) {
        if (container.labels.containsKey(Labels.INSTALLATION)) {
            Map<String, String> attributes = new TreeMap<>(container.labels);
            attributes.put("name", container.name);
            EngineEvent event = new EngineEvent(at, action, container.id, attributes);
            if (action.equals("start")) {
                container.networks().forEach(network -> tell("connect", network, container));
            }
            listeners.forEach(listener -> listener.accept(event));
            if (action.equals("die")) {
                container.networks().forEach(network -> tell("disconnect", network, container));
            }
        }
    }

    /** The engine tells of all networks, and does not say whose they are. */
    private void tell(String action, String network, @Nullable SimContainer container) {
        Network known = world.networks.get(network);
        if (known != null) {
            NetworkEvent event =
                    new NetworkEvent(clock.instant(), action, known.id(), container == null ? "" : container.id);
            networkListeners.forEach(listener -> listener.accept(event));
        }
    }

    static String owner(Map<String, String> labels) {
        return labels.getOrDefault(Labels.INSTALLATION, "");
    }

    static EngineException failure(Reason kind, String message) {
        return new EngineException(kind, message, Optional.empty());
    }
}
