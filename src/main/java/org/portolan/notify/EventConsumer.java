package org.portolan.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.portolan.model.event.Event;

/** What gets the events of the store, in order, each until it has taken it. */
interface EventConsumer {
    /** What its position in the store is called by. */
    String name();

    /**
     * Takes events, or some of them from the first on.
     *
     * @param batch not empty
     */
    Taken take(List<Event> batch, Instant now);

    /**
     * How far it came.
     *
     * @param position the id of the last event that it took; "" when it took none
     * @param sent whether anything was sent for them
     * @param pause how long to leave it alone
     */
    record Taken(String position, boolean sent, Duration pause) {
        static Taken nothing(Duration pause) {
            return new Taken("", false, pause);
        }
    }
}
