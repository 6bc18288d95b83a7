package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * docker-java's HTTP client for unix sockets, on the JDK alone. docker-java's own carries a whole Apache client, which
 * costs a start some 190 ms with a class archive (350 ms without; this one 2 ms), and its timeouts do not fire on unix
 * sockets; here an {@link Exchange} can be closed from another thread at any moment.
 */
final class UnixSocketHttpClient implements DockerHttpClient {
    private static final int MAX_IDLE = 8;
    private static final byte[] CRLF = {'\r', '\n'};

    private final UnixDomainSocketAddress address;
    private final Deque<SocketChannel> idle = new ArrayDeque<>();
    private boolean closed;

    UnixSocketHttpClient(Path socket) {
        this.address = UnixDomainSocketAddress.of(socket);
    }

    /**
     * Has the JDK load what unix sockets need, on a separate thread: the first one in a JVM costs some 40 ms (random
     * numbers and their providers), which may pass while the caller still reads files. Nothing is connected.
     */
    static void warmUp() {
        Thread.ofPlatform().daemon().name("engine-warm-up").start(() -> {
            try {
                SocketChannel.open(StandardProtocolFamily.UNIX).close();
            } catch (IOException | UnsupportedOperationException e) {
                // The first call meets the same problem and reports it.
            }
        });
    }

    @Override
    public Response execute(Request request) {
        try {
            return begin(request).send();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An exchange with a separate connection, not yet connected. */
    Exchange begin(Request request) throws IOException {
        SocketChannel kept = request.hijackedInput() == null ? takeIdle() : null;
        return new Exchange(request, kept == null ? SocketChannel.open(StandardProtocolFamily.UNIX) : kept);
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            idle.forEach(UnixSocketHttpClient::closeQuietly);
            idle.clear();
        }
    }

    private @Nullable SocketChannel takeIdle() {
        while (true) {
            SocketChannel channel;
            synchronized (idle) {
                channel = idle.poll();
            }
            if (channel == null || isAlive(channel)) {
                return channel;
            }
            closeQuietly(channel);
        }
    }

    /** An engine that restarted has closed its end, which a read that does not wait shows. */
    private static boolean isAlive(SocketChannel channel) {
        try {
            channel.configureBlocking(false);
            boolean silent = channel.read(ByteBuffer.allocate(1)) == 0;
            channel.configureBlocking(true);
            return silent;
        } catch (IOException e) {
            return false;
        }
    }

    private void keep(SocketChannel channel) {
        synchronized (idle) {
            if (!closed && idle.size() < MAX_IDLE) {
                idle.push(channel);
                return;
            }
        }
        closeQuietly(channel);
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            // Nothing more is wanted of it.
        }
    }

    /** One request and its answer. Closing it, from any thread, ends whatever waits on it. */
    final class Exchange implements Closeable {
        private final Request request;
        private final SocketChannel channel;

        private Exchange(Request request, SocketChannel channel) {
            this.request = request;
            this.channel = channel;
        }

        Response send() throws IOException {
            try {
                if (!channel.isConnected()) {
                    channel.connect(address);
                }
                writeAll(ByteBuffer.wrap(head()));
                byte[] body = request.bodyBytes();
                InputStream stream = request.body();
                if (body != null) {
                    writeAll(ByteBuffer.wrap(body));
                } else if (stream != null) {
                    writeChunks(stream);
                }
                HttpAnswer answer = HttpAnswer.read(channel, this::end);
                InputStream input = request.hijackedInput();
                if (input != null && answer.getStatusCode() < 300) {
                    Thread.ofPlatform().daemon().name("engine-input").start(() -> pump(input));
                }
                return answer;
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
        }

        private byte[] head() {
            StringBuilder head = new StringBuilder(200);
            head.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\nHost: docker\r\n");
            for (Map.Entry<String, String> header : request.headers().entrySet()) {
                head.append(header.getKey())
                        .append(": ")
                        .append(header.getValue())
                        .append("\r\n");
            }
            if (request.hijackedInput() != null) {
                head.append("Connection: Upgrade\r\nUpgrade: tcp\r\n");
            }
            byte[] body = request.bodyBytes();
            if (body != null) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            } else if (request.body() != null) {
                head.append("Transfer-Encoding: chunked\r\n");
            } else if (request.method().equals("POST")) {
                head.append("Content-Length: 0\r\n");
            }
            return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        }

        /** RFC 9112, section 7.1. */
        private void writeChunks(InputStream body) throws IOException {
            byte[] part = new byte[64 << 10];
            for (int n = body.read(part); n >= 0; n = body.read(part)) {
                if (n > 0) {
                    writeAll(ByteBuffer.wrap((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.US_ASCII)));
                    writeAll(ByteBuffer.wrap(part, 0, n));
                    writeAll(ByteBuffer.wrap(CRLF.clone()));
                }
            }
            writeAll(ByteBuffer.wrap("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        }

        private void writeAll(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        private void pump(InputStream input) {
            byte[] buffer = new byte[8192];
            try {
                for (int n = input.read(buffer); n >= 0; n = input.read(buffer)) {
                    writeAll(ByteBuffer.wrap(buffer, 0, n));
                }
                channel.shutdownOutput();
            } catch (IOException closed) {
                // The command ended before its input did.
            }
        }

        /** The answer was read to its end ({@code reusable}) or left. */
        private void end(boolean reusable) {
            if (reusable && request.hijackedInput() == null) {
                keep(channel);
            } else {
                close();
            }
        }

        @Override
        public void close() {
            closeQuietly(channel);
        }
    }
}
