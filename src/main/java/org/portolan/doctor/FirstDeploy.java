package org.portolan.doctor;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventSink;
import org.portolan.model.event.InstanceEvent.InstanceServing;

/**
 * Passes events on, and when the first instance of a deployment without a good release serves, looks beside the release
 * whether containers reach the mesh: a firewall that drops it looks like a sick service otherwise.
 */
public final class FirstDeploy implements EventSink, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private final Examined examined;
    private final EventSink next;
    private final Consumer<Finding> found;
    private final Set<String> seen = new HashSet<>();
    private final Set<Thread> looking = new HashSet<>();

    /**
     * @param next gets every event
     * @param found gets what is wrong, at most once for a deployment, from a separate thread
     */
    public FirstDeploy(Examined examined, EventSink next, Consumer<Finding> found) {
        this.examined = examined;
        this.next = next;
        this.found = found;
    }

    @Override
    public void accept(Event event) {
        next.accept(event);
        if (event.data() instanceof InstanceServing) {
            synchronized (this) {
                if (!seen.contains(event.deployment())
                        && usesMesh(event.deployment())
                        && seen.add(event.deployment())
                        && isFirst(event.deployment())) {
                    looking.add(Thread.ofPlatform().daemon().start(() -> look(event.deployment())));
                }
            }
        }
    }

    private boolean usesMesh(String deployment) {
        return examined.proxy().applied(deployment).isPresent();
    }

    /** Asked while the release is in progress: afterwards its own number would be the good one. */
    private boolean isFirst(String deployment) {
        return examined.storeIfAny()
                .flatMap(store -> store.deployment(deployment))
                .filter(state -> state.goodRelease() > 0)
                .isEmpty();
    }

    private void look(String deployment) {
        try {
            new MeshCheck(examined)
                    .find(Optional.of(deployment))
                    .filter(finding -> finding.level() == Finding.Level.WARNING)
                    .ifPresent(found);
        } catch (Failure notNow) {
            // The deploy itself tells what does not work; `portolan doctor` looks again.
        }
    }

    /** Waits for what is being looked at. */
    @Override
    public synchronized void close() {
        try {
            for (Thread thread : looking) {
                thread.join(PATIENCE);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
