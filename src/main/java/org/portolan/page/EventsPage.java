package org.portolan.page;

import java.util.List;
import org.portolan.model.event.Event;

/**
 * What happened, newest first.
 *
 * @param older where older ones are; "" when there are none
 */
public record EventsPage(PageFrame frame, List<EventRow> events, String older) implements PageBody {

    /**
     * The page of some of them.
     *
     * @param events oldest first
     */
    public static EventsPage of(PageFrame frame, List<Event> events, String older) {
        return new EventsPage(
                frame,
                events.reversed().stream()
                        .filter(EventRow::telling)
                        .map(EventRow::of)
                        .toList(),
                older);
    }

    /** Whether there are older ones. */
    public boolean more() {
        return !older.isEmpty();
    }

    /** Whether nothing happened. */
    public boolean empty() {
        return events.isEmpty();
    }
}
