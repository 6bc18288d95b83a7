package org.portolan.http;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.jspecify.annotations.Nullable;

/** What connections to the API speak, and who watches them. */
final class HttpConnections {
    private static final int HEAD_BYTES = 16 * 1024;

    private HttpConnections() {}

    static HttpConnectionFactory http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(HEAD_BYTES);
        // What one server takes for the end of a line and another does not is how requests are smuggled past a proxy.
        http.setHttpCompliance(HttpCompliance.RFC9110.without(
                "API", HttpCompliance.Violation.LF_HEADER_TERMINATION, HttpCompliance.Violation.LF_CHUNK_TERMINATION));
        http.setOutputBufferSize(16 * 1024);
        // For requests of HTTP/1.0 over the unix socket: they name no host, and the socket has none.
        http.setServerAuthority(new HostPort("localhost"));
        return new HttpConnectionFactory(http);
    }

    /** What the edge's connections speak. */
    static HttpConnectionFactory fromEdge(FromEdge edge) {
        HttpConnectionFactory http = http();
        http.getHttpConfiguration().addCustomizer(edge);
        return http;
    }

    /** What a port speaks. */
    static ConnectionFactory[] factories(@Nullable ApiCertificate shown) {
        HttpConnectionFactory http = http();
        if (shown == null) {
            return new ConnectionFactory[] {http};
        }
        SslConnectionFactory tls = new SslConnectionFactory(shown.server(), http.getProtocol());
        // It would refuse names that the certificate does not have, also those that only a health check uses.
        tls.setEnsureSecureRequestCustomizer(false);
        return new ConnectionFactory[] {tls, http};
    }

    /** Tells the deadlines of connections that come and go. */
    record Watch(ConnectionDeadlines<EndPoint> deadlines, InstantSource clock) implements Connection.Listener {
        @Override
        public void onOpened(Connection connection) {
            if (connection instanceof WebSocketConnection) {
                // That asks for signs of life itself.
                return;
            }
            EndPoint transport = ConnectionDeadlines.transport(connection.getEndPoint());
            // Over the unix socket come those of this machine only.
            String from = transport.getRemoteSocketAddress() instanceof InetSocketAddress address
                            && address.getAddress() != null
                    ? ClientNetwork.of(address.getAddress())
                    : "";
            deadlines.opened(transport, from, clock.instant()).ifPresent(EndPoint::close);
        }

        @Override
        public void onClosed(Connection connection) {
            deadlines.closed(ConnectionDeadlines.transport(connection.getEndPoint()));
        }
    }
}
