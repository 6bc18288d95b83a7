package org.portolan.engine;

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
 * A container engine. Every call has a separate deadline and fails with {@link EngineException}; every change is
 * idempotent: asked again, it finds its work done. Calls may be made from many threads at once.
 */
public interface Engine extends AutoCloseable {

    /** Who the engine is; the cheapest call that proves that it answers. */
    EngineInfo info();

    /**
     * Whether it takes new connections. One that is being stopped does not, and still answers on those that it has while it
     * ends its containers: what is seen to have ended then has not ended by itself.
     */
    boolean accepts();

    /**
     * The calls that a release makes and this engine does not have, for people; none in Docker Engine 20.10 and newer.
     * Changes nothing: what is asked for does not exist.
     */
    List<String> missingCalls();

    /**
     * Everything on the engine that carries a Portolan label, whichever installation's, in as few calls as the engine
     * allows, with the names of all other containers (a name that is taken cannot be used).
     */
    Observation observe();

    /** The containers of {@link #observe()} alone: what a rollout asks for again and again. */
    default Collection<Container> containers() {
        return observe().containers();
    }

    /**
     * Those of {@link #containers()} that have one of these ids, in full as the engine gives them. An engine with a hundred
     * containers takes longer to list them all than to tell of a few.
     */
    default Collection<Container> containers(Set<String> ids) {
        return containers().stream()
                .filter(container -> ids.contains(container.id()))
                .toList();
    }

    /** Whether it runs on this machine: its folders and networks are this machine's. */
    boolean local();

    /** One container in full, by id or name; empty when there is none. */
    Optional<Container> inspect(String container);

    /** The containers with a label of this value, whoever made them, as {@link #containers()} shows them; by name. */
    List<Container> labelled(String label, String value);

    /** All that is known of the containers with a label of this value, whoever made them, and of their images; by name. */
    List<Inspection> inspections(String label, String value);

    /** How a container was made, by id or name; empty when there is none. */
    Optional<ContainerOrigin> made(String container);

    /** An image that is present, by reference or id; empty when it is not. */
    Optional<Image> image(String reference);

    /**
     * Fetches an image from its registry, with the credentials of Docker's configuration.
     *
     * @param progress gets a line for people now and then
     */
    default Image pull(String reference, Consumer<String> progress) {
        return pull(reference, Optional.empty(), progress);
    }

    /**
     * As {@link #pull(String, Consumer)}, the image of a platform.
     *
     * @param platform empty: the engine's own
     */
    Image pull(String reference, Optional<Platform> platform, Consumer<String> progress);

    /** Whether a registry says that it has the reference; nothing is fetched. False where none can be asked. */
    boolean offered(String reference);

    /**
     * Removes an image that nobody needs, with its tag. It stays when any container was made of it, runs or not, when it
     * has more than one tag or is known under several repositories' names, and when other images are built on it.
     *
     * @param id the engine's own id of it
     * @return whether it is gone because of this; false when it stays, or was not there
     */
    boolean removeImage(String id);

    /**
     * Fails as {@link #ensureNetwork} would where no subnet is left, whoever's networks filled the pool, or another's has the
     * name; makes nothing.
     */
    void requireNetwork(NetworkSpec network);

    /** Makes the network if there is none of that name; returns it with its gateway. */
    Network ensureNetwork(NetworkSpec network);

    void removeNetwork(String name);

    /**
     * Attaches a container to a network, known there by these names besides its own. The ports of one that runs are published
     * again; one that was not started is attached when it starts, which fails where the network is missing.
     */
    void connect(String container, String network, List<String> aliases);

    /** Makes the volume if there is none of that name. Nothing in Portolan removes a volume but a person's command. */
    void ensureVolume(VolumeSpec volume);

    void removeVolume(String name);

    /** Every volume of the engine by name, whoever made it, with the names of all containers that mount it, running or not. */
    SortedMap<String, SortedSet<String>> volumeUsers();

    /** Makes a container without starting it and returns its id; an equal one of that name is taken as made. */
    String create(ContainerSpec container);

    /**
     * Puts files into a container, whether it runs or not. What has their paths is replaced; missing folders are made. A file in
     * the place of a folder is refused.
     *
     * @param folder where to begin: a folder above all of them. Of a container with a read-only root file system only the
     *     folder of a volume can be written to
     */
    void put(String container, String folder, List<ContainerFile> files);

    /**
     * Replaces files of a running container as {@link #put} does; whoever reads one of them meanwhile gets the old or the new
     * content, never a part, where the container has a program {@code mv}.
     */
    void replace(String container, String folder, List<ContainerFile> files);

    /**
     * The regular files at a path of a container: a file, or all in and below a folder; empty when nothing is there.
     *
     * @param most how many bytes they may have in all; more is refused
     */
    Optional<List<ContainerFile>> files(String container, String path, int most);

