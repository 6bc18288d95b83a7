package org.portolan.controller;

import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * The store as commands use it that change something themselves: they take no lock while a controller leads. That is read while the lock is
 * held, so it is true for as long as it is: who begins to lead later finds the lock taken, and leaves alone what it guards.
 */
public final class UnledStore extends ForwardedStore {
    private final Waiting waiting;

    /** @param waiting what is done while a controller leads that was not asked */
    public UnledStore(Store inner, Waiting waiting) {
        super(inner);
        this.waiting = waiting;
    }

    /** Waits for a controller that leads and is not asked: it may be beginning to listen, or ending. */
    @FunctionalInterface
    public interface Waiting {
        /**
         * Waits a moment.
         *
         * @param leader who leads, for people
         * @throws Failure when it is to be asked now, or is not waited for any longer
         */
        void pause(String leader);
    }

    /** @throws Failure as waiting ends while a controller leads */
    @Override
    public Optional<Lease> acquire(String name, String purpose) {
        while (true) {
            Optional<Lease> lease = inner().acquire(name, purpose);
            // Also where somebody else has the lock: that may be the controller, which nobody has to wait for here.
            Optional<String> leader;
            try {
                leader = Leadership.leader(inner());
            } catch (RuntimeException notKnown) {
                lease.ifPresent(Lease::close);
                throw notKnown;
            }
            if (leader.isEmpty()) {
                return lease;
            }
            lease.ifPresent(Lease::close);
            waiting.pause(leader.get());
        }
    }
}
