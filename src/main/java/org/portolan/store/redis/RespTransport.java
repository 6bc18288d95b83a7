package org.portolan.store.redis;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.portolan.model.Durations;
import org.portolan.process.SystemCertificates;
import org.portolan.socket.SocketWatchdog;
import org.portolan.socket.UnixSocket;
import org.portolan.store.RedisAddress;

/**
 * The two streams to a server, over TCP, TLS or a unix socket. Closing it from another thread ends a read or write that is
 * in progress: that is how deadlines work ({@link SocketWatchdog}), since neither a unix socket nor a write has a timeout.
 */
interface RespTransport extends Closeable {
    InputStream input() throws IOException;

    OutputStream output() throws IOException;

    /**
     * Connects.
     *
     * @param limit the longest time that connecting may take
     */
    static RespTransport connect(RedisAddress address, Duration limit, SocketWatchdog watchdog) throws IOException {
        return switch (address.transport()) {
            case UNIX -> new UnixWire(UnixSocket.connect(address.host(), limit, watchdog));
            case TCP -> new SocketWire(tcp(address, limit));
            case TLS -> new SocketWire(Tls.over(tcp(address, limit), address, limit));
            case SENTINEL, CLUSTER ->
                throw new IllegalArgumentException("several servers: their primary is found first");
        };
    }

    private static Socket tcp(RedisAddress address, Duration limit) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) limit.toMillis());
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            return socket;
        } catch (IOException problem) {
            socket.close();
            throw problem;
        }
    }

    /** TLS on a connected socket; the certificate must be valid for the host's name. */
    final class Tls {
        private Tls() {}

        static Socket over(Socket plain, RedisAddress address, Duration limit) throws IOException {
            try {
                SystemCertificates.use();
                SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
                SSLSocket socket = (SSLSocket) factory.createSocket(plain, address.host(), address.port(), true);
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.setSoTimeout((int) limit.toMillis());
                socket.startHandshake();
                socket.setSoTimeout(0);
                return socket;
            } catch (SocketTimeoutException silent) {
                // What speaks no TLS waits for more of a command that it does not understand.
                plain.close();
                throw new SSLHandshakeException("no answer to the handshake within " + Durations.format(limit));
            } catch (IOException problem) {
                plain.close();
                throw problem;
            }
        }
    }

    /** Over a socket of the JDK. */
    record SocketWire(Socket socket) implements RespTransport {
        @Override
        public InputStream input() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream output() throws IOException {
            return socket.getOutputStream();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Over a unix socket. */
    record UnixWire(UnixSocket socket) implements RespTransport {
        @Override
        public InputStream input() {
            return socket.input();
        }

        @Override
        public OutputStream output() {
            return socket.output();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
