package org.portolan.remote;

import java.time.Duration;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * How long a controller that does not answer is asked again.
 *
 * @param most after which it is given up
 * @param pause between two attempts
 */
record Patience(Duration most, Duration pause) {
    /** A leader that is gone has a successor by then. */
    static final Patience USUAL = new Patience(Duration.ofSeconds(30), Duration.ofMillis(300));

    /** So long nobody listens while the leadership is handed over. */
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Whether it is over, for what began at this {@link System#nanoTime}. */
    boolean over(long began) {
        return System.nanoTime() - began > most.toNanos();
    }

    /** The same where nothing was asked for yet: the address may be a wrong one. */
    boolean overSoon(long began) {
        return System.nanoTime() - began > Math.min(most.toNanos(), SOON.toNanos());
    }

    /** Waits before the next attempt. */
    void sleep() {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Kind.UNREACHABLE, "stopped while waiting for the controller").withCause(stopped);
        }
    }
}