    /**
     * Hands a volume's whole content over as a tar archive. No program is needed for it: a container that mounts the volume
     * and never runs is made for it, and removed. What writes to the volume meanwhile is not stopped.
     *
     * @param labels those of that container
     * @throws IOException what {@code to} throws, and where the engine ends in the middle
     */
    void readVolume(String volume, Map<String, String> labels, ArchiveReader to) throws IOException;

    /**
     * Puts a tar archive into a volume, with all owners and permissions; what is there and not in the archive stays.
     *
     * @throws IOException where the archive cannot be read to its end; the volume then has a part of it
     */
    void writeVolume(String volume, Map<String, String> labels, InputStream archive) throws IOException;

    /** Takes an archive; what it leaves unread is lost. */
    @FunctionalInterface
    interface ArchiveReader {
        void read(InputStream archive) throws IOException;
    }

    void start(String container);

    /** Signals, waits for {@code grace}, kills; returns when the container has stopped. No error when it is gone. */
    void stop(String container, Optional<String> signal, Duration grace);

    /** Removes a stopped or created container, and none of its volumes; {@code force} kills a running one first. */
    default void remove(String container, boolean force) {
        remove(container, force, false);
    }

    /**
     * Removes a container with its volumes that nobody named: where it has any, only those that hold its files and no data.
     *
     * @param unnamed whether they are removed
     */
    void remove(String container, boolean force, boolean unnamed);

    /** Renames a container. */
    void rename(String container, String name);

    /** Continues a container that somebody paused. No error when it is not paused, or is gone. */
    void unpause(String container);

    /** What of a container a list does not tell, by id or name; empty when there is none. */
    Optional<ContainerSettings> settings(String container);

    /** Gives a running container its restart policy ({@code no}, {@code always}, {@code unless-stopped}, {@code on-failure[:n]}). */
    void setRestart(String container, String policy);

    /**
     * Runs a command in a running container and waits for its end, {@code deadline} at most; one that is not done by then
     * is left alone (no engine can end it) and gives exit status 124, as timeout(1) does. Output beyond 64 KiB is cut.
     */
    default ExecResult exec(String container, List<String> command, Duration deadline) {
        return exec(container, command, Map.of(), deadline);
    }

    /**
     * The same with further variables for the command, over those of the container; neither the engine's list of commands nor
     * the list of processes shows them.
     */
    ExecResult exec(String container, List<String> command, Map<String, String> env, Duration deadline);

    /**
     * Runs a command with somebody's streams attached, as {@code docker exec} does.
     *
     * @return the command's exit status; {@link CommandStreams#LEFT} when nobody reads its output any more
     */
    int attach(String container, List<String> command, CommandStreams streams);

    /**
     * Starts a container that was made for it, with somebody's streams attached to its command, as {@code docker run} does.
     *
     * @return as for {@link #attach}
     */
    int run(String container, CommandStreams streams);

    /**
     * The last lines of the container's output, oldest first; none when it has none or is gone.
     *
     * @throws EngineException also where its log driver keeps nothing that can be read
     */
    List<String> tail(String container, int lines);

    /**
     * Follows the container's output until closed or the container ends.
     *
     * @param since only what came later; empty: {@code tail} lines back
     * @param line gets each line, and whether it came from standard error
     */
    AutoCloseable logs(String container, Optional<Instant> since, int tail, boolean follow, LogLine line);

    /**
     * Tells of events of Portolan's containers (die, start, destroy, …) until closed; reconnects by itself, and then tells
     * {@code reconnected}, without a container: events may have been missed, so observe.
     */
    AutoCloseable events(Consumer<EngineEvent> listener);

    /**
     * Tells of events of networks (connect, disconnect, destroy, …) until closed, also of those that are not Portolan's: the engine does not
     * say whose they are. Reconnects by itself, and then tells {@code reconnected}, without a network.
     */
    AutoCloseable networkEvents(Consumer<NetworkEvent> listener);

    @Override
    void close();

    /** Receives a line of output. */
    @FunctionalInterface
    interface LogLine {
        void accept(Instant at, boolean error, String text);
    }

    /**
     * What a command in a container gave.
     *
     * @param timedOut whether it was not done by its deadline
     */
    record ExecResult(int exitCode, String output, boolean timedOut) {
        public ExecResult(int exitCode, String output) {
            this(exitCode, output, false);
        }
    }

    /** Something that happened to a container. */
    record EngineEvent(Instant at, String action, String container, java.util.Map<String, String> attributes) {}

    /**
     * Something that happened to a network.
     *
     * @param network its id
     * @param container id of the one that was attached or taken off; "" for none
     */
    record NetworkEvent(Instant at, String action, String network, String container) {}
}
