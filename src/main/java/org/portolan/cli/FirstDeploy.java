package org.portolan.cli;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.state.DeploymentState;
import org.portolan.release.Reporter;

/**
 * Passes reports on, and when the first instance of a deployment without a good release serves, looks beside the release
 * whether containers reach the mesh: a firewall that drops it looks like a sick service otherwise.
 */
final class FirstDeploy implements Reporter, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private final Context context;
    private final Set<String> seen = new HashSet<>();
    private final Set<Thread> looking = new HashSet<>();

    FirstDeploy(Context context) {
        this.context = context;
    }

    @Override
    public void report(Report report) {
        context.console().report(report);
        if (report.kind().equals("instance-serving")) {
            synchronized (this) {
                if (usesMesh(report.deployment()) && seen.add(report.deployment()) && isFirst(report.deployment())) {
                    looking.add(Thread.ofPlatform().daemon().start(() -> look(report.deployment())));
                }
            }
        }
    }

    private boolean usesMesh(String deployment) {
        return context.parts().proxy().applied(deployment).isPresent();
    }

    /** Asked while the release is under way: afterwards its own number would be the good one. */
    private boolean isFirst(String deployment) {
        DeploymentState state = context.parts().store().deployments().get(deployment);
        return state == null || state.goodRelease() == 0;
    }

    private void look(String deployment) {
        try {
            Optional<Finding> found = new MeshCheck(context).find(Optional.of(deployment));
            found.filter(finding -> finding.level() == Finding.Level.WARNING).ifPresent(finding -> context.console()
                    .warning(finding.text() + "\n     " + finding.advice().orElse("")));
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
