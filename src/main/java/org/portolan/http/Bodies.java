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
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonTree;
import org.portolan.model.Failure;

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

    /** More than any bundle within its limits has. */
    static final int MOST_VALUES = 100_000;

    /** Each body may have so many besides. */
    private static final int FREE_VALUES = 1_000;

    private static final long PATIENCE_MILLIS = 2_000;

    private final ConnectionDeadlines<EndPoint> deadlines;
    private final EndPoint connection;
    private final InstantSource clock;
    private Semaphore from = new Semaphore(0);
    private int held;
    private @Nullable Semaphore treesFrom;
    private int values;

    Bodies(ConnectionDeadlines<EndPoint> deadlines, EndPoint connection, InstantSource clock) {
        this.deadlines = deadlines;
        this.connection = connection;
        this.clock = clock;
    }

    /** Memory of the whole process in bytes. Who has no token takes none from those who have one. */
    static final class Memory {
        private final Semaphore known = new Semaphore(16 * 1024 * 1024);
        private final Semaphore strangers = new Semaphore(8 * 1024 * 1024);

        /** Values that may be read at the same time: two hundred bytes each, whatever few bytes of a body stand for one. */
        private final Semaphore trees = new Semaphore(2 * MOST_VALUES);

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

    /**
     * Takes the memory for the values of a body that was read, before they are.
     *
     * @throws Failure when there are more than {@link #MOST_VALUES}
     * @throws NoRoom as {@link #read} does
     */
    void values(byte[] body, Memory memory) throws NoRoom {
        int count = JsonTree.values(body, MOST_VALUES);
        if (count > MOST_VALUES) {
            throw new Failure(
                    Failure.Kind.INVALID, "the body is not valid: it has more than " + MOST_VALUES + " values");
        }
        if (count > FREE_VALUES) {
            take(memory.trees, count);
            treesFrom = memory.trees;
            values = count;
        }
    }

    private static void take(Semaphore memory, int more) throws NoRoom {
        try {
            if (!memory.tryAcquire(more, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new NoRoom();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NoRoom();
        }
    }

    private void expect(Instant now, Instant end) {
        Duration left = Duration.between(now, end);
        deadlines.body(connection, now, left.compareTo(SPAN) < 0 ? left : SPAN);
    }

    private byte[] grown(byte[] buffer, int limit) throws NoRoom {
        int larger = (int) Math.min(limit + 1L, buffer.length * 2L);
        int more = larger - Math.max(FREE, buffer.length);
        take(from, more);
        held += more;
        return Arrays.copyOf(buffer, larger);
    }

    @Override
    public void close() {
        from.release(held);
        held = 0;
        if (treesFrom != null) {
            treesFrom.release(values);
            treesFrom = null;
        }
    }
}
