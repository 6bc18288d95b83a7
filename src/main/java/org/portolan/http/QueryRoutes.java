package org.portolan.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.portolan.json.JsonTree;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.plan.json.ShownPlan;
import org.portolan.query.ControllerStatus;
import org.portolan.query.EventFilter;
import org.portolan.query.Inventory;
import org.portolan.query.LocalQueries;
import org.portolan.query.Queries;
import org.portolan.query.Releases;
import org.portolan.query.StatusReport;
import org.portolan.query.json.ControllerStatusJson;
import org.portolan.query.json.InspectedJson;
import org.portolan.query.json.InventoryJson;
import org.portolan.query.json.JsonFields;
import org.portolan.query.json.ReleaseSummaryJson;
import org.portolan.query.json.SecretSummaryJson;
import org.portolan.query.json.StatusReportJson;
import org.portolan.store.Store;
import org.portolan.sync.Sync;

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
                get(QUERIES + "inventory", "What there is.", QueryRoutes::inventory),
                get(QUERIES + "status", "How deployments are.", QueryRoutes::status)
                        .query("deployment", "Only this one.", ApiSchema.TEXT),
                get(QUERIES + "controller", "What the controller last observed.", QueryRoutes::controller),
                get(QUERIES + "deployments", "The names of the deployments that have releases.", QueryRoutes::names)
                        .query("deployment", "Only this one.", ApiSchema.TEXT),
                get(OF_DEPLOYMENT, "What is known of a deployment, service or instance.", QueryRoutes::inspect)
                        .query("name", "A service or an instance.", ApiSchema.TEXT),
                get(OF_DEPLOYMENT + "/drift", "What runs otherwise than deployed.", QueryRoutes::drift),
                get(OF_DEPLOYMENT + "/rollback", "What a rollback would do.", QueryRoutes::rollback)
                        .query("to", "The release to restore.", ApiSchema.TEXT),
                get(OF_DEPLOYMENT + "/secrets", "The generated values, without the values.", QueryRoutes::secrets),
                get(QUERIES + "volumes", "The volumes.", QueryRoutes::volumes),
                get(OF_DEPLOYMENT + "/releases", "The kept releases, newest first.", QueryRoutes::releases)
                        .query("limit", "How many; default: 50.", ApiSchema.between(0, ALL)),
                get(OF_DEPLOYMENT + "/releases/{number}", "A release with its events.", QueryRoutes::release),
                get(QUERIES + "events", "The last events, then if asked for what happens.", QueryRoutes::events)
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

    private static Reply view(Api api, ApiRequest request, Function<Queries, Object> view) {
        return view(api, request, (queries, warnings) -> view.apply(queries));
    }

    /** Looks, and tells what could not be looked up. */
    @FunctionalInterface
    private interface Look {
        Object at(Queries queries, Consumer<String> warnings);
    }

    private static Reply view(Api api, ApiRequest request, Look look) {
        List<String> warnings = new ArrayList<>();
        Object view = look.at(queries(api, request), warnings::add);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("warnings", warnings);
        fields.put("view", view);
        return Reply.thing(fields);
    }

    private static Queries queries(Api api, ApiRequest request) {
        return new LocalQueries(api.viewed(), api.clock(), request.caller()::sees);
    }

    private static Reply inventory(Api api, ApiRequest request) {
        return view(
                api,
                request,
                (queries, warnings) ->
                        InventoryJson.tree(queries.inventory(warnings).only(request.caller()::sees)));
    }

    private static Reply status(Api api, ApiRequest request) {
        Optional<String> asked = request.queriedDeployment();
        return view(api, request, (queries, warnings) -> {
            StatusReport report = queries.status(asked, warnings);
            Set<String> some = request.caller().deployments();
            return StatusReportJson.tree(some.isEmpty() ? report : report.only(some));
        });
    }

    private static Reply controller(Api api, ApiRequest request) {
        Set<String> some = request.caller().deployments();
        return view(api, request, (queries, warnings) -> {
            ControllerStatus all = queries.controller(warnings);
            return ControllerStatusJson.tree(some.isEmpty() ? all : all.only(some));
        });
    }

    private static Releases history(Queries queries) {
        return queries.releases().orElseThrow(() -> new Failure(Kind.NOT_FOUND, "no deployments yet"));
    }

    private static Reply names(Api api, ApiRequest request) {
        Optional<String> asked = request.queriedDeployment();
        return view(api, request, queries -> history(queries).deployments(asked).stream()
                .filter(request.caller()::sees)
                .toList());
    }

    private static Reply inspect(Api api, ApiRequest request) {
        String deployment = request.deployment();
        return view(api, request, (queries, warnings) -> {
            Inventory inventory = queries.inventory(warnings);
            inventory.deployments(Optional.of(deployment));
            return InspectedJson.tree(
                    queries.inspect(inventory, deployment, request.query("name").orElse("")));
        });
    }

    private static Reply drift(Api api, ApiRequest request) {
        Mandate asks = Mandate.of(new Caller.Person(request.caller().name()));
        String deployment = request.deployment();
        return view(api, request, queries -> new Sync(api.installation())
                .drift(deployment, asks)
                .wire());
    }

    private static Reply rollback(Api api, ApiRequest request) {
        Optional<Integer> to = request.query("to").isPresent()
                ? Optional.of(request.number("to", 0, 0, MOST_NUMBER))
                : Optional.empty();
        Mandate asks = Mandate.of(new Caller.Person(request.caller().name()));
        Request.Rollback wish = new Request.Rollback(request.deployment(), to, asks);
        return view(api, request, queries -> {
            Operations.RollbackPlan planned = new Operations(api.installation()).planRollback(wish);
            Map<String, Object> view = ShownPlan.of(planned.plan()).wire();
            view.put("release", planned.release());
            return view;
        });
    }

    private static Reply secrets(Api api, ApiRequest request) {
        String deployment = request.deployment();
        return view(api, request, queries -> queries.secrets(deployment).stream()
                .map(SecretSummaryJson::tree)
                .toList());
    }

    private static Reply volumes(Api api, ApiRequest request) {
        return view(api, request, queries -> VolumeRoutes.list(api.installation(), request.caller()));
    }

    private static Reply releases(Api api, ApiRequest request) {
        String deployment = request.deployment();
        int limit = request.number("limit", SHOWN, 0, ALL);
        return view(api, request, queries -> history(queries).releases(deployment, limit).stream()
                .map(ReleaseSummaryJson::tree)
                .toList());
    }

    private static Reply release(Api api, ApiRequest request) {
        String deployment = request.deployment();
        int number = ReleaseRoutes.number(request);
        return view(
                api,
                request,
                queries -> ReleaseSummaryJson.tree(history(queries).release(deployment, number)));
    }

    private static Reply events(Api api, ApiRequest request) {
        EventFilter filter = new EventFilter(request.queriedDeployment(), request.flag("steps"), false);
        Predicate<Event> wanted =
                event -> filter.wants(event) && request.caller().sees(event.deployment());
        String after = EventRoutes.checked(request.query("after")).orElse("");
        int tail = request.number("tail", SHOWN, 0, MOST_EVENTS);
        boolean follow = request.flag("follow");
        return new Reply.Streamed(Reply.NDJSON, out -> {
            // Looked up first, so that nothing falls between the past and what comes.
            String newest = newest(api.controller().installation().store(), after);
            String from = tail == 0 && !after.isEmpty() ? after : newest;
            if (tail > 0) {
                String begin = api.events().beginOfLast(after, tail, wanted);
                api.events().between(begin, newest, wanted, event -> {
                    out.send(line(JsonFields.event(event)));
                    return !out.ending();
                });
            }
            out.send(line(Map.of("seen", from)));
            if (follow) {
                Optional<String> begin = Optional.of(from).filter(id -> !id.isEmpty());
                EventRoutes.follow(api.events().follow(begin, wanted), out, EventRoutes::line, "\n");
            }
        });
    }

    private static String newest(Store store, String after) {
        List<Event> last = store.eventsBefore("", 1);
        return last.isEmpty() ? after : last.getLast().id();
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
