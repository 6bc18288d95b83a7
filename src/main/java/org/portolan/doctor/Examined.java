package org.portolan.doctor;

import java.util.Optional;
import org.portolan.config.Configuration;
import org.portolan.engine.Engine;
import org.portolan.probe.ReachProbe;
import org.portolan.process.Home;
import org.portolan.proxy.Proxy;
import org.portolan.store.Store;

/** What is examined. Each part is opened when it is first asked for: one that cannot be opened fails its own check only. */
public interface Examined {
    Home home();

    Configuration configuration();

    Engine engine();

    /** The store if it was ever used: what only reads makes no state directory. */
    Optional<Store> storeIfAny();

    /** The configured server before this installation has used it, to be looked at and closed; empty when there is none. */
    default Optional<Store> unusedStore() {
        return Optional.empty();
    }

    /** What the private store still holds although another server is configured; empty when there is nothing. */
    Optional<String> leftStore();

    Proxy proxy();

    /** Tries from containers whether they reach the mesh. */
    ReachProbe reach();
}
