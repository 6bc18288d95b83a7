package org.portolan.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Scope;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.page.DeploymentPage;
import org.portolan.page.EventsPage;
import org.portolan.page.LogPage;
import org.portolan.page.MapPage;
import org.portolan.page.OverviewPage;
import org.portolan.page.PageAction;
import org.portolan.page.ReleasePage;
import org.portolan.page.ServiceRow;
import org.portolan.page.SourcesPage;
import org.portolan.plan.Plan;
import org.portolan.query.ControllerStatus;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.InstanceLogs;
import org.portolan.query.Inventory;
import org.portolan.query.ReleaseHistory;
import org.portolan.query.ReleaseSummary;
import org.portolan.query.StatusQuery;

/** What the pages show, asked for from the same queries as the API's answers. */
final class PageViews {
    private static final int RELEASES = 20;
    private static final int EVENTS = 100;
    private static final int SCANNED = 20_000;
    private static final int LOG_LINES = 500;
    private static final int FOLLOWED_LINES = 200;

    private final PageRoutes pages;

    PageViews(PageRoutes pages) {
        this.pages = pages;
    }

    private static Instant now(Api api) {
        return api.clock().instant();
    }

    private static List<DeploymentStatus> all(Api api, ApiCaller caller) {
        return new Viewer(api, caller).statuses();
    }

    Reply overview(Api api, PageRequest request) {
        ControllerStatus standings = api.standings(request.caller());
        List<OverviewPage.Card> cards = new ArrayList<>();
        all(api, request.caller())
                .forEach(status -> cards.add(OverviewPage.Card.of(status, standings.deployment(status.name()))));
        return pages.html(200, new OverviewPage(request.frame("Deployments", now(api)), cards));
    }

    Reply deployment(Api api, PageRequest request) {
        String asked = request.signed().deployment();
        Inventory inventory = api.inventory(request.caller());
        String name = inventory.deployments(Optional.of(asked)).getFirst();
        DeploymentStatus status =
                new StatusQuery(api.viewed(), inventory, warning -> {}, request.caller()::sees).of(name);
        Optional<ReleaseHistory> history = ReleaseHistory.of(api.viewed(), request.caller()::sees);
        List<ReleaseSummary> releases =
                history.map(kept -> kept.releases(name, RELEASES)).orElse(List.of());
        List<Event> events = releases.isEmpty()
                ? List.of()
                : history.orElseThrow()
                        .release(name, releases.getFirst().release().number())
                        .release()
                        .events();
        Drift drift = releases.isEmpty() ? new Drift(Optional.empty(), "") : drift(api, name, request.caller());
        return pages.html(
                200,
                DeploymentPage.of(
                        request.frame(name, now(api)),
                        status,
                        api.standings(request.caller()).deployment(name),
                        drift.plan(),
                        drift.trouble(),
                        releases,
                        events,
                        request.may(Scope.DEPLOY),
                        actions(status, api.standings(request.caller()), request),
                        now(api)));
    }

    private static List<PageAction> actions(DeploymentStatus status, ControllerStatus stands, PageRequest request) {
        boolean releasing = status.state().flatMap(DeploymentState::running).isPresent();
        return PageAction.of(
                "/deployments/" + status.name(),
                stands.deployment(status.name()),
                stands.suspended(Subject.DEPLOYMENT, status.name()),
                releasing,
                request.may(Scope.DEPLOY),
                request.may(Scope.ADMIN));
    }

    /** What would be repaired, or why that is not known. */
    private record Drift(Optional<Plan> plan, String trouble) {}

    private static Drift drift(Api api, String name, ApiCaller caller) {
        Mandate mandate = Mandate.of(new Caller.Person(caller.name()));
        try {
            return new Drift(
                    Optional.of(new Operations(api.installation())
                            .drift(name, mandate)
                            .seenBy(caller::sees)),
                    "");
        } catch (Failure unknown) {
            return new Drift(
                    Optional.empty(),
                    api.installation().secrets().mask(caller.shown(unknown).what()));
        }
    }

    Reply release(Api api, PageRequest request) {
        String name = request.signed().deployment();
        ReleaseHistory history =
                ReleaseHistory.of(api.viewed(), request.caller()::sees).orElseThrow();
        history.deployments(Optional.of(name));
        ReleaseSummary release = history.release(name, number(request.request().name("number")));
        int current = api.controller()
                .installation()
                .store()
                .deployment(name)
                .map(DeploymentState::goodRelease)
                .orElse(0);
        return pages.html(
                200,
                ReleasePage.of(
                        request.frame("Release " + release.release().number() + " of " + name, now(api)),
                        release,
                        current,
                        request.may(Scope.DEPLOY),
                        now(api)));
    }

    static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            throw new Failure(Kind.NOT_FOUND, "unknown release '" + text + "'");
        }
    }

    Reply log(Api api, PageRequest request) {
        String deployment = request.signed().deployment();
        String name = request.request().name("instance");
        Inventory inventory = api.inventory(request.caller());
        inventory.deployments(Optional.of(deployment));
        LogExcerpt excerpt = new LogExcerpt();
        new InstanceLogs(api.viewed(), excerpt::line).past(inventory.containers(deployment, name), LOG_LINES);
        return pages.html(
                200, new LogPage(request.frame("Log of " + name, now(api)), deployment, name, excerpt.lines()));
    }

    /** The last lines once more, and what comes. */
    Reply follow(Api api, PageRequest request) {
        String deployment = request.signed().deployment();
        String name = request.request().name("instance");
        Inventory inventory = api.inventory(request.caller());
        inventory.deployments(Optional.of(deployment));
        Reply.Streamed stream = LogRoutes.stream(
                api, FOLLOWED_LINES, true, deployment, List.of(name), inventory.containers(deployment, name));
        return stream.of(request.caller());
    }

    Reply map(Api api, PageRequest request) {
        Collection<RouteSet> routes = new ArrayList<>();
        Map<String, ServiceRow> services = new HashMap<>();
        for (DeploymentStatus status : all(api, request.caller())) {
            api.controller().installation().proxy().applied(status.name()).ifPresent(routes::add);
            status.services()
                    .forEach(service ->
                            services.put(status.name() + "/" + service.service().name(), ServiceRow.of(service)));
        }
        return pages.html(200, MapPage.of(request.frame("Map", now(api)), routes, services));
    }

    /** Sources are of all deployments: a token for some deployments sees none. */
    Reply sources(Api api, PageRequest request) {
        ControllerStatus status = api.standings(request.caller());
        return pages.html(
                200,
                SourcesPage.of(
                        request.frame("Sources", now(api)),
                        status,
                        request.may(Scope.DEPLOY),
                        request.may(Scope.ADMIN)));
    }

    Reply events(Api api, PageRequest request) {
        Optional<String> before = request.request().query("before");
        before.filter(id -> !EventRoutes.ID.matcher(id).matches()).ifPresent(id -> {
            throw new Failure(Kind.INVALID, "'" + id + "' is not an event id");
        });
        Viewer viewer = new Viewer(api, request.caller());
        List<Event> events = before.isPresent()
                ? viewer.before(before.get(), EVENTS)
                : viewer.last(EVENTS, SCANNED, event -> true).events();
        String older = events.size() < EVENTS
                ? ""
                : "/events?before=" + events.getFirst().id();
        return pages.html(200, EventsPage.of(request.frame("Events", now(api)), events, older));
    }
}
