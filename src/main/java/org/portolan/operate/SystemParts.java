package org.portolan.operate;

import java.util.Optional;
import org.portolan.engine.Engine;
import org.portolan.model.event.EventSink;
import org.portolan.proxy.Proxy;
import org.portolan.release.Installation;
import org.portolan.store.Store;

/** What changes are made with, and what runs beside the instances. Each part is opened when it is first asked for. */
public interface SystemParts {
    Engine engine();

    /** The store; a private one is started when it does not run. */
    Store store();

    Proxy proxy();

    /** What the private store still holds although another server is configured; empty when there is nothing. */
    Optional<String> leftStore();

    /** Ends the private store; false when there is none, or it did not run. */
    boolean stopStore();

    /** Ends the proxies that Portolan started. */
    void stopProxies();

    /** Everything that changes are made with; what happens goes to the reporter. */
    Installation installation(EventSink events);
}
