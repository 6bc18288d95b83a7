package org.portolan.release;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.container.JobContainer;
import org.portolan.model.event.JobEvent.JobsKept;
import org.portolan.model.service.Definition;
import org.portolan.plan.DesiredRelease;
import org.portolan.store.Commit.VersionId;

/**
 * What is left on the engine of versions that are forgotten: containers of their jobs, then their images.
 *
 * @param jobs whether one of the versions had jobs, or may have had
 */
record Forgotten(
        Installation installation, String deployment, List<VersionId> versions, boolean jobs, OldImages images) {
    /**
     * That of versions that are about to be forgotten.
     *
     * @param goal what the deployment has from then on
     */
    static Forgotten of(Installation installation, DesiredRelease goal, List<VersionId> versions) {
        Map<VersionId, Definition> known =
                versions.isEmpty() ? Map.of() : installation.store().definitions(goal.deployment(), versions);
        boolean jobs = versions.stream().anyMatch(version -> Optional.ofNullable(known.get(version))
                .map(definition -> definition.get("jobs") != null)
                .orElse(true));
        return new Forgotten(
                installation, goal.deployment(), versions, jobs, OldImages.of(installation, goal, versions, known));
    }

    /** Removes it. Trouble is reported and fails nothing: the release stands. */
    void clean() {
        try {
            if (jobs) {
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
