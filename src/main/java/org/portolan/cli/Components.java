package org.portolan.cli;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.portolan.doctor.Examined;
import org.portolan.model.routing.RouteSet;
import org.portolan.query.Viewed;
import org.portolan.release.Installation;
import org.portolan.release.Reporter;
import org.portolan.source.Sources;
import org.portolan.store.Store;

/** What commands work with. Each part is opened when it is first asked for, and closed with the command. */
public interface Components extends Examined, Viewed, AutoCloseable {
    /** The store; a private one is started when it does not run. */
    Store store();

    /**
     * Takes state and history from the private store to the configured server, and puts the private one's files aside.
     *
     * @return what was done, for people
     */
    default List<String> moveStore(String who) {
        throw new UnsupportedOperationException("there is one store only");
    }

    /** Ends the private store; false when there is none, or it did not run. */
    boolean stopStore();

    /**
     * The proxies' files for people, secrets masked.
     *
     * @param haproxy HAProxy's file and its map of routes; else nginx's
     */
    String proxyFile(Collection<RouteSet> parts, boolean haproxy);

    /** Ends the proxies that Portolan started. */
    void stopProxies();

    Sources sources();

    /** Everything that changes are made with; what happens is told to the reporter. */
    Installation installation(Reporter reporter);

    /** Puts the hook that deploys what is pushed into a bare repository. */
    InstalledHook installHook(
            Path repository, Optional<String> branch, String path, Optional<String> deployment, Path launcher);

    /** Takes the hook out of a repository; false when there was none. */
    boolean removeHook(Path repository);

    @Override
    void close();

    /**
     * What installing a hook came to.
     *
     * @param branch the branch that is deployed; empty for the one that HEAD names
     * @param replaced whether an older hook of Portolan was there
     */
    record InstalledHook(Path file, Optional<String> branch, boolean replaced) {}

    /** Makes them for one command. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes the components of one command; each is opened when it is first asked for.
         *
         * @param warnings gets what the user should know and no command fails for
         */
        Components make(Map<String, String> environment, Consumer<String> warnings);
    }
}
