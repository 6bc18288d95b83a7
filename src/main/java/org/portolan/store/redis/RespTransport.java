package org.portolan.store.redis;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.portolan.model.Durations;
import org.portolan.store.RedisAddress;

/**
 * The two streams to a server, over TCP, TLS or a unix socket. Closing it from another thread ends a read or write that is
 * in progress: that is how deadlines work ({@link StoreWatchdog}), since neither a unix socket nor a write has a timeout.
 */
interface RespTransport extends Closeable {
    InputStream input() throws IOException;

    OutputStream output() throws IOException;

    /**
     * Connects.
     *
     * @param limit the longest time that connecting may take
     */
    static RespTransport connect(RedisAddress address, Duration limit, StoreWatchdog watchdog) throws IOException {
        return switch (address.transport()) {
            case UNIX -> UnixWire.connect(address.host(), limit, watchdog);
            case TCP -> new SocketWire(tcp(address, limit));
            case TLS -> new SocketWire(Tls.over(tcp(address, limit), address, limit));
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

    /** Over a unix socket, for which the JDK has channels but no {@link Socket}. */
    record UnixWire(SocketChannel channel) implements RespTransport {
        /** Connects; a server that hangs stops accepting once enough connections wait for it. */
        static UnixWire connect(String path, Duration limit, StoreWatchdog watchdog) throws IOException {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            Connecting connecting = new Connecting(channel, System.nanoTime() + limit.toNanos());
            watchdog.watch(connecting);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                return new UnixWire(channel);
            } catch (AsynchronousCloseException late) {
                throw new SocketTimeoutException("no connection within " + Durations.format(limit));
            } catch (IOException problem) {
                channel.close();
                throw problem;
            } finally {
                watchdog.leave(connecting);
            }
        }

        // No record: the equality that a record gets costs a command ten milliseconds when it is first asked for.
        /** A connection that is being made. */
        private static final class Connecting implements StoreWatchdog.Watched {
            private final SocketChannel channel;
            private final long deadline;

            Connecting(SocketChannel channel, long deadline) {
                this.channel = channel;
                this.deadline = deadline;
            }

            @Override
            public long deadline() {
                return deadline;
            }

            @Override
            public void expire() {
                try {
                    channel.close();
                } catch (IOException closedAnyway) {
                    // The closed channel ends whoever connects.
                }
            }
        }

        @Override
        public InputStream input() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    return channel.read(ByteBuffer.wrap(into, offset, length));
                }
            };
        }

        @Override
        public OutputStream output() {
            return new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    write(new byte[] {(byte) value}, 0, 1);
                }

                @Override
                public void write(byte[] from, int offset, int length) throws IOException {
                    ByteBuffer rest = ByteBuffer.wrap(from, offset, length);
                    while (rest.hasRemaining()) {
                        channel.write(rest);
                    }
                }
            };
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
