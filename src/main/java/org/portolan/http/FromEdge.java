package org.portolan.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Requests that the edge passes on, as their clients made them: from the address that the edge saw, over TLS. It is asked before anything
 * else sees a request, and refuses each that has not the edge's key: so nobody but the edge says where a request comes from. Listeners
 * without it take no such word from anybody.
 */
final class FromEdge implements HttpConfiguration.Customizer {
    private static final String KEY = "X-Portolan-Edge";
    private static final String CLIENT = "X-Portolan-Client";
    private static final Pattern FOUR = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private final byte[] key;

    /**
     * For requests with this key.
     *
     * @param key what the edge sends with each request; secret
     */
    FromEdge(String key) {
        this.key = key.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable answer) {
        byte[] said =
                Optional.ofNullable(request.getHeaders().get(KEY)).orElse("").getBytes(StandardCharsets.UTF_8);
        Optional<InetAddress> client =
                Optional.ofNullable(request.getHeaders().get(CLIENT)).flatMap(FromEdge::address);
        if (!MessageDigest.isEqual(said, key) || client.isEmpty()) {
            throw new HttpException.RuntimeException(HttpStatus.FORBIDDEN_403);
        }
        return new Passed(request, client.get());
    }

    /** An address in digits: a name would be looked up. */
    static Optional<InetAddress> address(String text) {
        boolean six = text.indexOf(':') >= 0 && SIX.matcher(text).matches();
        if (!six && !FOUR.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(six ? "[" + text + "]" : text));
        } catch (UnknownHostException none) {
            return Optional.empty();
        }
    }

    /** A request without what is between the edge and this. */
    private static final class Passed extends Request.Wrapper {
        private final HttpFields headers;
        private final ConnectionMetaData connection;

        Passed(Request request, InetAddress client) {
            super(request);
            headers = HttpFields.build(request.getHeaders())
                    .remove(KEY)
                    .remove(CLIENT)
                    .asImmutable();
            connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
                @Override
                public SocketAddress getRemoteSocketAddress() {
                    return new InetSocketAddress(client, 0);
                }

                @Override
                public boolean isSecure() {
                    return true;
                }
            };
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }

        @Override
        public boolean isSecure() {
            return true;
        }
    }
}
