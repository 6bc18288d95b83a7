package org.portolan.engine.docker;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends what takes longer than its deadline by closing it: the only thing that wakes a thread which is blocked on a unix
 * socket, since those know no timeouts. One daemon thread, started by the first guard.
 */
final class CallWatchdog implements AutoCloseable {
    private final DelayQueue<Guard> guards = new DelayQueue<>();
    private @Nullable Thread thread;

    /** Closes {@code what} when {@code limit} has passed, unless the guard is closed before. */
    Guard guard(Duration limit, Closeable what) {
        Guard guard = new Guard(System.nanoTime() + limit.toNanos(), what);
        guards.add(guard);
        start();
        return guard;
    }

    private synchronized void start() {
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("engine-deadlines").start(this::watch);
        }
    }

    private void watch() {
        try {
            while (true) {
                guards.take().fire();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }

    /** One thing that is watched. */
    final class Guard implements Delayed, AutoCloseable {
        private final long end;
        private final Closeable what;
        private volatile boolean expired;

        private Guard(long end, Closeable what) {
            this.end = end;
            this.what = what;
        }

        /** Whether the deadline passed and the thing was closed for it. */
        boolean expired() {
            return expired;
        }

        private void fire() {
            expired = true;
            try {
                what.close();
            } catch (IOException | RuntimeException alreadyBroken) {
                // Whoever waits on it sees the end either way.
            }
        }

        @Override
        public void close() {
            guards.remove(this);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
