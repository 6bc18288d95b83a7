package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.portolan.model.event.ReleaseOrder;

/** What a person ordered of a release so far. */
final class TakenOrders {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final ReleaseRequest run;
    private Instant read;
    private int taken;
    private boolean paused;
    private boolean aborted;

    TakenOrders(ReleaseRequest run, Instant now) {
        this.run = run;
        read = now;
    }

    /** Whether no new step may begin. */
    boolean paused() {
        return paused;
    }

    boolean aborted() {
        return aborted;
    }

    /**
     * Looks now and then; the first look is after a while.
     *
     * @param promote what an order to continue a canary does
     */
    void look(Instant now, Runnable promote) {
        if (!run.forward() || now.isBefore(read.plus(LOOK_EVERY))) {
            return;
        }
        read = now;
        List<ReleaseOrder> all = run.ordered();
        for (; taken < all.size(); taken++) {
            switch (all.get(taken)) {
                case PROMOTE -> promote.run();
                case ABORT -> aborted = true;
                case PAUSE -> paused = true;
                case RESUME -> paused = false;
            }
        }
    }
}
