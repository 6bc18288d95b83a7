package org.portolan.model.event;

import java.util.Locale;

/** What a person can order of a release in progress. */
public enum ReleaseOrder {
    /** Continue after the canary's current step. */
    PROMOTE(EventKind.ORDER_PROMOTE),
    /** Roll the release back. */
    ABORT(EventKind.ORDER_ABORT),
    /** Begin nothing new until {@link #RESUME}. */
    PAUSE(EventKind.ORDER_PAUSE),
    RESUME(EventKind.ORDER_RESUME);

    private final EventKind kind;

    ReleaseOrder(EventKind kind) {
        this.kind = kind;
    }

    EventKind kind() {
        return kind;
    }

    /** The order as a verb. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
