package org.portolan.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Nearest;
import org.portolan.model.event.ReleaseOrder;
import org.portolan.model.state.Scope;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;
import org.portolan.servicefile.ServiceChange;
import org.portolan.servicefile.Servicefiles;

/** What changes deployments: each is a request of {@code operate}, as a command's is. */
final class ChangeRoutes {
    private static final String DEPLOYMENT = "/v1/deployments/{deployment}";
    private static final String POST = "POST";
    private static final String SERVICES = "services";
    private static final String AGREE = "agree";
    private static final String REASON = "reason";
    private static final int MOST_INSTANCES = 10_000;
    private static final int ACCEPTED = 202;

    private ChangeRoutes() {}

    static List<Route> all() {
        Map<String, Object> some = body().maybe(SERVICES, ApiSchema.TEXTS).done();
        Map<String, Object> none = body().done();
        return List.of(
                change(
                        "PUT",
                        "",
                        "Register an empty deployment.",
                        none,
                        (asked, mandate) -> new Request.Create(asked.deployment(), mandate)),
                change(
                        "DELETE",
                        "",
                        "Remove a deployment: domains, containers, network, history. Volumes stay.",
                        body().maybe("volumes", ApiSchema.FLAG).done(),
                        ChangeRoutes::remove),
                Route.change(
                        "PUT",
                        DEPLOYMENT + "/services/{service}",
                        Route.DEPLOY,
                        "Set a service: the body is its definition, with the keys of a Servicefile.",
                        ApiSchema.object().andMore().done(),
                        ACCEPTED,
                        Operation.FORM,
                        ChangeRoutes::setService),
                change(
                        POST,
                        "/scale",
                        "Set how many instances of services run.",
                        body().with(SERVICES, ApiSchema.mapOf(ApiSchema.between(0, MOST_INSTANCES)))
                                .done(),
                        ChangeRoutes::scale),
                change(
                        POST,
                        "/stop",
                        "Stop services, all when none is named.",
                        some,
                        (asked, mandate) -> new Request.Stop(asked.deployment(), services(asked), mandate)),
                change(
                        POST,
                        "/start",
                        "Start services that were stopped, all when none is named.",
                        some,
                        (asked, mandate) -> new Request.Start(asked.deployment(), services(asked), mandate)),
                change(
                        POST,
                        "/restart",
                        "Replace every instance of services, all when none is named.",
                        some,
                        (asked, mandate) -> new Request.Restart(asked.deployment(), services(asked), mandate)),
                change(
                        POST,
                        "/rollback",
                        "Restore an earlier release, by default the previous good one.",
                        body().maybe("to", ApiSchema.WHOLE).done(),
                        (asked, mandate) -> new Request.Rollback(
                                asked.deployment(), asked.json().find("to").map(StrictJson::number), mandate)),
                order("/abort", "Roll the release in progress back.", ReleaseOrder.ABORT, none),
                order("/promote", "Continue after the canary's current step.", ReleaseOrder.PROMOTE, none),
                order("/pause", "Begin nothing new of the release in progress.", ReleaseOrder.PAUSE, none),
                order("/resume", "Continue a paused release.", ReleaseOrder.RESUME, none),
                change(
                        POST,
                        "/unpin",
                        "Allow automatic deploys again after a rollback.",
                        none,
                        (asked, mandate) -> new Request.Unpin(asked.deployment(), mandate)),
                Route.change(
                        POST,
                        DEPLOYMENT + "/reconcile",
                        Route.DEPLOY,
                        "Have the controller look at a deployment now, and repair it.",
                        ApiSchema.object().done(),
                        ACCEPTED,
                        ApiSchema.object().with("deployment", ApiSchema.TEXT).done(),
                        ChangeRoutes::reconcile),
                Route.get(
                        "/v1/operations/{operation}",
                        Route.READ,
                        "Show what became of a change.",
                        Operation.FORM,
                        ChangeRoutes::operation));
    }

    private static ApiSchema.Builder body() {
        return ApiSchema.object()
                .maybe(AGREE, Map.of("anyOf", List.of(ApiSchema.FLAG, ApiSchema.TEXTS)))
                .maybe(REASON, ApiSchema.TEXT);
    }

    private static Route order(String path, String summary, ReleaseOrder order, Map<String, Object> form) {
        return change(
                POST, path, summary, form, (asked, mandate) -> new Request.Order(asked.deployment(), order, mandate));
    }

    private static Route change(
            String method,
            String path,
            String summary,
            Map<String, Object> form,
            BiFunction<ApiRequest, Mandate, Request> request) {
        return Route.change(
                method, DEPLOYMENT + path, Route.DEPLOY, summary, form, ACCEPTED, Operation.FORM, (api, asked) -> {
                    check(asked.json(), form);
                    return begin(api, asked, request.apply(asked, mandate(asked)));
                });
    }

    /** A field that the body has and nothing reads would be a wish that nobody fulfils. */
    private static void check(StrictJson body, Map<String, Object> form) {
        if (!(form.get("properties") instanceof Map<?, ?> known)) {
            return;
        }
        List<String> names = known.keySet().stream().map(String::valueOf).toList();
        for (String name : body.map().keySet()) {
            if (!names.contains(name)) {
                Failure unknown = new Failure(Kind.INVALID, "unknown field '" + name + "' in the body");
                throw Nearest.of(name, names)
                        .map(nearest -> unknown.withHint("did you mean '" + nearest + "'?"))
                        .orElse(unknown.withHint("known: " + String.join(", ", names)));
            }
        }
    }

