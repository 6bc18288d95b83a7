package org.portolan.release;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.state.JobRun;
import org.portolan.rollout.RolloutProgress;

/** Writes what a release does to the store, under its lease. */
public interface Recorder {
    /**
     * Writes events, and what must be remembered, in one change; before a step and after it.
     *
     * @throws org.portolan.store.StoreException when it cannot be written: nothing may be done then
     */
    void record(List<Event> events, Map<String, RolloutProgress> progresses);

    /** Writes how a job's attempt ended, in the place of its earlier end. */
    void ended(JobRun job);

    /** Whether this process is still the one that decides. */
    boolean decides();

    /** Why it no longer decides, where that is known. */
    default Optional<Failure> trouble() {
        return Optional.empty();
    }
}
