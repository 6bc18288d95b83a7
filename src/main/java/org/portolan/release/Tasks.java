package org.portolan.release;

import java.time.Duration;

/** Runs what takes time elsewhere, so that the loop can continue; a simulation runs it at once and moves its own clock. */
public interface Tasks {
    /** Runs the task soon; its end wakes {@link #await}. */
    void submit(Runnable task);

    /** Waits until something ended or was woken, or the time is over. */
    void await(Duration most);

    /** Wakes {@link #await}. */
    void wake();
}
