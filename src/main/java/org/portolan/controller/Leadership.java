package org.portolan.controller;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * Which of several controllers acts: the one that holds a lock in the store. It is renewed at a third of its time and no longer
 * counts as held before that time is over, so that the one that lost it stops before another begins.
 */
final class Leadership {
    private static final String PURPOSE = "controller";

    private final Store store;
    private @Nullable Lease lease;

    Leadership(Store store) {
        this.store = store;
    }

    /** Who leads the store's installation, for people; empty when nobody does. */
    static Optional<String> leader(Store store) {
        return store.holder(Store.LEADER);
    }

    /** The lease while it is held; one that was lost is given up, and never taken up again. */
    Optional<Lease> held() {
        Lease known = lease;
        if (known != null && !known.held()) {
            lease = null;
            known.close();
            return Optional.empty();
        }
        return Optional.ofNullable(known);
    }

    /** Takes the leadership if nobody has it. */
    Optional<Lease> seek() {
        Optional<Lease> taken = store.acquire(Store.LEADER, PURPOSE);
        lease = taken.orElse(null);
        return taken;
    }

    /** Gives it up, so that a standby leads at once. */
    void resign() {
        Lease known = lease;
        lease = null;
        if (known != null) {
            known.close();
        }
    }
}
