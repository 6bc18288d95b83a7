package org.portolan.cli;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.portolan.backup.BackupParts;
import org.portolan.config.ConfigurationEditor;
import org.portolan.controller.Controlled;
import org.portolan.controller.FileSourceBook;
import org.portolan.controller.Instructing;
import org.portolan.controller.SourceBook;
import org.portolan.controller.Steering;
import org.portolan.doctor.Examined;
import org.portolan.doctor.Finding;
import org.portolan.install.RepositoryHooks;
import org.portolan.install.RepositoryRemotes;
import org.portolan.model.container.StoredVolume;
import org.portolan.model.event.EventSink;
import org.portolan.model.routing.RouteSet;
import org.portolan.operate.AttachedCommands;
import org.portolan.operate.LocalAttachedCommands;
import org.portolan.operate.LocalRequests;
import org.portolan.operate.Requests;
import org.portolan.operate.Volumes;
import org.portolan.process.ProcessIdentity;
import org.portolan.query.LocalQueries;
import org.portolan.query.Queries;
import org.portolan.query.Viewed;
import org.portolan.release.Installation;
import org.portolan.sync.Deploys;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.ProxyFiles;
import org.portolan.sync.Sync;

/** What commands work with. Each part is opened when it is first asked for, and closed with the command. */
public interface Components
        extends Examined, Viewed, Controlled, RepositoryHooks, RepositoryRemotes, BackupParts, AutoCloseable {
    /**
     * Takes state and history from the private store to the configured server, and puts the private one's files aside.
     *
     * @return what was done, for people
     */
    default List<String> moveStore(String who) {
        throw new UnsupportedOperationException("there is one store only");
    }

    /** Engine or store will be asked: what can be read by then may be read beside other work. Starts nothing. */
    default void expect() {
        // Only for speed.
    }

    /**
     * The proxies' files for people, secrets masked.
     *
     * @param haproxy HAProxy's file and its map of routes; else nginx's
     */
    String proxyFile(Collection<RouteSet> parts, boolean haproxy);

    /**
     * The proxies' files for everything that they serve, with what a source says as it would be: of these parts, or through a controller.
     *
     * @param names of {@link ProxyFiles#NAMES}
     * @return by name, secrets masked
     */
    default SequencedMap<String, String> proxyFiles(LoadedSource source, List<String> names, EventSink events) {
        ProxyFiles files = this::proxyFile;
        return files.texts(new Sync(installation(events)).routes(source).values(), names);
    }

    /**
     * The sources of the configuration's file: this machine's, or that of the controller which {@code PORTOLAN_URL} names.
     *
     * @param environment names the file
     */
    default SourceBook sourceBook(Map<String, String> environment) {
        return new FileSourceBook(new ConfigurationEditor(environment, home()), () -> configuration()
                .sources());
    }

    /** What looking commands ask: of these parts, or of a controller elsewhere. */
    default Queries queries() {
        return new LocalQueries(this, InstantSource.system());
    }

    /**
     * The parts for a command that changes something itself: it takes no lock while a controller leads, which it should have asked.
     *
     * @param events gets what happens
     */
    default Installation changing(EventSink events) {
        return installation(events);
    }

    /** This installation's volumes, for looking: of these parts, or through a controller. */
    default List<StoredVolume> volumes() {
        Optional<String> installation = home().knownInstallation();
        return installation.isEmpty()
                ? List.of()
                : new Volumes(
                                engine(),
                                storeIfAny(),
                                installation.get(),
                                configuration().data())
                        .list().stream().map(Volumes.Stored::listed).toList();
    }

    /** Whether commands go through a controller. */
    default boolean through() {
        return false;
    }

    /**
     * What changing commands ask: of these parts, or of the controller that leads.
     *
     * @param events gets what happens
     */
    default Requests requests(EventSink events) {
        return new LocalRequests(changing(events), ProcessIdentity::isDead);
    }

    /**
     * Instructions to the controller: written down beside it, or through the one that leads.
     *
     * @param events gets what happens
     */
    default Instructing instructing(EventSink events) {
        return new Steering(changing(events));
    }

    /** Runs commands in containers: of these parts, or through a controller elsewhere. */
    default AttachedCommands attached(EventSink events, Supplier<LocalAttachedCommands.Runner> runner) {
        return LocalAttachedCommands.of(this, events, runner);
    }

    /**
     * What plans and deploys files: these parts, or a controller elsewhere.
     *
     * @param events gets what happens
     * @param found gets what a first deploy shows to be wrong with this machine
     */
    default Deploys deploys(EventSink events, Consumer<Finding> found) {
        return new LocalDeploys(this, events, found);
    }

    @Override
    void close();

    /** Makes them for one command. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes the components of one command; each is opened when it is first asked for.
         *
         * @param warnings gets what the user should know and no command fails for
         */
        Components make(Map<String, String> environment, Consumer<String> warnings);

        /** Components will be asked for: what takes long to load may be loaded beside other work. Nothing is opened. */
        default void expect() {
            // Only for speed.
        }
    }
}
