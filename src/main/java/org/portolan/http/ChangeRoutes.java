package org.portolan.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.ReleaseOrder;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.DeployOptions;
import org.portolan.servicefile.ServiceChange;
import org.portolan.servicefile.Servicefiles;

/** What changes deployments: each is a request of {@code operate}, as a command's is. */
final class ChangeRoutes {
    private static final String DEPLOYMENT = "/v1/deployments/{deployment}";
    private static final String POST = "POST";
    private static final String SERVICES = "services";
    private static final String FROM = "from";
    private static final String IMAGE = "image";
    private static final String KEYS = "keys";
    private static final int MOST_INSTANCES = 10_000;
    private static final int ACCEPTED = 202;

    /** The image says the service's name as well, if it is given. */
    private static final Map<String, Object> EDIT = ChangeBody.freezable()
            .maybe(IMAGE, ApiSchema.TEXT)
            .maybe(KEYS, ApiSchema.TEXT)
            .done();

    private ChangeRoutes() {}

    static List<Route> all() {
        Map<String, Object> some =
                ChangeBody.form().maybe(SERVICES, ApiSchema.TEXTS).done();
        Map<String, Object> none = ChangeBody.form().done();
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
                        ChangeBody.form().maybe("volumes", ApiSchema.FLAG).done(),
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
                Route.change(
                        "PATCH",
                        DEPLOYMENT + "/services/{service}",
                        Route.DEPLOY,
                        "Set some keys of a service, as set-service does.",
                        EDIT,
                        ACCEPTED,
                        Operation.FORM,
                        ChangeRoutes::edit),
                change(
                        POST,
                        "/scale",
                        "Set how many instances of services run.",
                        ChangeBody.form()
                                .with(SERVICES, ApiSchema.mapOf(ApiSchema.between(0, MOST_INSTANCES)))
                                .maybe(FROM, ApiSchema.mapOf(ApiSchema.between(0, MOST_INSTANCES)))
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
                        ChangeBody.form().maybe("to", ApiSchema.WHOLE).done(),
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
                        ChangeRoutes::reconcile));
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
                    ChangeBody.check(asked.json(), form);
                    Request wanted = request.apply(asked, ChangeBody.mandate(asked));
                    return OperationRoutes.begin(api, asked, Changes.Job.of(wanted, ChangeBody.options(asked)));
                });
    }

    private static Request remove(ApiRequest asked, Mandate mandate) {
        boolean volumes = asked.json().find("volumes").map(StrictJson::flag).orElse(false);
        if (volumes) {
            ChangeBody.requireAdmin(asked, "to remove volumes");
        }
        return new Request.Remove(asked.deployment(), volumes, mandate);
    }

    private static Request scale(ApiRequest asked, Mandate mandate) {
        Map<String, Integer> scales = new TreeMap<>(asked.json().sorted(SERVICES, StrictJson::number));
        scales.forEach(ChangeRoutes::checkCount);
        if (scales.isEmpty()) {
            throw new Failure(Kind.INVALID, "no service is named").withHint("for example {\"services\": {\"web\": 3}}");
        }
        Map<String, Integer> from = asked.json().sortedOrEmpty(FROM, StrictJson::number);
        return new Request.Scale(asked.deployment(), scales, from, mandate);
    }

    /** Refuses a number of instances that nobody can mean. */
    static void checkCount(String service, int count) {
        if (count < 0 || count > MOST_INSTANCES) {
            throw new Failure(Kind.INVALID, "invalid number of instances of " + service + ": " + count)
                    .withHint("use a whole number from 0 to " + MOST_INSTANCES);
        }
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
        Request request = new Request.SetService(
                asked.deployment(),
                change.name(),
                existing -> new Request.Edited(change.definition(), change.scale()),
                mandate);
        return OperationRoutes.begin(api, asked, Changes.Job.of(request, DeployOptions.DEFAULT));
    }

    /** The keys are YAML, as a person writes them behind {@code set-service}. */
    private static Reply edit(Api api, ApiRequest asked) {
        ChangeBody.check(asked.json(), EDIT);
        String service = asked.name("service");
        String named = asked.json().find(IMAGE).map(StrictJson::text).orElse(service);
        String keys = asked.json().textOrEmpty(KEYS);
        List<String> secrets = api.controller().installation().settings().secretNames();
        // What is wrong with them is said at once.
        String meant =
                Servicefiles.service(named, keys, Optional.empty(), secrets).name();
        if (!meant.equals(service)) {
            throw new Failure(Kind.INVALID, named + " is not " + service + " but " + meant)
                    .withHint("the path names the service, the last part of the image's name");
        }
        Request.Edit edit = existing -> {
            ServiceChange change = Servicefiles.service(named, keys, existing, secrets);
            return new Request.Edited(change.definition(), change.scale());
        };
        Request request = new Request.SetService(asked.deployment(), service, edit, ChangeBody.mandate(asked));
        return OperationRoutes.begin(api, asked, Changes.Job.of(request, ChangeBody.options(asked)));
    }

    private static Reply reconcile(Api api, ApiRequest asked) {
        String deployment = asked.deployment();
        if (api.controller().installation().store().deployment(deployment).isEmpty()) {
            throw ApiCaller.noDeployment(deployment);
        }
        api.changes().record(asked, deployment);
        api.controller()
                .mark(
                        WorkKey.deployment(deployment),
                        new Cause(Reason.PERSON, asked.caller().name()));
        return Reply.of(ACCEPTED, Map.of("deployment", deployment));
    }
}