    private static Mandate mandate(ApiRequest asked) {
        StrictJson body = asked.json();
        Object agree = body.map().get(AGREE);
        Agreement agreed = agree == null || Boolean.FALSE.equals(agree)
                ? Agreement.NONE
                : Boolean.TRUE.equals(agree)
                        ? Agreement.EVERYTHING
                        : new Agreement(false, new LinkedHashSet<>(body.texts(AGREE)));
        if (agreed.everything() || !agreed.named().isEmpty()) {
            requireAdmin(asked, "to agree to what needs consent");
        }
        if (agreed.named().contains(Agreement.IN_FREEZE)
                && body.textOrEmpty(REASON).isBlank()) {
            throw new Failure(Kind.INVALID, "no reason is given to " + Agreement.IN_FREEZE)
                    .withHint("say why in 'reason': it is kept in history");
        }
        return new Mandate(new Caller.Person(asked.caller().name()), body.textOrEmpty(REASON), agreed);
    }

    /** Consent is what protects from mistakes and from tokens that leak: a token for deploys does not give it. */
    private static void requireAdmin(ApiRequest asked, String what) {
        if (!asked.caller().has(Scope.ADMIN)) {
            throw new Failure(Kind.REFUSED, what + " " + asked.caller().lacks(Scope.ADMIN))
                    .withHint("have somebody with that scope ask for it");
        }
    }

    private static Reply begin(Api api, ApiRequest asked, Request request) {
        Operation operation = api.changes().begin(asked, request, () -> precondition(api, asked));
        return Reply.of(
                        ACCEPTED,
                        operation.fields(api.controller().installation().secrets()::mask))
                .with("Location", "/v1/operations/" + operation.id());
    }

    /** {@code If-Match} has the tag of the deployment as the client saw it. */
    private static void precondition(Api api, ApiRequest asked) {
        Optional<String> wanted = asked.header("If-Match");
        if (wanted.isPresent()
                && StateRoutes.whole(api, asked) instanceof Reply.Whole now
                && !EntityTag.matches(wanted.get(), EntityTag.of(now.body()))) {
            throw new Failure(Kind.STALE, asked.deployment() + " is not as it was when you looked")
                    .withHint("get it again, and decide again");
        }
    }

    private static Request remove(ApiRequest asked, Mandate mandate) {
        boolean volumes = asked.json().find("volumes").map(StrictJson::flag).orElse(false);
        if (volumes) {
            requireAdmin(asked, "to remove volumes");
        }
        return new Request.Remove(asked.deployment(), volumes, mandate);
    }

    private static Request scale(ApiRequest asked, Mandate mandate) {
        Map<String, Integer> scales = new TreeMap<>(asked.json().sorted(SERVICES, StrictJson::number));
        scales.forEach((service, count) -> {
            if (count < 0 || count > MOST_INSTANCES) {
                throw new Failure(Kind.INVALID, "invalid number of instances of " + service + ": " + count)
                        .withHint("use a whole number from 0 to " + MOST_INSTANCES);
            }
        });
        if (scales.isEmpty()) {
            throw new Failure(Kind.INVALID, "no service is named").withHint("for example {\"services\": {\"web\": 3}}");
        }
        return new Request.Scale(asked.deployment(), scales, mandate);
    }

    private static Set<String> services(ApiRequest asked) {
        return asked.json().find(SERVICES).isPresent() ? Set.copyOf(asked.json().texts(SERVICES)) : Set.of();
    }

    /** JSON is YAML, so the Servicefile's own decoder says what is wrong, with its place in the body. */
    private static Reply setService(Api api, ApiRequest asked) {
        asked.json();
        String service = asked.name("service");
        String text = new String(asked.body(), StandardCharsets.UTF_8);
        List<String> secrets = api.controller().installation().settings().secretNames();
        ServiceChange change = Servicefiles.service(service, text, Optional.empty(), secrets);
        Mandate mandate = Mandate.of(new Caller.Person(asked.caller().name()));
        return begin(
                api,
                asked,
                new Request.SetService(
                        asked.deployment(),
                        change.name(),
                        existing -> new Request.Edited(change.definition(), change.scale()),
                        mandate));
    }

    private static Reply reconcile(Api api, ApiRequest asked) {
        String deployment = asked.deployment();
        if (api.controller().installation().store().deployment(deployment).isEmpty()) {
            throw new Failure(Kind.NOT_FOUND, "unknown deployment '" + deployment + "'");
        }
        api.changes().record(asked, deployment);
        api.controller()
                .mark(
                        WorkKey.deployment(deployment),
                        new Cause(Reason.PERSON, asked.caller().name()));
        return Reply.of(ACCEPTED, Map.of("deployment", deployment));
    }

    private static Reply operation(Api api, ApiRequest asked) {
        String id = asked.name("operation");
        Operation found = api.changes()
                .find(id)
                .filter(operation -> asked.caller().sees(operation.deployment()))
                .orElseThrow(() -> new Failure(Kind.NOT_FOUND, "unknown operation '" + id + "'")
                        .withHint("operations are forgotten when another controller leads; releases are kept"));
        return Reply.thing(found.fields(api.controller().installation().secrets()::mask));
    }
}
