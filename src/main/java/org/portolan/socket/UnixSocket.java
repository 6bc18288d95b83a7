package org.portolan.socket;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.portolan.model.Durations;

/** A connected unix socket, for which the JDK has channels but no {@link java.net.Socket}. */
public final class UnixSocket implements Closeable {
    private final SocketChannel channel;

    private UnixSocket(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Connects. A server that hangs stops accepting once enough connections wait for it, so this too has a limit.
     *
     * @throws SocketTimeoutException after the limit
     */
    public static UnixSocket connect(String path, Duration limit, SocketWatchdog watchdog) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        SocketWatchdog.Guard guard = watchdog.guard(limit, channel);
        try (guard) {
            channel.connect(UnixDomainSocketAddress.of(path));
            return new UnixSocket(channel);
        } catch (AsynchronousCloseException ended) {
            // An interrupt closes the channel too, and does not show that the server hangs.
            if (guard.expired()) {
                throw new SocketTimeoutException("no connection within " + Durations.format(limit));
            }
            throw ended;
        } catch (IOException problem) {
            channel.close();
            throw problem;
        }
    }

    /** Reads into an array; -1 at the end. */
    public int read(byte[] into, int offset, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(into, offset, length));
    }

    /** Writes all of it. */
    public void write(byte[] from, int offset, int length) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(from, offset, length);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /** Says that nothing more is written. */
    public void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    public InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return UnixSocket.this.read(into, offset, length);
            }
        };
    }

    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                UnixSocket.this.write(from, offset, length);
            }
        };
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
