package org.portolan.model.container;

import java.util.Optional;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;

/**
 * A container that runs a job of a service's version. It is not an instance: nothing routes to it, scales it or restarts it.
 *
 * @param hash the version's
 * @param once whether the job runs once in the deployment
 * @param released whether it follows a good release
 * @param attempt from 1
 * @param release the number of the release that made it
 */
public record JobContainer(
        Container container,
        String service,
        int version,
        String job,
        String hash,
        boolean once,
        boolean released,
        int attempt,
        int release) {
    /** The job that a container's labels name; empty when it runs none. */
    public static Optional<JobContainer> of(Container container) {
        String job = container.label(Labels.JOB);
        int version = InstanceLabels.number(container.label(Labels.VERSION));
        if (job.isEmpty() || version == 0 || container.label(Labels.SERVICE).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new JobContainer(
                container,
                container.label(Labels.SERVICE),
                version,
                job,
                container.label(Labels.HASH),
                !container.label(Labels.JOB_ONCE).isEmpty(),
                !container.label(Labels.JOB_RELEASED).isEmpty(),
                Math.max(1, InstanceLabels.number(container.label(Labels.ATTEMPT))),
                InstanceLabels.number(container.label(Labels.RELEASE))));
    }

    public boolean running() {
        return switch (container.state()) {
            case RUNNING, PAUSED, RESTARTING -> true;
            case CREATED, EXITED, DEAD, REMOVING -> false;
        };
    }

    public boolean ended() {
        return container.state() == Container.State.EXITED || container.state() == Container.State.DEAD;
    }

    /** Whether it is kept as the memory of a job that is not to run again. */
    public boolean remembers() {
        return completed() || (released && ended());
    }

    public boolean completed() {
        return container.state() == Container.State.EXITED && container.exitCode() == 0;
    }
}
