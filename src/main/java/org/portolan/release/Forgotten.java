package org.portolan.release;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.container.JobContainer;
import org.portolan.model.event.JobEvent.JobsKept;
import org.portolan.store.Commit.VersionId;

/** What is left on the engine of versions that are forgotten: containers of their jobs, then their images. */
record Forgotten(Installation installation, String deployment, List<VersionId> versions, OldImages images) {
    static Forgotten of(Installation installation, String deployment, List<VersionId> versions) {
        return new Forgotten(installation, deployment, versions, OldImages.of(installation, deployment, versions));
    }

    /** Removes it. Trouble is reported and fails nothing: the release stands. */
    void clean() {
        try {
            if (!versions.isEmpty()) {
                removeJobs();
            }
        } catch (Failure problem) {
            installation.publish(deployment, new JobsKept(problem.what()));
        }
        images.clean();
    }

    /** A job that runs once in the deployment is remembered by its container, whatever becomes of its version. */
    private void removeJobs() {
        Set<VersionId> gone = new HashSet<>(versions);
        for (Container container : installation.engine().containers()) {
            if (container.isOf(installation.settings().installation(), deployment)) {
                JobContainer.of(container)
                        .filter(job -> job.ended()
                                && !job.once()
                                && gone.contains(new VersionId(job.service(), job.version())))
                        .ifPresent(job -> installation.engine().remove(container.id(), false));
            }
        }
    }
}
