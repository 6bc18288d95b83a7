package org.portolan.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.portolan.json.JsonTree;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.model.json.StoredVolumeJson;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.operate.Volumes;
import org.portolan.plan.json.ShownPlan;
import org.portolan.query.EventFilter;
import org.portolan.query.Inventory;
import org.portolan.query.Queries;
import org.portolan.query.Releases;
import org.portolan.query.json.ControllerStatusJson;
import org.portolan.query.json.InspectedJson;
import org.portolan.query.json.InventoryJson;
import org.portolan.query.json.JsonFields;
import org.portolan.query.json.ReleaseSummaryJson;
import org.portolan.query.json.SecretSummaryJson;
import org.portolan.query.json.StatusReportJson;

/**
 * What the command line asks through {@code PORTOLAN_URL}: the values of {@link Queries} whole, as the same version reads them.
 * Programs have the other routes.
 */
final class QueryRoutes {
    private static final String QUERIES = "/v1/queries/";
    private static final String OF_DEPLOYMENT = QUERIES + "deployments/{deployment}";
    private static final int ALL = 1_000;
    private static final int MOST_NUMBER = Integer.MAX_VALUE;
    private static final int MOST_LINES = 10_000;
    private static final int SHOWN = 50;
    private static final int MOST_EVENTS = 100_000;

    private static final Map<String, Object> VIEW = ApiSchema.object()
            .with("warnings", ApiSchema.TEXTS)
            .with("view", Map.of("type", List.of("object", "array")))
            .done();

    private QueryRoutes() {}

    static List<Route> all() {
        return List.of(
                seen(QUERIES + "inventory", "What there is.", QueryRoutes::inventory),
                seen(QUERIES + "status", "How deployments are.", QueryRoutes::status)
                        .query("deployment", "Only this one.", ApiSchema.TEXT),
                seen(QUERIES + "controller", "What the controller last observed.", QueryRoutes::controller),
                seen(QUERIES + "deployments", "The names of the deployments that have releases.", QueryRoutes::names)
                        .query("deployment", "Only this one.", ApiSchema.TEXT),
                get(OF_DEPLOYMENT, "What is known of a deployment, service or instance.", QueryRoutes::inspect)
                        .query("name", "A service or an instance.", ApiSchema.TEXT),
                get(OF_DEPLOYMENT + "/drift", "What runs otherwise than deployed.", QueryRoutes::drift),
                get(OF_DEPLOYMENT + "/rollback", "What a rollback would do.", QueryRoutes::rollback)
                        .query("to", "The release to restore.", ApiSchema.TEXT),
                get(OF_DEPLOYMENT + "/secrets", "The generated values, without the values.", QueryRoutes::secrets),
                seen(QUERIES + "volumes", "The volumes.", QueryRoutes::volumes),
                get(OF_DEPLOYMENT + "/releases", "The kept releases, newest first.", QueryRoutes::releases)
                        .query("limit", "How many; default: 50.", ApiSchema.between(0, ALL)),
                get(OF_DEPLOYMENT + "/releases/{number}", "A release with its events.", QueryRoutes::release),
                seen(QUERIES + "events", "The last events, then if asked for what happens.", QueryRoutes::events)
                        .as(Reply.NDJSON)
                        .query("after", "Only events after the one with this id.", ApiSchema.TEXT)
                        .query("tail", "How many past events; default: 50.", ApiSchema.between(0, MOST_EVENTS))
                        .query("deployment", "Only events of this deployment.", ApiSchema.TEXT)
                        .query("steps", "Whether also that a step begins.", ApiSchema.FLAG)
                        .query("follow", "Whether what comes is sent, too.", ApiSchema.FLAG),
                get(OF_DEPLOYMENT + "/logs", "The output of instances, a line each.", QueryRoutes::logs)
                        .as(Reply.NDJSON)
                        .query("names", "Services or instances, separated by commas; default: all.", ApiSchema.TEXT)
                        .query("tail", "How many past lines of each.", ApiSchema.between(0, MOST_LINES))
                        .query("follow", "Whether what comes is sent, too.", ApiSchema.FLAG));
    }

    private static Route get(String path, String summary, Route.Handling handling) {
        return Route.get(path, Route.READ, "For the command line: " + summary, VIEW, handling);
    }

    private static Route seen(String path, String summary, Route.Look look) {
        return Route.seen(path, Route.READ, "For the command line: " + summary, VIEW, look);
    }

    private static Reply view(Viewer viewer, Function<Queries, Object> view) {
        return view(viewer, (queries, warnings) -> view.apply(queries));
    }

    /** Looks, and tells what could not be looked up. */
    @FunctionalInterface
    private interface Look {
        Object at(Queries queries, Consumer<String> warnings);
    }

    private static Reply view(Viewer viewer, Look look) {
        List<String> warnings = new ArrayList<>();
        Object view = look.at(viewer.queries(), warnings::add);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("warnings", warnings);
        fields.put("view", view);
        return Reply.thing(fields);
    }

    private static Viewer viewer(Api api, ApiRequest request) {
        return new Viewer(api, request.caller());
    }

    private static Reply inventory(Viewer viewer, ApiRequest request) {
        return view(viewer, (queries, warnings) -> InventoryJson.tree(queries.inventory(warnings)));
    }

