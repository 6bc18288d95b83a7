package org.portolan.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that only moves when told. May be used from many threads. */
public final class VirtualClock implements InstantSource {
    private Instant now;

    public VirtualClock(Instant start) {
        this.now = start;
    }

    /** Begins at a moment that is the same in every run. */
    public VirtualClock() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Moves the clock; a negative duration is a clock that was set back. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }
}
