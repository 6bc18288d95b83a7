package org.portolan.engine.docker;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

/** A Docker Engine. */
public final class DockerEngine implements Engine {
    private static final Pattern REMAPPED = Pattern.compile("/(\\d{1,9})\\.(\\d{1,9})/?$");

    private final Calls calls;
    private final Containers containers;
    private final Archives archives;
    private final VolumeArchives volumeArchives;
    private final Networks networks;
    private final ImageCalls images;
    private final ExecCalls commands;
    private final Logs logs;
    private final SameMachine sameMachine;

    private DockerEngine(Calls calls) {
        this.calls = calls;
        this.sameMachine = new SameMachine(calls);
        this.containers = new Containers(calls);
        this.archives = new Archives(calls);
        this.volumeArchives = new VolumeArchives(calls);
        this.networks = new Networks(calls);
        this.images = new ImageCalls(calls);
        this.commands = new ExecCalls(calls);
        this.logs = new Logs(calls, containers);
    }

    /** Has the JDK load what a local engine's socket needs, beside the caller's work. */
    public static void warmUp() {
        UnixSocketHttpClient.warmUp();
    }

    /**
     * An engine that is not spoken to before it is used.
     *
     * @param deadline the longest time that an ordinary call may take; a stop may take its grace besides, a pull as long
     *     as it continues
     */
    public static DockerEngine connect(DockerEndpoint endpoint, Duration deadline) {
        return new DockerEngine(new Calls(endpoint, deadline));
    }

    @Override
    public EngineInfo info() {
        DockerJson info = calls.get("cannot get the engine's information", "/info");
        DockerEndpoint endpoint = calls.endpoint();
        return new EngineInfo(
                endpoint.address(),
                info.at("ID").text(),
                info.at("ServerVersion").text(),
                calls.version().toString(),
                local(),
                remapped(info));
    }

    /** An engine that maps users keeps everything under a folder that is named after its root: {@code …/100000.100000}. */
    private static Optional<EngineInfo.Owner> remapped(DockerJson info) {
        boolean maps = false;
        for (DockerJson option : info.at("SecurityOptions").items()) {
            maps |= option.text().startsWith("name=userns");
        }
        Matcher owner = REMAPPED.matcher(info.at("DockerRootDir").text());
        return maps && owner.find()
                ? Optional.of(new EngineInfo.Owner(Integer.parseInt(owner.group(1)), Integer.parseInt(owner.group(2))))
                : Optional.empty();
    }

    @Override
    public boolean accepts() {
        return calls.accepts();
    }

    @Override
    public List<String> missingCalls() {
        return containers.updates()
                ? List.of()
                : List.of("to change a container's restart policy (POST /containers/NAME/update)");
    }

    @Override
    public Observation observe() {
        return new Observer(calls).observe();
    }

    @Override
    public Collection<Container> containers() {
        return new Observer(calls).listed();
    }

    @Override
    public Collection<Container> containers(Set<String> ids) {
        return new Observer(calls).listed(ids);
    }

    @Override
    public boolean local() {
        return calls.endpoint().local() || sameMachine.get();
    }

    @Override
    public Optional<Container> inspect(String container) {
        return containers.inspect(container);
    }

    @Override
    public List<Container> labelled(String label, String value) {
        return new Inspections(calls).labelled(label, value);
    }

    @Override
    public List<Inspection> inspections(String label, String value) {
        return new Inspections(calls).inspections(label, value);
    }

    @Override
    public Optional<ContainerOrigin> made(String container) {
        return containers.details(container).map(details -> Recreation.of(details, images.config(details)));
    }

    @Override
    public Optional<Image> image(String reference) {
        return images.image(reference);
    }

    @Override
    public Image pull(String reference, Optional<Platform> platform, Consumer<String> progress) {
        return images.pull(reference, platform, progress);
    }

    @Override
    public boolean offered(String reference) {
        return images.offered(reference);
    }

    @Override
    public boolean removeImage(String id) {
        return images.remove(id);
    }

    @Override
    public void requireNetwork(NetworkSpec network) {
        networks.require(network);
    }

    @Override
    public Network ensureNetwork(NetworkSpec network) {
        return networks.ensure(network);
    }

    @Override
    public void removeNetwork(String name) {
        networks.remove(name);
    }

    @Override
    public void connect(String container, String network, List<String> aliases) {
        networks.connect(container, network, aliases);
    }

    @Override
    public void ensureVolume(VolumeSpec volume) {
        networks.ensureVolume(volume);
    }

    @Override
    public void removeVolume(String name) {
        networks.removeVolume(name);
    }

    @Override
    public SortedMap<String, SortedSet<String>> volumeUsers() {
        return new Observer(calls).volumeUsers();
    }

    @Override
    public String create(ContainerSpec container) {
        return containers.create(container);
    }

    @Override
    public void put(String container, String folder, List<ContainerFile> files) {
        archives.put(container, folder, files);
    }

    @Override
    public void replace(String container, String folder, List<ContainerFile> files) {
        new FileReplacement(archives, commands).replace(container, folder, files);
    }

    @Override
    public Optional<List<ContainerFile>> files(String container, String path, int most) {
        return archives.files(container, path, most);
    }

    @Override
    public void readVolume(String volume, Map<String, String> labels, ArchiveReader to) throws IOException {
        volumeArchives.read(volume, labels, to);
    }

    @Override
    public void writeVolume(String volume, Map<String, String> labels, InputStream archive) throws IOException {
        volumeArchives.write(volume, labels, archive);
    }

    @Override
    public void start(String container) {
        containers.start(container);
    }

    @Override
    public void stop(String container, Optional<String> signal, Duration grace) {
        containers.stop(container, signal, grace);
    }

    @Override
    public void remove(String container, boolean force, boolean unnamed) {
        containers.remove(container, force, unnamed);
    }

    @Override
    public void rename(String container, String name) {
        containers.rename(container, name);
    }

    @Override
    public void unpause(String container) {
        containers.unpause(container);
    }

    @Override
    public Optional<ContainerSettings> settings(String container) {
        return containers.details(container).map(Containers::settings);
    }

    @Override
    public void setRestart(String container, String policy) {
        containers.setRestart(container, policy);
    }

    @Override
    public ExecResult exec(String container, List<String> command, Map<String, String> env, Duration deadline) {
        return commands.exec(container, command, env, deadline);
    }

    @Override
    public int attach(String container, List<String> command, CommandStreams streams) {
        return commands.attach(container, command, streams);
    }

    @Override
    public int run(String container, CommandStreams streams) {
        return commands.run(container, streams);
    }

    @Override
    public List<String> tail(String container, int lines) {
        return logs.tail(container, lines);
    }

    @Override
    public AutoCloseable logs(String container, Optional<Instant> since, int tail, boolean follow, LogLine line) {
        return logs.logs(container, since, tail, follow, line);
    }

    @Override
    public AutoCloseable events(Consumer<EngineEvent> listener) {
        return Events.follow(calls, Events.CONTAINERS, listener);
    }

    @Override
    public AutoCloseable networkEvents(Consumer<NetworkEvent> listener) {
        return Events.follow(
                calls,
                Events.NETWORKS,
                event -> listener.accept(new NetworkEvent(
                        event.at(),
                        event.action(),
                        event.container(),
                        event.attributes().getOrDefault(Events.CONTAINER, ""))));
    }

    @Override
    public void close() {
        calls.close();
    }
}
