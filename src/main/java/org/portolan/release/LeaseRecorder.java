package org.portolan.release;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.service.Secrets;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.JobRun;
import org.portolan.rollout.RolloutProgress;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** Writes a release's events and progress under its lease. Keeps the state that was written last. */
final class LeaseRecorder implements Recorder {
    private final Store store;
    private final Lease lease;
    private final Secrets secrets;
    private DeploymentState state;

    LeaseRecorder(Store store, Lease lease, DeploymentState state, Secrets secrets) {
        this.store = store;
        this.secrets = secrets;
        this.lease = lease;
        this.state = state;
    }

    DeploymentState state() {
        return state;
    }

    /** Writes a change of the state. */
    void commit(Commit commit) {
        store.commit(lease, commit);
        commit.state().ifPresent(written -> state = written);
    }

    @Override
    public void record(List<Event> told, Map<String, RolloutProgress> progresses) {
        List<Event> events =
                told.stream().map(event -> event.masked(secrets::mask)).toList();
        if (progresses.isEmpty() || state.running().isEmpty()) {
            store.commit(lease, Commit.events(state.name(), events));
            return;
        }
        DeploymentState.Running running = state.running().get();
        SortedMap<String, String> texts = new TreeMap<>(running.progress());
        progresses.forEach((service, progress) -> texts.put(service, progress.text()));
        DeploymentState next =
                state.change().running(Optional.of(running.reached(texts))).build();
        commit(Commit.of(next).withEvents(events));
    }

    @Override
    public void ended(JobRun job) {
        commit(Commit.of(state.change().jobs(state.jobsWith(job)).build()));
    }

    @Override
    public boolean decides() {
        return lease.held();
    }

    @Override
    public Optional<Failure> trouble() {
        return lease.trouble();
    }
}
