package org.portolan.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntUnaryOperator;

/** Stands between a command and a controller's socket, and cuts connections in the middle of an answer. */
final class CuttingSocket implements AutoCloseable {
    final Path path;
    /** The first line of each request. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private volatile Path behind;
    private volatile IntUnaryOperator bytes;
    private final ServerSocketChannel server;

    /** @param bytes how many bytes of the answer the connection with this number, from 0, lets through */
    CuttingSocket(Path folder, Path behind, IntUnaryOperator bytes) {
        this.path = folder.resolve("cut.sock");
        this.behind = behind;
        this.bytes = bytes;
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        Thread.ofPlatform().daemon().start(this::serve);
    }

    /** From now on to another controller, whose answers pass so far. */
    void behind(Path socket, int most) {
        behind = socket;
        bytes = at -> most;
    }

    private void serve() {
        try {
            for (int at = 0; ; at++) {
                SocketChannel client = server.accept();
                int most = bytes.applyAsInt(at);
                Thread.ofPlatform().daemon().start(() -> pass(client, most));
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    private void pass(SocketChannel client, int most) {
        try (client;
                SocketChannel controller = SocketChannel.open(UnixDomainSocketAddress.of(behind))) {
            Thread.ofPlatform().daemon().start(() -> copy(client, controller, Integer.MAX_VALUE, true));
            copy(controller, client, most, false);
        } catch (IOException gone) {
            // One of the two went.
        }
    }

    private void copy(SocketChannel from, SocketChannel to, int most, boolean request) {
        ByteBuffer part = ByteBuffer.allocate(4096);
        int left = most;
        boolean first = request;
        try {
            while (left > 0 && from.read(part.clear().limit(Math.min(left, 4096))) >= 0) {
                part.flip();
                left -= part.remaining();
                if (first) {
                    String head =
                            StandardCharsets.ISO_8859_1.decode(part.duplicate()).toString();
                    asked.add(head.substring(0, head.indexOf('\r')));
                    first = false;
                }
                while (part.hasRemaining()) {
                    to.write(part);
                }
            }
            if (most == 0) {
                // The controller has answered; nobody hears it.
                from.read(part.clear());
            }
        } catch (IOException gone) {
            // One of the two went.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
