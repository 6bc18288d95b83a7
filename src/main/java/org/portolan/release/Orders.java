package org.portolan.release;

import java.util.List;

/** What people ordered of a release while it is in progress; every order since its start, oldest first. */
@FunctionalInterface
public interface Orders {
    /** Nobody orders anything. */
    Orders NONE = List::of;

    List<Order> all();

    /** The orders. */
    enum Order {
        /** Let the canary's present step continue. */
        PROMOTE,
        /** Take the release back. */
        ABORT,
        /** Begin nothing new until {@link #RESUME}. */
        PAUSE,
        RESUME
    }
}
