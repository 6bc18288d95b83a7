package org.portolan.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.portolan.controller.Steering;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.ReleaseOrder;
import org.portolan.model.state.Scope;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.DeployOptions;

/**
 * What forms of the page ask for. Refused at once where that can be known; the page that they lead to says how it ends. Each form sends what its
 * page showed ({@link PageSeen}).
 */
final class PageChanges {
    private static final int MOST_REASON = 200;

    private PageChanges() {}

    static List<Route> all(PageRoutes pages) {
        String deployment = "/deployments/{deployment}";
        String service = deployment + "/services/{service}";
        return List.of(
                pages.change(deployment + "/rollback", PageChanges::rollback),
                pages.change(deployment + "/abort", order(ReleaseOrder.ABORT, PageSeen::state)),
                pages.change(deployment + "/promote", order(ReleaseOrder.PROMOTE, PageSeen::canaries)),
                pages.change(deployment + "/unpin", PageChanges::unpin),
                pages.change(service + "/scale", PageChanges::scale),
                pages.change(service + "/restart", of((name, one, by) -> new Request.Restart(name, one, by))),
                pages.change(service + "/stop", of((name, one, by) -> new Request.Stop(name, one, by))),
                pages.change(service + "/start", of((name, one, by) -> new Request.Start(name, one, by))),
                pages.change(deployment + "/suspend", PageChanges::suspend),
                pages.change(deployment + "/resume", PageChanges::resume),
                pages.change(deployment + "/approve", PageChanges::approve),
                pages.change("/sources/suspend", PageChanges::suspend),
                pages.change("/sources/resume", PageChanges::resume),
                pages.change("/sources/approve", PageChanges::approve));
    }

    /** A request of one service. */
    @FunctionalInterface
    private interface OfService {
        Request request(String deployment, Set<String> service, Mandate mandate);
    }

    private static PageRoutes.Page of(OfService made) {
        return (api, request) -> {
            Map<String, String> form = request.form(Scope.DEPLOY);
            Set<String> service = Set.of(request.request().name("service"));
            Request wanted = made.request(request.signed().deployment(), service, mandate(request, form));
            return begin(api, request, form, wanted, PageSeen::state);
        };
    }

    private static Reply scale(Api api, PageRequest request) {
        Map<String, String> form = request.form(Scope.DEPLOY);
        String service = request.request().name("service");
        int wanted = count(service, form.getOrDefault("count", ""));
        int from = count(service, form.getOrDefault("from", ""));
        Request scale = new Request.Scale(
                request.signed().deployment(), Map.of(service, wanted), Map.of(service, from), mandate(request, form));
        return begin(api, request, form, scale, PageSeen::state);
    }

    private static int count(String service, String digits) {
        try {
            int count = Integer.parseInt(digits.strip());
            ChangeRoutes.checkCount(service, count);
            return count;
        } catch (NumberFormatException notANumber) {
            throw new Failure(Kind.INVALID, "'" + digits + "' is not a number of instances of " + service)
                    .withHint("use a whole number");
        }
    }

    private static Reply rollback(Api api, PageRequest request) {
        Map<String, String> form = request.form(Scope.DEPLOY);
        String name = request.signed().deployment();
        Request.Rollback rollback = new Request.Rollback(
                name, Optional.of(PageViews.number(form.getOrDefault("to", ""))), mandate(request, form));
        new Operations(api.installation()).planRollback(rollback);
        return begin(api, request, form, rollback, PageSeen::state);
    }

    private static Reply unpin(Api api, PageRequest request) {
        Map<String, String> form = request.form(Scope.DEPLOY);
        Request unpin = new Request.Unpin(request.signed().deployment(), mandate(request, form));
        return begin(api, request, form, unpin, PageSeen::state);
    }

    private static PageRoutes.Page order(ReleaseOrder order, PageSeen.Part seen) {
        return (api, request) -> {
            Map<String, String> form = request.form(Scope.DEPLOY);
            Request wanted = new Request.Order(request.signed().deployment(), order, mandate(request, form));
            return begin(api, request, form, wanted, seen);
        };
    }

    private static Reply suspend(Api api, PageRequest request) {
        return steer(api, request, Scope.DEPLOY, (steering, told) -> steering.suspend(told.key(), told.mandate()));
    }

    private static Reply resume(Api api, PageRequest request) {
        return steer(api, request, Scope.DEPLOY, (steering, told) -> steering.resume(told.key(), told.mandate()));
    }

    private static Reply approve(Api api, PageRequest request) {
        return steer(
                api, request, Scope.ADMIN, (steering, told) -> steering.approve(told.key(), told.id(), told.mandate()));
    }

    /** An instruction to the controller. */
    private record Told(WorkKey key, String id, Mandate mandate) {}

    private static Reply steer(Api api, PageRequest request, Scope needed, BiConsumer<Steering, Told> instruction) {
        Map<String, String> form = request.form(needed);
        boolean whole = request.signed().names().containsKey("deployment");
        // The name of a source can have slashes, which no part of a path can.
        WorkKey key = whole
                ? WorkKey.deployment(request.signed().deployment())
                : source(api, request, form.getOrDefault("source", ""));
        Told told = new Told(key, form.getOrDefault("id", ""), mandate(request, form));
        Changes.Job job = SteeringRoutes.job(key, steering -> instruction.accept(steering, told));
        Runnable shown = needed == Scope.ADMIN && whole
                ? NextDeploy.check(api, key.name(), form.getOrDefault("plan", ""))
                : () -> {};
        // The audit log names what it is about.
        String path = request.request().path();
        ApiRequest asked = request.signed(whole ? path : path.replace("/sources/", "/sources/" + key.name() + "/"));
        return begun(api.changes().begin(asked, job, shown), whole ? "/deployments/" + key.name() : "/sources");
    }

    /** One that is followed: what is not is not named in the audit log, however it is called. */
    private static WorkKey source(Api api, PageRequest request, String name) {
        WorkKey key = SteeringRoutes.source(request.caller(), name);
        if (api.standings(request.caller()).sources().stream()
                .noneMatch(source -> source.name().equals(name))) {
            throw new Failure(Kind.NOT_FOUND, "there is no such source");
        }
        return key;
    }

    private static Mandate mandate(PageRequest request, Map<String, String> form) {
        String reason = form.getOrDefault("reason", "").strip();
        if (reason.length() > MOST_REASON) {
            throw new Failure(Kind.INVALID, "the reason is longer than " + MOST_REASON + " characters");
        }
        return new Mandate(new Caller.Person(request.caller().name()), reason, Agreement.NONE);
    }

    private static Reply begin(
            Api api, PageRequest request, Map<String, String> form, Request wanted, PageSeen.Part seen) {
        Runnable check = PageSeen.check(api, wanted.deployment(), form, seen);
        Operation operation =
                api.changes().begin(request.signed(), Changes.Job.of(wanted, DeployOptions.DEFAULT), check);
        return begun(operation, "/deployments/" + wanted.deployment());
    }

    /** Back to where the form was, which says what becomes of it. */
    private static Reply begun(Operation operation, String page) {
        return PageRoutes.to(page + "?change=" + operation.id());
    }
}
