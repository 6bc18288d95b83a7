package org.portolan.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * The client at the other end of a WebSocket. One frame is read at a time, and only when the one before has been dealt with; what is
 * sent is waited for until it has left. A client that answers no ping is gone, and so is one that leaves its output unread for too
 * long.
 */
abstract class WebSocketPeer implements FrameHandler {
    /** RFC 6455, section 7.4.1. */
    static final int NORMAL = 1000;

    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    static final int POLICY = 1008;

    /** So often it is looked whether they may still ask: what they send has an effect, though nothing is sent to them any more. */
    private static final long STANDING_MILLIS = 1_000;

    /**
     * How long things may take.
     *
     * @param ping the time between two pings
     * @param silence after which a client that is listened to is gone
     * @param unread how long a client may leave its output unread: a person may hold the terminal
     * @param part for a part of what is exchanged by HTTP
     */
    record Times(Duration ping, Duration silence, Duration unread, Duration part) {
        static final Times USUAL = new Times(
                EventRoutes.HEARTBEAT,
                EventRoutes.HEARTBEAT.multipliedBy(3),
                Duration.ofMinutes(10),
                Duration.ofSeconds(60));
    }

    private final Times times;
    private final BooleanSupplier stands;
    private final Consumer<WebSocketPeer> closed;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final WebSocketSigns signs = new WebSocketSigns();
    private volatile @Nullable CoreSession session;
    private volatile boolean listening;
    private volatile boolean text;

    /** When a frame came last, of {@link System#nanoTime}. */
    private volatile long heard = System.nanoTime();

    /** When its end was said; 0: not yet. */
    private volatile long ended;

    /** Since when a frame waits to leave; 0: none does. */
    private volatile long sending;

    /**
     * One that is not connected yet.
     *
     * @param stands whether they may still ask
     * @param closed gets it once, when it has ended
     */
    WebSocketPeer(Times times, BooleanSupplier stands, Consumer<WebSocketPeer> closed) {
        this.times = times;
        this.stands = stands;
        this.closed = closed;
    }

    /** It is connected. */
    abstract void opened(CoreSession session);

    /**
     * A part of a message came. Must not wait.
     *
     * @param first whether it is the message's first
     * @param last whether it is its last
     * @return whether the next may come now; else {@link #listen} is called later
     * @throws NotAllowed ends the connection
     */
    abstract boolean data(boolean text, boolean first, boolean last, ByteBuffer payload) throws NotAllowed;

    /** Called now and then, as long as it is connected. */
    abstract void beat();

    /** The connection has ended. */
    abstract void gone();

    /** The client sent what it may not. */
    static final class NotAllowed extends Exception {
        private static final long serialVersionUID = 1;

        private final int status;

        NotAllowed(int status, String why) {
            super(why, null, false, false);
            this.status = status;
        }
    }

    @Override
    public final void onOpen(CoreSession connected, Callback callback) {
        session = connected;
        connected.setIdleTimeout(Duration.ZERO);
        callback.succeeded();
        Thread.ofVirtual().name("websocket").start(this::watch);
        opened(connected);
        listen();
    }

    @Override
    public final void onFrame(Frame frame, Callback callback) {
        heard = System.nanoTime();
        listening = false;
        byte code = frame.getOpCode();
        boolean more = code != OpCode.CLOSE;
        try {
            if (frame.isDataFrame()) {
                boolean first = code != OpCode.CONTINUATION;
                text = first ? code == OpCode.TEXT : text;
                more = ended != 0 || data(text, first, frame.isFin(), frame.getPayload());
            }
            CoreSession from = session;
            if (code == OpCode.PING && from != null && ended == 0) {
                signs.answer(from, frame.getPayload());
            }
            // What answers closes is the server's own.
            callback.succeeded();
        } catch (NotAllowed wrong) {
            callback.succeeded();
            end(wrong.status, String.valueOf(wrong.getMessage()));
        }
        if (more) {
            listen();
        }
    }

    /** Has the next frame come. */
    final void listen() {
        CoreSession from = session;
        if (from != null && finished.getCount() > 0) {
            heard = System.nanoTime();
            listening = true;
            from.demand();
        }
    }

    /** Sends a message, and waits until it has left; false when nobody is there who takes it. One at a time. */
    final boolean send(byte code, ByteBuffer payload) {
        CoreSession to = session;
        if (to == null || !here()) {
            return false;
        }
        Callback.Completable left = new Callback.Completable();
        sending = System.nanoTime();
        try {
            to.sendFrame(new Frame(code, payload), left, false);
            left.get();
            return true;
        } catch (ExecutionException unsent) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            sending = 0;
        }
    }

    /** Whether something may be sent. */
    final boolean here() {
        return ended == 0 && finished.getCount() > 0 && stands.getAsBoolean();
    }

    /** Ends it, without waiting for an answer. */
    final void end(int status, String reason) {
        CoreSession of = session;
        if (of != null && ended == 0) {
            ended = System.nanoTime();
            of.close(status, reason, Callback.NOOP);
        }
    }

    private void watch() {
        try {
            long pause = Math.min(times.ping().toMillis(), STANDING_MILLIS);
            long last = System.nanoTime();
            while (!finished.await(pause, TimeUnit.MILLISECONDS)) {
                CoreSession of = session;
                if (of != null && later(System.nanoTime(), last, times.ping())) {
                    last = System.nanoTime();
                    look(of);
                } else if (of != null && ended == 0 && !stands.getAsBoolean()) {
                    unknown();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(CoreSession of) {
        long now = System.nanoTime();
        long since = sending;
        long sign = signs.waiting();
        boolean lost = since == 0 ? listening && later(now, heard, times.silence()) : later(now, since, times.unread());
        lost |= sign != 0 && later(now, sign, times.unread());
        long end = ended;
        if (end == 0 ? lost : later(now, end, times.ping())) {
            of.abort();
        } else if (end != 0) {
            // The client has until then to say that it saw it.
            return;
        } else if (!stands.getAsBoolean()) {
            unknown();
        } else {
            beat();
            if (since == 0) {
                signs.ping(of);
            }
        }
    }

    private void unknown() {
        end(POLICY, "the token was removed, or has expired");
    }

    private static boolean later(long now, long since, Duration than) {
        return now - since > than.toNanos();
    }

    @Override
    public final void onError(Throwable cause, Callback callback) {
        callback.succeeded();
    }

    @Override
    public final void onClosed(CloseStatus status, Callback callback) {
        over();
        callback.succeeded();
    }

    /** It has ended, or never began. */
    final void over() {
        synchronized (finished) {
            if (finished.getCount() == 0) {
                return;
            }
            finished.countDown();
        }
        closed.accept(this);
        gone();
    }
}
