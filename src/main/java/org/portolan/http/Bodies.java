package org.portolan.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;

/**
 * A request's body, and what it holds of the memory for bodies until the request is answered. What arrived is counted, not what was
 * announced, and more has to arrive all the time: who announces much and sends little takes nothing from others.
 */
final class Bodies implements AutoCloseable {
    /** Each may hold so much besides: small bodies are read whatever others send. */
    static final int FREE = 16 * 1024;

    /** For a body of the usual size; a larger one has more in proportion. */
    private static final Duration TIME = Duration.ofSeconds(20);

    private static final int BYTES_A_SECOND = 64 * 1024;

    /** In each of these spans so many bytes have to arrive, or the end. */
    static final Duration SPAN = Duration.ofSeconds(10);

    static final int SPAN_BYTES = 16 * 1024;

    private static final long PATIENCE_MILLIS = 2_000;

    private final ConnectionDeadlines<EndPoint> deadlines;
    private final EndPoint connection;
    private final InstantSource clock;
    private Semaphore from = new Semaphore(0);
    private int held;

    Bodies(ConnectionDeadlines<EndPoint> deadlines, EndPoint connection, InstantSource clock) {
        this.deadlines = deadlines;
        this.connection = connection;
        this.clock = clock;
    }

    /** Memory of the whole process in bytes. Who has no token takes none from those who have one. */
    static final class Memory {
        private final Semaphore known = new Semaphore(16 * 1024 * 1024);
        private final Semaphore strangers = new Semaphore(8 * 1024 * 1024);

        Semaphore of(boolean caller) {
            return caller ? known : strangers;
        }
    }

    /** There is more of it than the route takes. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Others hold the memory for bodies. */
    static final class NoRoom extends IOException {
        private static final long serialVersionUID = 1;
    }

    /**
     * Reads it all.
     *
     * @param announced how much there is; -1 when that is not known
     * @throws TooLarge when it is more than the limit
     * @throws NoRoom when others hold what is needed for longer than two seconds
     */
    byte[] read(InputStream in, Semaphore memory, long announced, int limit) throws IOException {
        if (announced > limit) {
            throw new TooLarge();
        }
        from = memory;
        Instant begin = clock.instant();
        Instant end = begin.plus(TIME).plusSeconds(limit / BYTES_A_SECOND);
        byte[] buffer = new byte[Math.min(limit + 1, FREE)];
        int size = 0;
        int spanBegan = 0;
        expect(begin, end);
        while (true) {
            if (size == buffer.length) {
                buffer = grown(buffer, limit);
            }
            int read = in.read(buffer, size, buffer.length - size);
            if (read < 0) {
                return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
            }
            size += read;
            if (size > limit) {
                throw new TooLarge();
            }
            if (size - spanBegan >= SPAN_BYTES) {
                spanBegan = size;
                expect(clock.instant(), end);
            }
        }
    }

    private void expect(Instant now, Instant end) {
        Duration left = Duration.between(now, end);
        deadlines.body(connection, now, left.compareTo(SPAN) < 0 ? left : SPAN);
    }

    private byte[] grown(byte[] buffer, int limit) throws NoRoom {
        int larger = (int) Math.min(limit + 1L, buffer.length * 2L);
        int more = larger - Math.max(FREE, buffer.length);
        try {
            if (!from.tryAcquire(more, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new NoRoom();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NoRoom();
        }
        held += more;
        return Arrays.copyOf(buffer, larger);
    }

    @Override
    public void close() {
        from.release(held);
        held = 0;
    }
}
