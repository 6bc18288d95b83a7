package org.portolan.reconcile;

import java.time.Duration;

/**
 * How long to wait after failures in a row: doubling from the first to the longest, each spread at random so that what failed
 * together does not come back together.
 *
 * @param spread the share of the time by which it may be shorter or longer, 0 to below 1
 */
public record Backoff(Duration first, Duration longest, double spread) {
    /** The usual one. */
    public static final Backoff USUAL = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), 0.2);

    /**
     * The time to wait.
     *
     * @param failures in a row, from 1
     * @param draw at random, 0 to below 1
     */
    public Duration after(int failures, double draw) {
        int doublings = Math.clamp(failures - 1L, 0, Long.SIZE / 2);
        long most = longest.toMillis();
        long millis = Math.min(most, first.toMillis() << doublings);
        if (millis < 0) {
            millis = most;
        }
        return spread(Duration.ofMillis(millis), draw);
    }

    /** A time, shorter or longer by the spread. */
    public Duration spread(Duration time, double draw) {
        return Duration.ofMillis(Math.max(1, Math.round(time.toMillis() * (1 - spread + 2 * spread * draw))));
    }
}
