package org.portolan.controller;

import java.util.Optional;
import org.portolan.model.state.AskedChange;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * The store as a change uses it that was asked for with an idempotency key: in one step with the commit that begins it the store gets to
 * know that it has begun. So whoever leads next knows it exactly then.
 */
public final class KeyedStore extends ForwardedStore {
    private final Marks marks;

    public KeyedStore(Store inner, Marks marks) {
        super(inner);
        this.marks = marks;
    }

    /** Tells what a commit means for what was asked for. */
    public interface Marks {
        /** What is to be kept of it with the commit; empty: the same as before. */
        Optional<AskedChange> with(Commit commit);

        /** That was kept. */
        void kept(AskedChange now);

        /** Whether that was kept is not known. */
        void unknown();
    }

    @Override
    public void commit(Lease lease, Commit commit) {
        Optional<AskedChange> next = marks.with(commit);
        if (next.isEmpty()) {
            inner().commit(lease, commit);
            return;
        }
        try {
            inner().commit(lease, commit.with(Commit.Asked.of(next.get())));
        } catch (RuntimeException failed) {
            marks.unknown();
            throw failed;
        }
        marks.kept(next.get());
    }
}
