package org.portolan.model.event;

import java.util.Locale;

/** How much an event matters to a person who watches, and so how it is shown. */
public enum EventLevel {
    /** A job: begins with {@code "---> "}. */
    JOB,
    /** Detail, indented under its job. */
    DETAIL,
    /** Passing state of a service (waits for …): shown on a terminal only, one line a service that changes in place. */
    PROGRESS,
    WARNING,
    ERROR,
    /** Too small for whoever watches a command; kept, for {@code events} and {@code history}. */
    TRACE;

    /** The word in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
