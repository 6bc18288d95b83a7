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
import org.portolan.model.state.Standing.Subject;
import org.portolan.page.EventsPage;
import org.portolan.page.LogPage;
import org.portolan.page.MapPage;
import org.portolan.page.OverviewPage;
import org.portolan.page.ServiceRow;
import org.portolan.page.SourcesPage;
import org.portolan.query.ControllerStatus;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.InstanceLogs;
import org.portolan.query.Inventory;

/** What the pages show, asked for from the same queries as the API's answers. */
final class PageViews {
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
                .forEach(status ->
                        cards.add(OverviewPage.Card.of(status, standings.deployment(status.name()), now(api))));
        List<String> notices = notices(api, request, true);
        return pages.html(
                200, OverviewPage.of(request.frame("Deployments", now(api)), notices, request.rights(), cards));
    }

    /** What is not as it should be with the controller itself, for who may know of the whole installation. */
    private static List<String> notices(Api api, PageRequest request, boolean configuration) {
        if (!request.caller().seesAll()) {
            return List.of();
        }
        ControllerStatus stands = api.standings(request.caller());
        List<String> notices = new ArrayList<>();
        if (configuration) {
            stands.configuration()
                    .ifPresent(file -> notices.add("Configuration " + file.name() + ": "
                            + String.join("; ", stands.words(Subject.CONFIGURATION, file.name()))));
        }
        stands.api()
                .ifPresent(door ->
                        notices.add("API: " + String.join("; ", stands.words(Subject.CONTROLLER, door.name()))));
        return notices;
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
                        PageOutcome.of(api, request, ""),
                        status,
                        notices(api, request, false),
                        request.rights()));
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
