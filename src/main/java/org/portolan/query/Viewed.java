package org.portolan.query;

import java.util.Optional;
import org.portolan.engine.Engine;
import org.portolan.process.Home;
import org.portolan.proxy.Proxy;
import org.portolan.store.Store;

/** What queries look at. Each part is opened when it is first asked for. */
public interface Viewed {
    Home home();

    Engine engine();

    Proxy proxy();

    /** The store; a private one is started when it does not run. */
    Store store();

    /** The store if it was ever used: what only reads makes no state directory. */
    Optional<Store> storeIfAny();

    /** Whether the store answers; starts nothing. */
    boolean storeRunning();

    /** What the private store still holds although another server is configured; empty when there is nothing. */
    Optional<String> leftStore();
}
