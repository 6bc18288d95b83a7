package org.portolan.query;

import java.util.List;
import org.portolan.model.event.Event;

/**
 * How many events are read from the store at once: few at first, more while they are small. So what is held is bounded by its size, though
 * the store counts events.
 */
final class EventPages {
    private static final int FIRST = 16;
    private static final int MOST = 512;

    /** Characters of a page that is large enough. */
    private static final int ENOUGH = 64 * 1024;

    /** What an event takes beside its texts. */
    private static final int EVENT = 200;

    private int limit = FIRST;

    /** For the next page. */
    int limit() {
        return limit;
    }

    /** Looks at a page that was read, for the next one. */
    void read(List<Event> page) {
        long size = page.stream().mapToLong(EventPages::size).sum();
        if (size < ENOUGH / 2) {
            limit = Math.min(MOST, limit * 2);
        } else if (size > ENOUGH) {
            limit = Math.max(1, limit / 2);
        }
    }

    /** Roughly, in characters. */
    static int size(Event event) {
        return EVENT
                + event.message().length()
                + String.valueOf(event.data().fields()).length();
    }
}
