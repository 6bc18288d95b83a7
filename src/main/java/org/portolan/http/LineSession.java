package org.portolan.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.OpCode;

/** A stream of lines over a WebSocket: each is a message. */
final class LineSession extends WebSocketPeer implements Reply.Out {
    private static final int NOT_ACCEPTED = 1003;
    private static final int FAILED = 1011;

    private final Reply.Streaming content;

    LineSession(Times times, BooleanSupplier stands, Consumer<WebSocketPeer> closed, Reply.Streaming content) {
        super(times, stands, closed);
        this.content = content;
    }

    @Override
    void opened(CoreSession session) {
        Thread.ofPlatform().daemon().name("lines").start(this::write);
    }

    private void write() {
        try {
            content.write(this);
            end(NORMAL, "");
        } catch (IOException | RuntimeException ended) {
            end(FAILED, "the stream ended early");
        }
    }

    @Override
    public void send(String text) throws IOException {
        for (String line : text.split("\n", -1)) {
            // An empty one says that the stream lives, which pings do here.
            if (!line.isEmpty() && !send(OpCode.TEXT, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)))) {
                throw new IOException("the client is gone");
            }
        }
    }

    @Override
    public boolean ending() {
        return !here();
    }

    @Override
    boolean data(boolean text, boolean first, boolean last, ByteBuffer payload) throws NotAllowed {
        throw new NotAllowed(NOT_ACCEPTED, "nothing is read here");
    }

    @Override
    void beat() {
        // The pings do.
    }

    @Override
    void gone() {
        // Seen at the next line, or heartbeat.
    }
}
