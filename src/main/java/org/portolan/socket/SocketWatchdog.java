package org.portolan.socket;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends what takes longer than it may by closing it, which wakes the thread that is blocked on it. One daemon thread watches
 * all connections of its owner; it is started by the first guard, and woken only by one that ends before the moment that it
 * already waits for.
 */
public final class SocketWatchdog implements AutoCloseable {
    private final List<Guard> guards = new ArrayList<>();
    private @Nullable Thread thread;
    private long wakeAt;
    private boolean closed;

    /** Closes {@code what} when {@code limit} has passed, unless the guard is closed before. */
    public Guard guard(Duration limit, Closeable what) {
        Guard guard = new Guard(System.nanoTime() + limit.toNanos(), what);
        watch(guard);
        return guard;
    }

    private synchronized void watch(Guard guard) {
        guards.add(guard);
        if (thread == null) {
            wakeAt = guard.end;
            thread = Thread.ofPlatform().daemon().name("portolan deadlines").start(this::run);
        } else if (guard.end - wakeAt < 0) {
            wakeAt = guard.end;
            LockSupport.unpark(thread);
        }
    }

    private synchronized void leave(Guard guard) {
        guards.remove(guard);
    }

    /** Ends the watch; what is still guarded is left alone. */
    @Override
    public synchronized void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        List<Guard> late = new ArrayList<>();
        for (long pause = check(late); pause >= 0; pause = check(late)) {
            // Closing may take a while, so no lock is held.
            late.forEach(Guard::fire);
            late.clear();
            LockSupport.parkNanos(this, pause);
        }
    }

    /** Takes out what is late; gives the time to the next deadline in nanoseconds, negative for the end of the watch. */
    private synchronized long check(List<Guard> late) {
        if (closed) {
            return -1;
        }
        long now = System.nanoTime();
        // Without a guard there is nothing to watch, and the next one need not wake this thread for a day.
        long next = Long.MAX_VALUE / 2;
        for (Guard guard : guards) {
            long left = guard.end - now;
            if (left <= 0) {
                late.add(guard);
            } else {
                next = Math.min(next, left);
            }
        }
        guards.removeAll(late);
        wakeAt = now + next;
        return next;
    }

    // No record: the equality that a record gets costs a command ten milliseconds when it is first asked for.
    /** One wait that must end in time. */
    public final class Guard implements AutoCloseable {
        private final long end;
        private final Closeable what;
        private boolean over;
        private boolean expired;

        private Guard(long end, Closeable what) {
            this.end = end;
            this.what = what;
        }

        /** Whether the deadline passed and the thing was closed for it. */
        public synchronized boolean expired() {
            return expired;
        }

        private void fire() {
            if (!expire()) {
                return;
            }
            try {
                what.close();
            } catch (IOException | RuntimeException alreadyBroken) {
                // Whoever waits on it sees the end either way.
            }
        }

        private synchronized boolean expire() {
            expired = !over;
            return expired;
        }

        /** The wait is over in time. */
        @Override
        public void close() {
            synchronized (this) {
                over = true;
            }
            leave(this);
        }
    }
}
