package org.portolan.engine.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers on a unix socket whatever a test says, byte by byte: engines that are newer, broken or silent. Each request
 * takes the next answer; the answer {@code HANG_UP} closes the connection, {@code SILENCE} never comes.
 */
final class FakeEngine implements AutoCloseable {
    static final String HANG_UP = "hang up";
    static final String SILENCE = "silence";
    final List<String> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    private final Deque<String> answers = new ConcurrentLinkedDeque<>();
    private final Path socket;
    private final ServerSocketChannel server;

    FakeEngine(Path folder) throws IOException {
        socket = folder.resolve("sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().name("fake-engine").start(this::accept);
    }

    Path socket() {
        return socket;
    }

    /** What the next requests are answered. */
    FakeEngine answer(String... raw) {
        answers.addAll(List.of(raw));
        return this;
    }

    static String ok(String body) {
        return with(200, "Api-Version: 1.45\r\n", body);
    }

    static String with(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " X\r\n" + headers + "Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                connections.incrementAndGet();
                Thread.ofPlatform().daemon().start(() -> serve(channel));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            var in = Channels.newInputStream(channel);
            StringBuilder head = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                head.append((char) c);
                if (head.toString().endsWith("\r\n\r\n")) {
                    String request = head.toString();
                    head.setLength(0);
                    requests.add(request.substring(0, request.indexOf(" HTTP")));
                    int at = request.indexOf("Content-Length: ");
                    if (at >= 0) {
                        int end = request.indexOf('\r', at);
                        in.readNBytes(Integer.parseInt(request, at + 16, end, 10));
                    }
                    String answer = answers.poll();
                    if (answer == null || answer.equals(SILENCE)) {
                        continue;
                    }
                    if (answer.equals(HANG_UP)) {
                        return;
                    }
                    boolean last = answer.endsWith(HANG_UP);
                    String text = last ? answer.substring(0, answer.length() - HANG_UP.length()) : answer;
                    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                    if (last) {
                        return;
                    }
                }
            }
        } catch (IOException closed) {
            // The other side went away.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
