package org.portolan.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * The signs of life that a WebSocket's client is sent: pings, and answers to its own. At most one is on its way; of the pings that come
 * meanwhile the last is answered, which is enough (RFC 6455, section 5.5.3), so that a client that only sends takes no memory.
 */
final class WebSocketSigns {
    /** Since when one waits to leave, of {@link System#nanoTime}; 0: none does. */
    private long waiting;

    /** What is to be answered after that. */
    private @Nullable ByteBuffer next;

    /** Since when one waits to leave; 0: none does. */
    synchronized long waiting() {
        return waiting;
    }

    /** Asks the client for a sign, unless another one has not left yet. */
    void ping(CoreSession to) {
        if (begins(null)) {
            send(to, new Frame(OpCode.PING));
        }
    }

    /** Answers a ping of the client's. */
    void answer(CoreSession to, ByteBuffer asked) {
        // The frame's own memory is used again after it was dealt with.
        ByteBuffer same =
                ByteBuffer.allocate(asked.remaining()).put(asked.slice()).flip();
        if (begins(same)) {
            send(to, new Frame(OpCode.PONG, same));
        }
    }

    private synchronized boolean begins(@Nullable ByteBuffer answer) {
        if (waiting != 0) {
            next = answer == null ? next : answer;
            return false;
        }
        waiting = System.nanoTime();
        return true;
    }

    private void send(CoreSession to, Frame sign) {
        to.sendFrame(sign, Callback.from(() -> left(to), failure -> gone()), false);
    }

    private void left(CoreSession to) {
        ByteBuffer answer;
        synchronized (this) {
            answer = next;
            next = null;
            waiting = answer == null ? 0 : System.nanoTime();
        }
        if (answer != null) {
            send(to, new Frame(OpCode.PONG, answer));
        }
    }

    /** Nobody is there; what else the connection is used for ends with it. */
    private synchronized void gone() {
        next = null;
        waiting = 0;
    }
}
