package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreException;

/**
 * A lock in Redis, renewed by a separate thread. A lock that the store lost (flushed, or restarted from an older file) is
 * put back as long as this holder is surely still the only one; after an outage of more than two thirds of the lock's time
 * it must be found untouched to be held again.
 */
final class RedisLease implements Lease {
    static final Duration RENEW_EVERY = Store.LEASE_TIME.dividedBy(3);
    private static final Duration SAFE = Store.LEASE_TIME.multipliedBy(2).dividedBy(3);
    private static final Duration RETRY_EVERY = Duration.ofSeconds(1);

    private final ConnectionPool links;
    private final Keys keys;
    private final String name;
    private final long token;
    private final long previous;
    private final byte[] value;
    private final Object wake = new Object();
    private volatile long renewedAt;
    private volatile boolean lost;
    private volatile @Nullable StoreException trouble;
    private boolean closed;

    /**
     * Begins renewing.
     *
     * @param takenAt {@code System.nanoTime()} before the lock was asked for
     */
    RedisLease(ConnectionPool links, Keys keys, String name, long token, long previous, byte[] value, long takenAt) {
        this.links = links;
        this.keys = keys;
        this.name = name;
        this.token = token;
        this.previous = previous;
        this.value = value;
        this.renewedAt = takenAt;
        Thread.ofPlatform().daemon().name("portolan lease of " + name).start(this::keep);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public long previous() {
        return previous;
    }

    @Override
    public boolean held() {
        return !lost && isFresh();
    }

    @Override
    public Duration left() {
        long nanos = SAFE.toNanos() - (System.nanoTime() - renewedAt);
        return lost || nanos < 0 ? Duration.ZERO : Duration.ofNanos(nanos);
    }

    @Override
    public Optional<Failure> trouble() {
        return lost || isFresh() ? Optional.empty() : Optional.ofNullable(trouble);
    }

    /** What stands in the lock. */
    byte[] value() {
        return value.clone();
    }

    /** As {@link #held}, but asks the store first when the last renewal is too long ago. */
    boolean holds() {
        if (!lost && !isFresh()) {
            renew();
        }
        return held();
    }

    private boolean isFresh() {
        return System.nanoTime() - renewedAt < SAFE.toNanos();
    }

    private void keep() {
        Duration pause = RENEW_EVERY;
        while (pauseFor(pause) && !lost && !links.isClosed()) {
            try {
                renew();
                pause = RENEW_EVERY;
            } catch (StoreException unreachable) {
                trouble = unreachable;
                pause = RETRY_EVERY;
            }
        }
    }

    /** Waits; false when the lease was closed meanwhile. */
    private boolean pauseFor(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        synchronized (wake) {
            for (long left = pause.toMillis(); !closed && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                try {
                    wake.wait(left);
                } catch (InterruptedException interrupted) {
                    return false;
                }
            }
            return !closed;
        }
    }

    private synchronized void renew() {
        long asked = System.nanoTime();
        Object reply = links.confirmed(
                Command.EVAL,
                bytes(Scripts.RENEW),
                bytes("3"),
                bytes(keys.lock(name)),
                bytes(keys.fence(name)),
                bytes(keys.token()),
                value,
                bytes(Long.toString(token)),
                bytes(Long.toString(Store.LEASE_TIME.toMillis())),
                bytes(isFresh() ? "1" : "0"));
        if (reply instanceof Long one && one == 1) {
            renewedAt = asked;
            trouble = null;
        } else {
            lost = true;
        }
    }

    @Override
    public void close() {
        synchronized (wake) {
            if (closed) {
                return;
            }
            closed = true;
            wake.notifyAll();
        }
        boolean mayHold = !lost;
        lost = true;
        if (mayHold) {
            try {
                links.call(Command.EVAL, bytes(Scripts.RELEASE), bytes("1"), bytes(keys.lock(name)), value);
            } catch (StoreException unreachable) {
                // The lock ends by itself; failing here would hide how the work under it ended.
            }
        }
    }
}
