package org.portolan.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.routing.ControllerEntry;
import org.portolan.proxy.Proxy;

/** Listens where the edge asks for the API's domain: on a unix socket that its owner and the proxies' workers may open. */
final class EdgeListener {
    private static final String NAME = "edge";

    private final Server server;
    private final Proxy proxy;
    private final long idleMillis;
    private final BiConsumer<AbstractConnector, String> connecting;
    private @Nullable UnixDomainServerConnector connector;
    private @Nullable SocketFile file;
    private boolean over;

    /**
     * Of a server; it listens on nothing yet.
     *
     * @param connecting adds a connector to the server and starts it
     */
    EdgeListener(Server server, Proxy proxy, long idleMillis, BiConsumer<AbstractConnector, String> connecting) {
        this.server = server;
        this.proxy = proxy;
        this.idleMillis = idleMillis;
        this.connecting = connecting;
    }

    /**
     * Listens, unless it does: {@code system down} takes away what lies outside of the state directory.
     *
     * @throws Failure when it cannot
     */
    synchronized void listen() {
        SocketFile known = file;
        if (over || (known != null && known.inPlace())) {
            return;
        }
        close();
        ControllerEntry entry = proxy.controllerEntry();
        Path place = entry.socket();
        SocketFile socket = new SocketFile(place, ".controller", entry.group());
        UnixDomainServerConnector begun =
                new UnixDomainServerConnector(server, 1, 1, HttpConnections.fromEdge(new FromEdge(entry.key())));
        begun.setName(NAME);
        begun.setUnixDomainPath(socket.prepare());
        begun.setIdleTimeout(idleMillis);
        connecting.accept(begun, place.toString());
        connector = begun;
        try {
            socket.publish();
        } catch (IOException problem) {
            close();
            throw new Failure(Kind.UNAVAILABLE, "cannot listen on " + place).withCause(problem);
        }
        file = socket;
    }

    /** Takes nothing new from the edge, from now on. */
    synchronized void leave() {
        over = true;
        remove();
    }

    private void remove() {
        SocketFile known = file;
        file = null;
        if (known != null) {
            known.remove();
        }
    }

    private void close() {
        remove();
        UnixDomainServerConnector begun = connector;
        connector = null;
        if (begun != null) {
            try {
                begun.stop();
            } catch (Exception notStarted) {
                // It does not listen in any case.
            }
            server.removeConnector(begun);
        }
    }
}
