package org.portolan.release;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.event.ReleaseEvent.Unavailable;

/** A time in which what a release works with does not answer. What was begun stays as it is meanwhile. */
final class Outage {
    private final Tasks tasks;
    private final InstantSource clock;
    private final EventRecorder events;
    private Optional<Instant> since = Optional.empty();

    Outage(Tasks tasks, InstantSource clock, EventRecorder events) {
        this.tasks = tasks;
        this.clock = clock;
        this.events = events;
    }

    /** Whether the last attempt failed. */
    boolean lasts() {
        return since.isPresent();
    }

    void end() {
        since = Optional.empty();
    }

    /** Waits a little; throws what cannot end by itself, or lasts too long. */
    void await(Failure trouble) {
        if (!trouble.kind().passes()) {
            throw trouble;
        }
        Instant began = since.orElse(clock.instant());
        if (since.isEmpty()) {
            events.publish(new Unavailable(trouble.what()));
        }
        since = Optional.of(began);
        if (clock.instant().isAfter(began.plus(Retries.PATIENCE))) {
            throw trouble;
        }
        tasks.await(Retries.PAUSE);
    }
}
