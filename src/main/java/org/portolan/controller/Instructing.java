package org.portolan.controller;

import java.time.Duration;
import java.util.Optional;
import org.portolan.model.state.Standing;
import org.portolan.operate.Mandate;
import org.portolan.reconcile.WorkKey;

/** What people tell the controller: written down beside it, or through the one that leads. */
public interface Instructing {
    /**
     * Says that the controller leaves something alone from now on; what people ask for is done all the same. Of one that is
     * suspended already the reason is the new one.
     *
     * @throws org.portolan.model.Failure with {@code NOT_FOUND} when nobody knows of it
     */
    void suspend(WorkKey key, Mandate mandate);

    /**
     * Says that the controller looks after something again.
     *
     * @throws org.portolan.model.Failure with {@code NOT_RUNNING} when it does that already
     */
    void resume(WorkKey key, Mandate mandate);

    /**
     * Agrees to what a standing shows. It is done once, and only if that is still what is needed.
     *
     * @throws org.portolan.model.Failure with {@code STALE} when something else, or nothing, waits by now
     */
    void approve(Standing shown, Mandate mandate);

    /**
     * Has a source looked at now, and waits until what that causes has been carried out.
     *
     * @param most how long to wait; empty: not at all
     * @return whether anything was changed, as far as that was waited for
     * @throws org.portolan.model.Failure with {@code NOT_FOUND} when no such source is followed, {@code FAILED} when not all is as it
     *     says, {@code UNAVAILABLE} when that is not carried out by then
     */
    boolean look(String source, Optional<Duration> most, Mandate mandate);
}
