package org.portolan.controller;

import java.util.Optional;
import java.util.function.Supplier;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * The store as commands use it that change something themselves: they take no lock while a controller leads. That is read while the lock is
 * held, so it is true for as long as it is: who begins to lead later finds the lock taken, and leaves alone what it guards.
 */
public final class UnledStore extends ForwardedStore {
    private final Supplier<String> why;

    /** @param why the controller that leads is not asked instead, as the end of a sentence about it */
    public UnledStore(Store inner, Supplier<String> why) {
        super(inner);
        this.why = why;
    }

    /** @throws Failure {@link Kind#UNREACHABLE} while a controller leads */
    @Override
    public Optional<Lease> acquire(String name, String purpose) {
        Optional<Lease> lease = inner().acquire(name, purpose);
        // Also where somebody else has the lock: that may be the controller, which nobody has to wait for here.
        Optional<String> leader;
        try {
            leader = Leadership.leader(inner());
        } catch (RuntimeException notKnown) {
            lease.ifPresent(Lease::close);
            throw notKnown;
        }
        if (leader.isPresent()) {
            lease.ifPresent(Lease::close);
            throw new Failure(Kind.UNREACHABLE, "a controller leads, and " + why.get() + ": " + leader.get())
                    .withHint(
                            "nothing was changed; if it has just started, run the command again; if it hangs, end that process (kill -9): commands act without it once it"
                                    + " has ended, or 15 s after it stopped working");
        }
        return lease;
    }
}
