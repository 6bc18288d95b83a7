package org.portolan.page;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.portolan.model.event.Event;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Standing;
import org.portolan.plan.Plan;
import org.portolan.query.CanaryStatus;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.ReleaseSummary;

/**
 * All that is known of a deployment, from which its page is made.
 *
 * @param drift what would be repaired; empty: it is not known
 * @param trouble why it is not; "" when it is, or nobody asked
 * @param next what its files say that is not deployed
 * @param releases the newest first
 * @param events of the newest release, oldest first
 * @param change what became of what who looks asked for
 * @param seen its state in a few letters, which forms send back
 * @param now when it was looked at
 */
public record DeploymentLook(
        DeploymentStatus status,
        Optional<Standing> standing,
        boolean suspended,
        List<CanaryStatus> canaries,
        Optional<Plan> drift,
        String trouble,
        Optional<NextPlan> next,
        List<ReleaseSummary> releases,
        List<Event> events,
        Optional<ChangeNote> change,
        Seen seen,
        Rights may,
        Instant now) {

    /**
     * What forms send back of what was seen, so that nothing is changed that is otherwise by now.
     *
     * @param state releases, services, what is stopped
     * @param canaries where the canaries stand
     */
    public record Seen(String state, String canaries) {}

    String name() {
        return status.name();
    }

    /** Whether a release is in progress. */
    boolean releasing() {
        return status.state().flatMap(DeploymentState::running).isPresent();
    }

    /** The release that is in place; 0 for none. */
    int current() {
        return status.state().map(DeploymentState::goodRelease).orElse(0);
    }
}
