package org.portolan.controller;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.portolan.engine.Engine;
import org.portolan.model.Platform;
import org.portolan.model.container.CommandStreams;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.ContainerOrigin;
import org.portolan.model.container.ContainerSettings;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.EngineInfo;
import org.portolan.model.container.Image;
import org.portolan.model.container.Inspection;
import org.portolan.model.container.Network;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.container.Observation;
import org.portolan.model.container.VolumeSpec;

/**
 * The engine as all runs of a leader use it at the same time: they share its lists, so that ten releases at once do not ask ten times
 * for all containers every few milliseconds. No caller is answered with a list that began before it asked ({@link SharedCall}): what a
 * release concludes from one holds as if it had asked alone. What a list does not tell of a container is kept until an event says that it
 * may have changed. All other calls are passed on; those that change something, only while the leader leads.
 */
public final class SharedEngine implements Engine {
    /** As long as a release waits between two looks while it waits for the proxy. */
    static final Duration GAP = Duration.ofMillis(20);

    private final Engine inner;
    private final Runnable allowed;
    private final SharedCall<Observation> observations;
    private final SharedCall<Collection<Container>> lists;
    private final KnownSettings settings;

    /** Shares the lists of an engine, which stays its opener's to close. */
    public SharedEngine(Engine inner) {
        this(inner, () -> {}, GAP);
    }

    /**
     * The same for one who may not change anything any more at some time.
     *
     * @param allowed fails then; asked before each change
     */
    SharedEngine(Engine inner, Runnable allowed) {
        this(inner, allowed, GAP);
    }

    SharedEngine(Engine inner, Duration gap) {
        this(inner, () -> {}, gap);
    }

    private SharedEngine(Engine inner, Runnable allowed, Duration gap) {
        this.inner = inner;
        this.allowed = allowed;
        observations = new SharedCall<>(inner::observe, gap);
        lists = new SharedCall<>(inner::containers, gap);
        settings = new KnownSettings(inner);
    }

    private Engine changing() {
        allowed.run();
        return inner;
    }

    /** An event of the engine's: what was known of its container may have changed, or of all when it names none. */
    void happened(EngineEvent event) {
        if (event.container().isEmpty()) {
            settings.forget();
        } else {
            settings.forget(event.container());
        }
    }

    /** A look at everything: what no event told of is asked for again. */
    void refresh() {
        settings.forget();
    }

    @Override
    public Observation observe() {
        return observations.get();
    }

    @Override
    public Collection<Container> containers() {
        return lists.get();
    }

    @Override
    public Collection<Container> containers(Set<String> ids) {
        return inner.containers(ids);
    }

    /** Closed by whoever opened it: several leaderships of a process use it one after the other. */
    @Override
    public void close() {
        // Above.
    }

    @Override
    public EngineInfo info() {
        return inner.info();
    }

    @Override
    public boolean accepts() {
        return inner.accepts();
    }

    @Override
    public List<String> missingCalls() {
        return inner.missingCalls();
    }

    @Override
    public boolean local() {
        return inner.local();
    }

    @Override
    public Optional<Container> inspect(String container) {
        return inner.inspect(container);
    }

    @Override
    public List<Container> labelled(String label, String value) {
        return inner.labelled(label, value);
    }

    @Override
    public List<Inspection> inspections(String label, String value) {
        return inner.inspections(label, value);
    }

    @Override
    public Optional<ContainerOrigin> made(String container) {
        return inner.made(container);
    }

    @Override
    public Optional<Image> image(String reference) {
        return inner.image(reference);
    }

    @Override
    public Image pull(String reference, Optional<Platform> platform, Consumer<String> progress) {
        return changing().pull(reference, platform, progress);
    }

    @Override
    public boolean offered(String reference) {
        return inner.offered(reference);
    }

    @Override
    public boolean removeImage(String id) {
        return changing().removeImage(id);
    }

    @Override
    public void requireNetwork(NetworkSpec network) {
        inner.requireNetwork(network);
    }

    @Override
    public Network ensureNetwork(NetworkSpec network) {
        return changing().ensureNetwork(network);
    }

    @Override
    public void removeNetwork(String name) {
        changing().removeNetwork(name);
    }

    @Override
    public void connect(String container, String network, List<String> aliases) {
        changing().connect(container, network, aliases);
    }

    @Override
    public void ensureVolume(VolumeSpec volume) {
        changing().ensureVolume(volume);
    }

    @Override
    public void removeVolume(String name) {
        changing().removeVolume(name);
    }

    @Override
    public SortedMap<String, SortedSet<String>> volumeUsers() {
        return inner.volumeUsers();
    }

    @Override
    public String create(ContainerSpec container) {
        return changing().create(container);
    }

    @Override
    public void put(String container, String folder, List<ContainerFile> files) {
        changing().put(container, folder, files);
    }

    @Override
    public void replace(String container, String folder, List<ContainerFile> files) {
        changing().replace(container, folder, files);
    }

    @Override
    public Optional<List<ContainerFile>> files(String container, String path, int most) {
        return inner.files(container, path, most);
    }

    @Override
    public void readVolume(String volume, Map<String, String> labels, ArchiveReader to) throws IOException {
        inner.readVolume(volume, labels, to);
    }

    @Override
    public void writeVolume(String volume, Map<String, String> labels, InputStream archive) throws IOException {
        changing().writeVolume(volume, labels, archive);
    }

    @Override
    public void start(String container) {
        changing().start(container);
    }

    @Override
    public void stop(String container, Optional<String> signal, Duration grace) {
        changing().stop(container, signal, grace);
    }

    @Override
    public void remove(String container, boolean force, boolean unnamed) {
        changing().remove(container, force, unnamed);
    }

    @Override
    public void rename(String container, String name) {
        changing().rename(container, name);
    }

    @Override
    public void unpause(String container) {
        changing().unpause(container);
    }

    @Override
    public Optional<ContainerSettings> settings(String container) {
        return settings.of(container);
    }

    @Override
    public void setRestart(String container, String policy) {
        try {
            changing().setRestart(container, policy);
        } finally {
            settings.forget(container);
        }
    }

    @Override
    public ExecResult exec(String container, List<String> command, Map<String, String> env, Duration deadline) {
        return changing().exec(container, command, env, deadline);
    }

    @Override
    public int attach(String container, List<String> command, CommandStreams streams) {
        return changing().attach(container, command, streams);
    }

    @Override
    public int run(String container, CommandStreams streams) {
        return changing().run(container, streams);
    }

    @Override
    public List<String> tail(String container, int lines) {
        return inner.tail(container, lines);
    }

    @Override
    public AutoCloseable logs(String container, Optional<Instant> since, int tail, boolean follow, LogLine line) {
        return inner.logs(container, since, tail, follow, line);
    }

    @Override
    public AutoCloseable events(Consumer<EngineEvent> listener) {
        return inner.events(listener);
    }

    @Override
    public AutoCloseable networkEvents(Consumer<NetworkEvent> listener) {
        return inner.networkEvents(listener);
    }
}
