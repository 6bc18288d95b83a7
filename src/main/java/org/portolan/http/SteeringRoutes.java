package org.portolan.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.portolan.controller.Steering;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.state.Scope;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Mandate;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;

/** What people tell the controller: to leave something alone, to look after it again, that what waits may be done. */
final class SteeringRoutes {
    private static final String DEPLOYMENT = "/v1/deployments/{deployment}";
    private static final String SOURCE = "/v1/sources/{source}";
    private static final String SUSPENSION = "/suspension";
    private static final String ID = "id";
    private static final int ACCEPTED = 202;

    private SteeringRoutes() {}

    static List<Route> all() {
        Map<String, Object> plain = ChangeBody.form().done();
        Map<String, Object> id = ChangeBody.form().with(ID, ApiSchema.TEXT).done();
        return List.of(
                route(
                        "PUT",
                        DEPLOYMENT + SUSPENSION,
                        Route.DEPLOY,
                        "Have the controller leave a deployment alone.",
                        plain,
                        SteeringRoutes::suspend),
                route(
                        "DELETE",
                        DEPLOYMENT + SUSPENSION,
                        Route.DEPLOY,
                        "Have the controller look after a deployment again.",
                        plain,
                        SteeringRoutes::resume),
                route(
                        "PUT",
                        SOURCE + SUSPENSION,
                        Route.DEPLOY,
                        "Have the controller leave a source alone.",
                        plain,
                        SteeringRoutes::suspend),
                route(
                        "DELETE",
                        SOURCE + SUSPENSION,
                        Route.DEPLOY,
                        "Have the controller look after a source again.",
                        plain,
                        SteeringRoutes::resume),
                route(
                        "POST",
                        DEPLOYMENT + "/approval",
                        Route.ADMIN,
                        "Agree to what waits for approval and is shown with this id.",
                        id,
                        SteeringRoutes::approve),
                route(
                        "POST",
                        SOURCE + "/approval",
                        Route.ADMIN,
                        "Agree to what of a source waits for approval and is shown with this id.",
                        id,
                        SteeringRoutes::approve));
    }

    /** Tells it the controller. */
    @FunctionalInterface
    private interface Instruction {
        BiConsumer<Steering, Mandate> of(ApiRequest asked, WorkKey key);
    }

    private static Route route(
            String method,
            String path,
            Optional<Scope> scope,
            String summary,
            Map<String, Object> form,
            Instruction instruction) {
        return Route.change(method, path, scope, summary, form, ACCEPTED, Operation.FORM, (api, asked) -> {
            ChangeBody.check(asked.json(), form);
            WorkKey key = key(asked);
            Mandate mandate = ChangeBody.mandate(asked);
            BiConsumer<Steering, Mandate> told = instruction.of(asked, key);
            return OperationRoutes.begin(api, asked, job(key, steering -> told.accept(steering, mandate)));
        });
    }

    /** Telling the controller something, as a change that is in the audit log. */
    static Changes.Job job(WorkKey key, Consumer<Steering> told) {
        boolean source = key.subject() != Subject.DEPLOYMENT;
        return new Changes.Job(
                List.of(source ? "" : key.name()),
                List.of("instructions for " + (source ? "source " : "") + key.name()),
                true,
                0,
                DeployOptions.DEFAULT,
                (run, options, operation) -> {
                    told.accept(new Steering(run));
                    return new Outcome(Outcome.Kind.DONE, key.name(), 0);
                },
                ChangeNature.AT_ONCE);
    }

    /** A source is of all deployments that it has: a caller that sees only some does not know it. */
    static WorkKey key(ApiRequest asked) {
        if (asked.names().containsKey("deployment")) {
            return WorkKey.deployment(asked.deployment());
        }
        return source(asked.caller(), asked.name("source"));
    }

    /** A source by its name. */
    static WorkKey source(ApiCaller caller, String name) {
        if (!caller.deployments().isEmpty()) {
            throw new Failure(Kind.NOT_FOUND, "there is no source " + name);
        }
        return WorkKey.source(name);
    }

    private static BiConsumer<Steering, Mandate> suspend(ApiRequest asked, WorkKey key) {
        return (steering, mandate) -> steering.suspend(key, mandate);
    }

    private static BiConsumer<Steering, Mandate> resume(ApiRequest asked, WorkKey key) {
        return (steering, mandate) -> steering.resume(key, mandate);
    }

    private static BiConsumer<Steering, Mandate> approve(ApiRequest asked, WorkKey key) {
        String id = asked.json().text(ID);
        return (steering, mandate) -> steering.approve(key, id, mandate);
    }
}
