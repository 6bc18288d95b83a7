package org.portolan.controller;

import java.time.Duration;
import java.util.List;

/**
 * Something that listens while this process leads: an API, a Git server. The controller starts it when it begins to lead, and
 * stops it when it no longer does, so that a standby can take its address over.
 */
public interface Door {
    /**
     * Begins to listen; may be called again after {@link #stop}.
     *
     * @throws org.portolan.model.Failure when it cannot: the controller leads all the same and tries again
     */
    void start(ControllerHandle controller);

    /** Takes no new requests at once, while other doors are stopped too, and ends those in progress within the time. No error when it does not listen. */
    void stop(Duration deadline);

    /** The configuration is another one now; called only while it listens, and from several threads. */
    default void reconfigured(ControllerHandle controller) {}

    /** How many changes that were asked for through it are in progress, after {@link #stop} too: leadership is kept for them a while. */
    default int running() {
        return 0;
    }

    /** Whether what {@link #start} began to listen on still can be reached, as observed; else it is called again. Asked every second. */
    default boolean listens() {
        return true;
    }

    /** What is listened on, as observed, a line each; none when it does not listen. */
    List<String> describe();
}
