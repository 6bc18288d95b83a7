package org.portolan.controller;

import java.time.Duration;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreException;

/**
 * The store as a leader's runs use it: locks are taken under the leadership, and count as held only while that is. So whatever runs,
 * forward or back, ends before its next action once another process may lead; what it leaves is continued there.
 */
final class LeaderStore extends ForwardedStore {
    private final Lease leader;

    LeaderStore(Store inner, Lease leader) {
        super(inner);
        this.leader = leader;
    }

    /** A deployment's lease of a leader. */
    private record LedLease(Lease inner, Lease leader) implements Lease {
        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public long token() {
            return inner.token();
        }

        @Override
        public long previous() {
            return inner.previous();
        }

        @Override
        public boolean held() {
            return leader.held() && inner.held();
        }

        @Override
        public Duration left() {
            Duration own = inner.left();
            Duration above = leader.left();
            return above.compareTo(own) < 0 ? above : own;
        }

        @Override
        public Optional<Failure> trouble() {
            return inner.trouble().or(leader::trouble);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    @Override
    public Optional<Lease> acquire(String name, String purpose) {
        return inner().acquire(name, purpose, leader).map(lease -> new LedLease(lease, leader));
    }

    @Override
    public Optional<Lease> acquire(String name, String purpose, Lease under) {
        throw new IllegalArgumentException("locks of a leader are under its leadership already");
    }

    @Override
    public void commit(Lease lease, Commit commit) {
        inner().commit(led(lease), commit);
    }

    /** @throws StoreException with {@link Kind#FENCED} once another process may lead */
    void requireLeads() {
        if (!leader.held()) {
            throw new StoreException(
                    Kind.FENCED,
                    "this controller no longer leads: another process may have taken over",
                    Optional.empty());
        }
    }

    private Lease led(Lease lease) {
        requireLeads();
        return lease instanceof LedLease led ? led.inner() : lease;
    }

    @Override
    public void position(Lease lease, String reader, String id) {
        inner().position(led(lease), reader, id);
    }

    /** Closed by whoever opened it: several leaderships of a process use it one after the other. */
    @Override
    public void close() {
        // Above.
    }
}
