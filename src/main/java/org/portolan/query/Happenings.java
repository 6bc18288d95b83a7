package org.portolan.query;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.portolan.model.event.Event;

/** What happened, and what happens: every event once, in order. */
public interface Happenings extends AutoCloseable {
    /**
     * The last of those that are wanted, oldest first.
     *
     * @param since the id after which they begin; "" for all that are kept
     */
    List<Event> past(String since, int tail);

    /** Hands on whatever comes after what {@link #past} gave, until told to end or interrupted; nothing if it is not followed. */
    void follow(Consumer<Event> sink, BooleanSupplier ended);

    @Override
    void close();
}
