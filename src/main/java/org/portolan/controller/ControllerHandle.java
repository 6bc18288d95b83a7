package org.portolan.controller;

import java.time.Duration;
import java.util.List;
import org.portolan.model.event.EventData;
import org.portolan.model.event.EventSink;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Standing;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.RunObserver;
import org.portolan.reconcile.WorkKey;
import org.portolan.reconcile.WorkQueue;
import org.portolan.release.Installation;
import org.portolan.store.Commit;

/** The controller as doors use it, while it leads. May be used from many threads. */
public interface ControllerHandle {
    /** Has a source or a deployment looked at soon; at once when the cause is {@link Cause#urgent}. Never waits. */
    void mark(WorkKey key, Cause cause);

    /** How sources and deployments stand, as last observed. */
    List<Standing> standings();

    /** Has one more source followed, from now until this process no longer leads; no error when it is already. */
    void follow(Followed source);

    /** What is followed of a source of the configuration: itself or its branches, and what its patterns stand for now. */
    List<Followed> followed(String source);

    /** What one that is followed was last read to say. */
    List<Desired> declared(String followed);

    /** Says how the API stands, which is kept while there is something to say of it. */
    void stands(Standing.Condition condition, String what);

    /** How a source or a deployment stands in the queue. */
    WorkQueue.Progress progress(WorkKey key);

    /** How much is in the queue. */
    WorkQueue.Load load();

    /** Tells somebody how each run ended, from now on until this process no longer leads. The receiver must not wait. */
    void observe(RunObserver observer);

    /** How long this process still leads if the store does not answer from now on. */
    Duration leaseLeft();

    /** Tells somebody of every event of this controller from now on; closing ends it. The receiver must not wait. */
    Listening listen(EventSink receiver);

    /** Ends with {@link #close}. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Tells what a door was asked for, and keeps it.
     *
     * @param deployment that it is about; "" for none
     * @throws org.portolan.model.Failure when it cannot be kept: what cannot be audited is not done
     */
    void record(String deployment, EventData what);

    /**
     * Tells what a door was asked for with a key, and keeps both in one step.
     *
     * @param deployments that it is about; "" for none
     * @throws org.portolan.model.Failure when it cannot be kept
     */
    void record(List<String> deployments, EventData what, Commit.Asked asked);

    /**
     * Keeps what became of what was asked for with a key.
     *
     * @throws org.portolan.model.Failure when it cannot be kept
     */
    void keep(Commit.Asked asked);

    /** What requests are carried out with: it changes nothing any more once this process no longer leads. */
    Installation installation();
}
