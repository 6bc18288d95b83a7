package org.portolan.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.event.Event;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Standing;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.ReleaseSummary;

/**
 * One deployment.
 *
 * @param drift what runs otherwise than deployed, with what repairs it
 * @param trouble why that is not known; "" when it is
 * @param events of the last release, newest last
 * @param mayChange whether who looks may change it
 * @param actions what else who looks may do
 */
public record DeploymentPage(
        PageFrame frame,
        String name,
        StateMark state,
        List<String> words,
        String owner,
        List<String> domains,
        List<ServiceRow> services,
        List<Step> drift,
        String trouble,
        List<ReleaseRow> releases,
        String timeline,
        List<EventRow> events,
        boolean mayChange,
        List<PageAction> actions)
        implements PageBody {

    /**
     * What a plan does.
     *
     * @param mark {@code +}, {@code ~} or {@code -}
     */
    public record Step(String mark, String summary, List<String> reasons) {
        static Step of(Action action) {
            return new Step(action.kind().mark(), action.summary(), action.reasons());
        }
    }

    /**
     * One of what is known of it.
     *
     * @param plan of its repair; empty: not known
     * @param releases the newest first
     * @param events of the newest release
     * @param actions what who looks may do besides a rollback
     */
    public static DeploymentPage of(
            PageFrame frame,
            DeploymentStatus status,
            Optional<Standing> standing,
            Optional<Plan> plan,
            String trouble,
            List<ReleaseSummary> releases,
            List<Event> events,
            boolean mayChange,
            List<PageAction> actions,
            Instant now) {
        OverviewPage.Card card = OverviewPage.Card.of(status, standing);
        int current = status.state().map(DeploymentState::goodRelease).orElse(0);
        List<Step> drift = new ArrayList<>();
        plan.ifPresent(known -> known.actions().forEach(action -> drift.add(Step.of(action))));
        return new DeploymentPage(
                frame,
                status.name(),
                card.state(),
                status.conditions(),
                status.state().map(state -> state.owner().toString()).orElse(""),
                status.domains().stream()
                        .map(claim -> claim.host() + (claim.path().equals("/") ? "" : claim.path()))
                        .toList(),
                card.services(),
                drift,
                trouble,
                releases.stream()
                        .map(release -> ReleaseRow.of(release, current, now))
                        .toList(),
                releases.isEmpty()
                        ? ""
                        : "Release " + releases.getFirst().release().number(),
                events.stream().filter(EventRow::telling).map(EventRow::of).toList(),
                mayChange,
                actions);
    }

    /** Whether all runs as deployed. */
    public boolean settled() {
        return drift.isEmpty() && trouble.isEmpty();
    }

    /** Whether its drift is not known. */
    public boolean unknown() {
        return !trouble.isEmpty();
    }

    /** Whether it was ever deployed. */
    public boolean deployed() {
        return !releases.isEmpty();
    }
}