    private static Reply status(Viewer viewer, ApiRequest request) {
        Optional<String> asked = request.queriedDeployment();
        return view(viewer, (queries, warnings) -> StatusReportJson.tree(queries.status(asked, warnings)));
    }

    private static Reply controller(Viewer viewer, ApiRequest request) {
        return view(viewer, (queries, warnings) -> ControllerStatusJson.tree(queries.controller(warnings)));
    }

    private static Releases history(Queries queries) {
        return queries.releases().orElseThrow(() -> new Failure(Kind.NOT_FOUND, "no deployments yet"));
    }

    private static Reply names(Viewer viewer, ApiRequest request) {
        Optional<String> asked = request.queriedDeployment();
        return view(viewer, queries -> history(queries).deployments(asked));
    }

    private static Reply inspect(Api api, ApiRequest request) {
        String deployment = request.deployment();
        return view(viewer(api, request), (queries, warnings) -> {
            Inventory inventory = queries.inventory(warnings);
            inventory.deployments(Optional.of(deployment));
            return InspectedJson.tree(
                    queries.inspect(inventory, deployment, request.query("name").orElse("")));
        });
    }

    private static Reply drift(Api api, ApiRequest request) {
        Mandate asks = Mandate.of(new Caller.Person(request.caller().name()));
        String deployment = request.deployment();
        return view(viewer(api, request), queries -> ShownPlan.of(new Operations(api.installation())
                        .drift(deployment, asks)
                        .seenBy(request.caller()::sees))
                .wire());
    }

    private static Reply rollback(Api api, ApiRequest request) {
        Optional<Integer> to = request.query("to").isPresent()
                ? Optional.of(request.number("to", 0, 0, MOST_NUMBER))
                : Optional.empty();
        Mandate asks = Mandate.of(new Caller.Person(request.caller().name()));
        Request.Rollback wish = new Request.Rollback(request.deployment(), to, asks);
        return view(viewer(api, request), queries -> {
            Operations.RollbackPlan planned = new Operations(api.installation()).planRollback(wish);
            Map<String, Object> view =
                    ShownPlan.of(planned.plan().seenBy(request.caller()::sees)).wire();
            view.put("release", planned.release());
            return view;
        });
    }

    private static Reply secrets(Api api, ApiRequest request) {
        String deployment = request.deployment();
        return view(viewer(api, request), queries -> queries.secrets(deployment).stream()
                .map(SecretSummaryJson::tree)
                .toList());
    }

    private static Reply volumes(Viewer viewer, ApiRequest request) {
        return view(viewer, queries -> viewer.volumes().stream()
                .map(Volumes.Stored::listed)
                .map(StoredVolumeJson::tree)
                .toList());
    }

    private static Reply releases(Api api, ApiRequest request) {
        String deployment = request.deployment();
        int limit = request.number("limit", SHOWN, 0, ALL);
        return view(viewer(api, request), queries -> history(queries).releases(deployment, limit).stream()
                .map(ReleaseSummaryJson::tree)
                .toList());
    }

    private static Reply release(Api api, ApiRequest request) {
        String deployment = request.deployment();
        int number = ReleaseRoutes.number(request);
        return view(
                viewer(api, request),
                queries -> ReleaseSummaryJson.tree(history(queries).release(deployment, number)));
    }

    private static Reply events(Viewer viewer, ApiRequest request) {
        EventFilter filter = new EventFilter(request.queriedDeployment(), request.flag("steps"), false);
        Predicate<Event> wanted = filter::wants;
        String after = EventRoutes.checked(request.query("after")).orElse("");
        int tail = request.number("tail", SHOWN, 0, MOST_EVENTS);
        boolean follow = request.flag("follow");
        return new Reply.Streamed(Reply.NDJSON, out -> {
            // Looked up first, so that nothing falls between the past and what comes.
            String last = viewer.newest();
            String newest = last.isEmpty() ? after : last;
            String from = tail == 0 && !after.isEmpty() ? after : newest;
            if (tail > 0) {
                String begin = viewer.beginOfLast(after, tail, wanted);
                viewer.between(begin, newest, wanted, event -> {
                    out.send(line(JsonFields.event(event)));
                    return !out.ending();
                });
            }
            out.send(line(Map.of("seen", from)));
            if (follow) {
                Optional<String> begin = Optional.of(from).filter(id -> !id.isEmpty());
                EventRoutes.follow(viewer.follow(begin, wanted), out, EventRoutes::line, "\n");
            }
        });
    }

    private static String line(Map<String, ?> fields) {
        return JsonTree.text(JsonFields.plain(fields), false) + "\n";
    }

    private static Reply logs(Api api, ApiRequest request) {
        String deployment = request.deployment();
        List<String> names =
                request.query("names").map(text -> List.of(text.split(",", -1))).orElse(List.of());
        Inventory inventory = api.inventory(request.caller());
        inventory.deployments(Optional.of(deployment));
        List<Container> containers = new ArrayList<>();
        if (names.isEmpty()) {
            inventory.services(deployment).values().forEach(containers::addAll);
        }
        names.forEach(name -> containers.addAll(inventory.containers(deployment, name)));
        return LogRoutes.stream(
                api,
                request.number("tail", SHOWN, 0, MOST_LINES),
                request.flag("follow"),
                deployment,
                names,
                containers);
    }
}
