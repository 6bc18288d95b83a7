package org.portolan.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Container;
import org.portolan.model.event.AdoptionEvent;
import org.portolan.model.event.AdoptionEvent.Fate;
import org.portolan.model.labels.ComposeProject;
import org.portolan.model.labels.Labels;
import org.portolan.model.state.Adoption;
import org.portolan.model.state.Adoption.Adopted;
import org.portolan.model.state.DeploymentState;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/**
 * Takes the place of containers that a deployment's state names: stops them, and later removes them or starts them again. Only
 * a container that still has the label of its Compose project, and no label of an installation, is ever touched. Each call
 * finds done what an earlier process did.
 */
public final class ContainerAdoption {
    private final Installation installation;
    private final LeaseRecorder recorder;

    ContainerAdoption(Installation installation, LeaseRecorder recorder) {
        this.installation = installation;
        this.recorder = recorder;
    }

    /** Of a deployment whose release is not in progress. */
    public ContainerAdoption(Installation installation, Lease lease, DeploymentState state) {
        this(installation, new LeaseRecorder(installation.store(), lease, state, installation.secrets()));
    }

    /**
     * Stops them; the engine does not start them again by itself, not even when it restarts.
     *
     * @throws Failure when one does not stop: nothing may start beside it
     */
    void stop() {
        Engine engine = installation.engine();
        recorder.state().adoption().ifPresent(adoption -> adoption.containers().forEach((id, was) -> {
            Optional<Container> found = theirs(id, was);
            if (found.isEmpty()) {
                return;
            }
            if (!found.get().restart().equals("no")) {
                engine.setRestart(id, "no");
            }
            if (!ended(found.get())) {
                engine.stop(id, Optional.empty(), was.grace());
                if (theirs(id, was).filter(now -> !ended(now)).isPresent()) {
                    throw new Failure(
                                    Kind.FAILED,
                                    was.name() + " of the Compose project " + was.project() + " still runs")
                            .withHint("stop it, docker stop " + was.name() + ", and deploy again");
                }
                publish(Fate.STOPPED, was);
            }
        }));
    }

    /** Ends what a process that died left: removes them, once that is decided. */
    public void finish() {
        if (recorder.state().adoption().filter(Adoption::decided).isPresent()) {
            remove();
        }
    }

    /** Removes them, none of their volumes with them. */
    void remove() {
        recorder.state().adoption().ifPresent(adoption -> {
            adoption.containers().forEach((id, was) -> theirs(id, was).ifPresent(container -> {
                installation.engine().remove(id, true);
                publish(Fate.REMOVED, was);
            }));
            forget();
        });
    }

    /**
     * Starts those again that ran.
     *
     * @return what became of it, for people; "" when there was none, or all of them run
     */
    public String resume() {
        Optional<Adoption> adoption = recorder.state().adoption();
        List<String> troubles = new ArrayList<>();
        adoption.ifPresent(begun -> begun.containers().forEach((id, was) -> {
            try {
                resume(id, was);
            } catch (EngineException trouble) {
                if (trouble.kind().leavesUnfinished()) {
                    throw trouble;
                }
                troubles.add(was.name() + " of the Compose project " + was.project() + " could not be started again ("
                        + trouble.what() + "); when the cause is gone: docker start " + was.name());
            }
        }));
        if (adoption.isPresent() && troubles.isEmpty()) {
            forget();
        }
        return String.join("; ", troubles);
    }

    private void resume(String id, Adopted was) {
        Optional<Container> found = theirs(id, was);
        if (found.isEmpty()) {
            return;
        }
        if (!was.restart().equals(found.get().restart())) {
            installation.engine().setRestart(id, was.restart());
        }
        if (was.ran() && ended(found.get())) {
            installation.engine().start(id);
            publish(Fate.RESUMED, was);
        }
    }

    private void forget() {
        recorder.commit(
                Commit.of(recorder.state().change().adoption(Optional.empty()).build()));
    }

    private Optional<Container> theirs(String id, Adopted was) {
        return installation
                .engine()
                .inspect(id)
                .filter(container -> container.label(ComposeProject.PROJECT).equals(was.project())
                        && container.label(Labels.INSTALLATION).isEmpty());
    }

    private static boolean ended(Container container) {
        return switch (container.state()) {
            case CREATED, EXITED, DEAD -> true;
            default -> false;
        };
    }

    private void publish(Fate fate, Adopted was) {
        installation.publish(recorder.state().name(), new AdoptionEvent(fate, was.project(), was.name()));
    }
}
