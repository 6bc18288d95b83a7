package org.portolan.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.bundle.Bundle;
import org.portolan.bundle.BundleJson;
import org.portolan.json.JsonTree;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Scope;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.release.Installation;
import org.portolan.sync.ExpectedPlans;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.ProxyFiles;
import org.portolan.sync.Sync;

/** Plans and deploys of files that a client sends: they are read here as they were read there, and nothing of this machine with them. */
final class BundleRoutes {
    private static final String BUNDLE = "bundle";
    private static final String FORCE = "force";
    private static final String ADOPT = "adopt";
    private static final String PROJECT = "adopt_containers";
    private static final String AUTOMATIC = "automatic";
    private static final String RETRY = "retry";
    private static final String EXPECTED = "expected";
    private static final String ASKS = "asks";
    private static final String PROXIES = "proxies";
    private static final int ACCEPTED = 202;

    private static final Map<String, Object> FILES = ApiSchema.object()
            .with("servicefile", ApiSchema.TEXT)
            .with(
                    "source",
                    ApiSchema.object()
                            .with("location", ApiSchema.TEXT)
                            .maybe("path", ApiSchema.TEXT)
                            .maybe("commit", ApiSchema.TEXT)
                            .maybe("dirty", ApiSchema.FLAG)
                            .maybe("author", ApiSchema.TEXT)
                            .maybe("subject", ApiSchema.TEXT)
                            .done())
            .with(
                    "files",
                    ApiSchema.mapOf(ApiSchema.object()
                            .with("base64", ApiSchema.TEXT)
                            .maybe("program", ApiSchema.FLAG)
                            .done()))
            .maybe("folders", ApiSchema.mapOf(ApiSchema.TEXTS))
            .maybe("root", ApiSchema.TEXT)
            .maybe("shown", ApiSchema.mapOf(ApiSchema.TEXT))
            .maybe("places", ApiSchema.mapOf(ApiSchema.TEXT))
            .maybe("deployment", ApiSchema.TEXT)
            .maybe("parameters", ApiSchema.mapOf(ApiSchema.TEXT))
            .maybe(
                    "values",
                    ApiSchema.mapOf(ApiSchema.object()
                            .with("text", ApiSchema.TEXT)
                            .maybe("secret", ApiSchema.FLAG)
                            .done()))
            .maybe("named", ApiSchema.FLAG)
            .done();

    private static final Map<String, Object> PLANNED = ApiSchema.object()
            .with(
                    "plans",
                    ApiSchema.list(ApiSchema.object()
                            .with("plan", ApiForms.PLAN)
                            .with(
                                    "warnings",
                                    ApiSchema.list(ApiSchema.object().andMore().done()))
                            .with("text", ApiSchema.TEXT)
                            .with("verbose", ApiSchema.TEXT)
                            .done()))
            .with("departures", ApiSchema.list(ApiSchema.object().andMore().done()))
            .with("markdown", ApiSchema.TEXT)
            .done();

    private BundleRoutes() {}

    static List<Route> all() {
        Map<String, Object> plan = terms(ApiSchema.object()).done();
        Map<String, Object> render = ApiSchema.object()
                .with(BUNDLE, FILES)
                .with(PROXIES, ApiSchema.TEXTS)
                .done();
        Map<String, Object> deploy = terms(ChangeBody.freezable())
                .maybe(AUTOMATIC, ApiSchema.FLAG)
                .maybe(RETRY, ApiSchema.FLAG)
                .maybe(EXPECTED, ApiSchema.mapOf(ApiSchema.TEXT))
                .maybe(ASKS, ApiSchema.FLAG)
                .done();
        return List.of(
                Route.change(
                                "POST",
                                "/v1/plans",
                                Route.READ,
                                "Show what a deploy of these files would change, and why.",
                                plan,
                                200,
                                PLANNED,
                                (api, asked) -> plan(api, asked, plan))
                        .judging()
                        .upTo(BundleJson.MOST_BYTES),
                Route.change(
                                "POST",
                                "/v1/renders",
                                Route.READ,
                                "Show the proxies' files as a deploy of these files would leave them, secrets masked.",
                                render,
                                200,
                                ApiSchema.mapOf(ApiSchema.TEXT),
                                (api, asked) -> render(api, asked, render))
                        .upTo(BundleJson.MOST_BYTES),
                Route.change(
                                "POST",
                                "/v1/deploys",
                                Route.DEPLOY,
                                "Deploy these files, and remove what their source no longer names.",
                                deploy,
                                ACCEPTED,
                                Operation.FORM,
                                (api, asked) -> deploy(api, asked, deploy))
                        .judging()
                        .upTo(BundleJson.MOST_BYTES));
    }

