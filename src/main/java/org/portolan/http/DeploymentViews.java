package org.portolan.http;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.page.ChangeNote;
import org.portolan.page.DeploymentLook;
import org.portolan.page.DeploymentLook.Seen;
import org.portolan.page.DeploymentPage;
import org.portolan.page.NextPlan;
import org.portolan.page.ReleasePage;
import org.portolan.plan.Plan;
import org.portolan.query.CanaryStatus;
import org.portolan.query.ControllerStatus;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.Inventory;
import org.portolan.query.ReleaseHistory;
import org.portolan.query.ReleaseSummary;
import org.portolan.query.StatusQuery;
import org.portolan.store.Store;

/** What the pages of one deployment show, and of one of its releases. */
final class DeploymentViews {
    private static final int RELEASES = 20;

    private final PageRoutes pages;

    DeploymentViews(PageRoutes pages) {
        this.pages = pages;
    }

    Reply whole(Api api, PageRequest request) {
        Instant now = api.clock().instant();
        String asked = request.signed().deployment();
        // First: what is shown below is as it is once the change has ended.
        Optional<ChangeNote> change = PageOutcome.of(api, request, asked);
        Inventory inventory = api.inventory(request.caller());
        String name = inventory.deployments(Optional.of(asked)).getFirst();
        DeploymentStatus status =
                new StatusQuery(api.viewed(), inventory, warning -> {}, request.caller()::sees).of(name);
        Optional<ReleaseHistory> history = ReleaseHistory.of(api.viewed(), request.caller()::sees);
        List<ReleaseSummary> releases =
                history.map(kept -> kept.releases(name, RELEASES)).orElse(List.of());
        ControllerStatus stands = api.standings(request.caller());
        Optional<DeploymentState.Running> running = status.state().flatMap(DeploymentState::running);
        // While a release is in progress what runs differs from what was deployed, and should.
        Drift drift = releases.isEmpty() || running.isPresent()
                ? new Drift(Optional.empty(), "")
                : drift(api, name, request.caller());
        Optional<NextPlan> next = running.isPresent() ? Optional.empty() : NextDeploy.of(api, name, request.caller());
        return pages.html(
                200,
                DeploymentPage.of(
                        request.frame(name, now),
                        new DeploymentLook(
                                status,
                                stands.deployment(name),
                                stands.suspended(Subject.DEPLOYMENT, name),
                                canaries(api, status),
                                drift.plan(),
                                drift.trouble(),
                                next,
                                releases,
                                events(history, name, releases),
                                change,
                                status.state()
                                        .map(state -> PageSeen.of(api, state))
                                        .orElse(new Seen("", "")),
                                request.rights(),
                                now)));
    }

    private static List<CanaryStatus> canaries(Api api, DeploymentStatus status) {
        Store store = api.controller().installation().store();
        return status.state()
                .flatMap(DeploymentState::running)
                .map(running -> CanaryStatus.of(store, status.name(), running))
                .orElse(List.of());
    }

    private static List<Event> events(Optional<ReleaseHistory> history, String name, List<ReleaseSummary> releases) {
        return releases.isEmpty()
                ? List.of()
                : history.orElseThrow()
                        .release(name, releases.getFirst().release().number())
                        .release()
                        .events();
    }

    /** What would be repaired, or why that is not known. */
    private record Drift(Optional<Plan> plan, String trouble) {}

    private static Drift drift(Api api, String name, ApiCaller caller) {
        Mandate mandate = Mandate.of(new Caller.Person(caller.name()));
        try {
            Plan plan = new Operations(api.installation()).drift(name, mandate);
            return new Drift(Optional.of(plan.seenBy(caller::sees)), "");
        } catch (Failure unknown) {
            String why = caller.shown(unknown).what();
            return new Drift(Optional.empty(), api.installation().secrets().mask(why));
        }
    }

    Reply release(Api api, PageRequest request) {
        Instant now = api.clock().instant();
        String name = request.signed().deployment();
        ReleaseHistory history =
                ReleaseHistory.of(api.viewed(), request.caller()::sees).orElseThrow();
        history.deployments(Optional.of(name));
        ReleaseSummary release =
                history.release(name, PageViews.number(request.request().name("number")));
        Optional<DeploymentState> state =
                Optional.ofNullable(api.inventory(request.caller()).states().get(name));
        return pages.html(
                200,
                ReleasePage.of(
                        request.frame("Release " + release.release().number() + " of " + name, now),
                        release,
                        state.map(DeploymentState::goodRelease).orElse(0),
                        state.map(PageSeen::state).orElse(""),
                        request.rights(),
                        now));
    }
}
