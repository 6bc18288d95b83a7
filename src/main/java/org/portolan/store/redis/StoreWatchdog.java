package org.portolan.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls that take longer than they may, by closing their connection. One thread watches all connections of a store; it
 * is started by the first call, and woken only by a call that ends before the moment it already waits for.
 */
final class StoreWatchdog implements AutoCloseable {
    /** Something that must end in time. */
    interface Watched {
        /** On the clock of {@code System.nanoTime()}. */
        long deadline();

        /** Ends it; called at most once, and only between {@link #watch} and {@link #leave}. */
        void expire();
    }

    private final List<Watched> watched = new ArrayList<>();
    private @Nullable Thread thread;
    private long wakeAt;
    private boolean closed;

    synchronized void watch(Watched call) {
        watched.add(call);
        long deadline = call.deadline();
        if (thread == null) {
            wakeAt = deadline;
            thread = Thread.ofPlatform()
                    .daemon()
                    .name("portolan store deadlines")
                    .start(this::run);
        } else if (deadline - wakeAt < 0) {
            wakeAt = deadline;
            LockSupport.unpark(thread);
        }
    }

    synchronized void leave(Watched call) {
        watched.remove(call);
    }

    @Override
    public synchronized void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        for (long pause = check(); pause >= 0; pause = check()) {
            LockSupport.parkNanos(this, pause);
        }
    }

    /** Closes what is late; gives the time to the next deadline in nanoseconds, negative for the end of the watch. */
    private synchronized long check() {
        long now = System.nanoTime();
        if (closed) {
            return -1;
        }
        // Without a call in progress there is nothing to watch, and the next one need not wake this thread for a day.
        long next = Long.MAX_VALUE / 2;
        for (Watched call : List.copyOf(watched)) {
            long left = call.deadline() - now;
            if (left <= 0) {
                watched.remove(call);
                call.expire();
            } else {
                next = Math.min(next, left);
            }
        }
        wakeAt = now + next;
        return next;
    }
}