    private static ApiSchema.Builder terms(ApiSchema.Builder form) {
        return form.with(BUNDLE, FILES)
                .maybe(FORCE, ApiSchema.FLAG)
                .maybe(ADOPT, ApiSchema.FLAG)
                .maybe(PROJECT, ApiSchema.TEXT);
    }

    /**
     * What was asked for: the files as they are read here, and the rest.
     *
     * @param wishes the request without the files, which are large
     */
    private record Sent(LoadedSource source, ApiRequest wishes) {
        StrictJson body() {
            return wishes.json();
        }

        boolean flag(String name) {
            return body().find(name).map(StrictJson::flag).orElse(false);
        }

        Request.Apply.Terms terms() {
            return new Request.Apply.Terms(
                    flag(FORCE), flag(ADOPT), body().find(PROJECT).map(StrictJson::text), Optional.empty());
        }
    }

    private static Sent sent(Api api, ApiRequest asked, Map<String, Object> form) {
        StrictJson body = asked.json();
        ChangeBody.check(body, form);
        Bundle sent = BundleJson.read(body.at(BUNDLE));
        Bundle bundle = asked.caller().isLocal() ? sent : sent.elsewhere();
        LoadedSource source = bundle.load(
                api.controller().installation().settings().secretNames(),
                api.clock().instant());
        for (Desired desired : source.deployments()) {
            asked.caller().requireSees(desired.name());
        }
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(body.map());
        rest.remove(BUNDLE);
        return new Sent(source, asked.with(JsonTree.bytes(rest)));
    }

    private static Reply plan(Api api, ApiRequest asked, Map<String, Object> form) {
        Sent sent = sent(api, asked, form);
        Sync sync = new Sync(api.installation());
        requireDepartures(asked, sync, sent.source());
        return Reply.of(
                200,
                sync.preview(sent.source(), sent.terms(), asked.caller()::sees).wire());
    }

    /** They name everything that the proxies serve. */
    private static Reply render(Api api, ApiRequest asked, Map<String, Object> form) {
        Sent sent = sent(api, asked, form);
        List<String> names = sent.body().texts(PROXIES);
        if (!ProxyFiles.NAMES.containsAll(names)) {
            throw new Failure(Kind.INVALID, "unknown proxy").withHint("known: " + String.join(", ", ProxyFiles.NAMES));
        }
        Installation parts = api.installation();
        return Reply.of(
                200,
                api.machine()
                        .requireProxies()
                        .texts(new Sync(parts).routes(sent.source()).values(), names));
    }

    /** What a source no longer names is removed: a token that is not for it must neither do that nor learn of it. */
    private static void requireDepartures(ApiRequest asked, Sync sync, LoadedSource source) {
        if (!sync.departing(source).stream().allMatch(asked.caller()::sees)) {
            throw new Failure(
                            Kind.REFUSED,
                            "the file no longer declares a deployment that "
                                    + asked.caller().name() + " is not for")
                    .withHint(
                            "name the deployment that is meant with -D, or have somebody without this limit deploy it");
        }
    }

    private static Reply deploy(Api api, ApiRequest asked, Map<String, Object> form) {
        Sent sent = sent(api, asked, form);
        LoadedSource source = sent.source();
        Request.Apply.Terms terms = sent.terms();
        if (terms.adopt() || terms.project().isPresent()) {
            ChangeBody.requireAdmin(asked, "to take containers over");
        }
        requireDepartures(asked, new Sync(api.installation()), source);
        Mandate mandate = mandate(sent);
        Optional<ExpectedPlans> expected = sent.body()
                .find(EXPECTED)
                .map(plans -> new ExpectedPlans(new TreeMap<>(sent.body().sorted(EXPECTED, StrictJson::text))));
        // The request has all of the files: the operation holds nothing of it.
        ApiCaller caller = asked.caller();
        // Who may not agree is not asked, and gets the refusal.
        boolean asks = sent.flag(ASKS) && caller.has(Scope.ADMIN);
        List<String> names = source.deployments().stream().map(Desired::name).toList();
        Changes.Job job = new Changes.Job(
                names,
                Changes.Job.changesOf(names),
                false,
                Bundle.held(source),
                ChangeBody.options(sent.wishes()),
                (run, options, operation) -> new SourceDeploy(operation, caller, run, options, asks, api.examined())
                        .carryOut(source, expected, terms, mandate),
                ChangeNature.FILES);
        return OperationRoutes.begun(api, api.changes().begin(asked, job, () -> {}));
    }

    private static Mandate mandate(Sent sent) {
        Mandate mandate = ChangeBody.mandate(sent.wishes());
        return sent.flag(AUTOMATIC)
                ? new Mandate(
                        new Caller.Hook(mandate.caller().name(), sent.flag(RETRY)), mandate.reason(), mandate.agreed())
                : mandate;
    }
}
