package org.portolan.http;

import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.portolan.controller.Steering;
import org.portolan.model.event.ReleaseOrder;
import org.portolan.model.state.Scope;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.DeployOptions;

/** What forms of the page ask for. Refused at once where that can be known; how it ends is an event, as of every change. */
final class PageChanges {
    private PageChanges() {}

    static Reply rollback(Api api, PageRequest request) {
        Map<String, String> form = request.form(Scope.DEPLOY);
        String name = request.signed().deployment();
        Request.Rollback rollback = new Request.Rollback(
                name, Optional.of(PageViews.number(form.getOrDefault("to", ""))), mandate(request, form));
        new Operations(api.installation()).planRollback(rollback);
        return begin(api, request, Changes.Job.of(rollback, DeployOptions.DEFAULT));
    }

    static Reply abort(Api api, PageRequest request) {
        Map<String, String> form = request.form(Scope.DEPLOY);
        Request.Order abort =
                new Request.Order(request.signed().deployment(), ReleaseOrder.ABORT, mandate(request, form));
        return begin(api, request, Changes.Job.of(abort, DeployOptions.DEFAULT));
    }

    static Reply suspend(Api api, PageRequest request) {
        return steer(api, request, Scope.DEPLOY, (steering, told) -> steering.suspend(told.key(), told.mandate()));
    }

    static Reply resume(Api api, PageRequest request) {
        return steer(api, request, Scope.DEPLOY, (steering, told) -> steering.resume(told.key(), told.mandate()));
    }

    static Reply approve(Api api, PageRequest request) {
        return steer(
                api, request, Scope.ADMIN, (steering, told) -> steering.approve(told.key(), told.id(), told.mandate()));
    }

    /** An instruction to the controller. */
    private record Told(WorkKey key, String id, Mandate mandate) {}

    private static Reply steer(Api api, PageRequest request, Scope needed, BiConsumer<Steering, Told> instruction) {
        Map<String, String> form = request.form(needed);
        WorkKey key = SteeringRoutes.key(request.signed());
        Told told = new Told(key, form.getOrDefault("id", ""), mandate(request, form));
        return begin(api, request, SteeringRoutes.job(key, steering -> instruction.accept(steering, told)));
    }

    private static Mandate mandate(PageRequest request, Map<String, String> form) {
        return new Mandate(new Caller.Person(request.caller().name()), form.getOrDefault("reason", ""), Agreement.NONE);
    }

    /** Back to where the form was, once it is known whether it is refused. */
    private static Reply begin(Api api, PageRequest request, Changes.Job job) {
        api.changes().begin(request.signed(), job, () -> {});
        boolean source = request.signed().names().containsKey("source");
        return PageRoutes.to(
                source ? "/sources" : "/deployments/" + job.deployments().getFirst());
    }
}
