package org.portolan.remote;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.bundle.Bundle;
import org.portolan.bundle.BundleJson;
import org.portolan.doctor.Finding;
import org.portolan.json.JsonMismatch;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.NeedsConsent;
import org.portolan.model.event.EventSink;
import org.portolan.model.json.RemedyJson;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.plan.json.ShownPlan;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.sync.Deploys;
import org.portolan.sync.ExpectedPlans;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourcePlan;
import org.portolan.sync.Sync;

/** Has a controller plan and deploy files of this machine: what was read of them is sent, and read there again. */
final class RemoteDeploys implements Deploys {
    private final ApiClient client;
    private final EventSink events;

    private final Consumer<Finding> found;

    /**
     * Of a controller.
     *
     * @param events gets what happens meanwhile
     * @param found gets what a first deploy shows to be wrong with the controller's machine
     */
    RemoteDeploys(ApiClient client, EventSink events, Consumer<Finding> found) {
        this.client = client;
        this.events = events;
        this.found = found;
    }

    @Override
    public SourcePlan preview(LoadedSource source, Request.Apply.Terms terms) {
        Map<String, Object> body = new LinkedHashMap<>();
        fill(body, source, terms);
        StrictJson answer = client.send("POST", "/v1/plans", body, Map.of());
        try {
            return SourcePlan.read(answer);
        } catch (JsonMismatch otherForm) {
            throw client.notUnderstood(String.valueOf(otherForm.getMessage()));
        }
    }

    /** The proxies' files, in the order of their names. */
    static SequencedMap<String, String> proxyFiles(ApiClient client, LoadedSource source, List<String> names) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("bundle", BundleJson.tree(Bundle.of(source)));
        body.put("proxies", names);
        StrictJson answer = client.send("POST", "/v1/renders", body, Map.of());
        try {
            SequencedMap<String, String> texts = new LinkedHashMap<>();
            names.forEach(name -> texts.put(name, answer.text(name)));
            return texts;
        } catch (JsonMismatch otherForm) {
            throw client.notUnderstood(String.valueOf(otherForm.getMessage()));
        }
    }

    private static void fill(Map<String, Object> body, LoadedSource source, Request.Apply.Terms terms) {
        body.put("bundle", BundleJson.tree(Bundle.of(source)));
        if (terms.force()) {
            body.put("force", true);
        }
        if (terms.adopt()) {
            body.put("adopt", true);
        }
        terms.project().ifPresent(project -> body.put("adopt_containers", project));
    }

    @Override
    public ShownPlan drift(String deployment, Mandate mandate) {
        StrictJson answer = client.get("/v1/queries/deployments/" + ApiClient.segment(deployment) + "/drift");
        try {
            return ShownPlan.read(answer.at("view"));
        } catch (JsonMismatch otherForm) {
            throw client.notUnderstood(String.valueOf(otherForm.getMessage()));
        }
    }

    @Override
    public Sync.Result deploy(
            LoadedSource source,
            Optional<ExpectedPlans> expected,
            Request.Apply.Terms terms,
            Mandate mandate,
            DeployOptions options,
            Sync.Watcher watcher) {
        Map<String, Object> body = RemoteRequests.body(mandate, options);
        fill(body, source, terms);
        expected.ifPresent(plans -> body.put("expected", plans.fingerprints()));
        if (mandate.caller() instanceof Caller.Hook hook) {
            body.put("automatic", true);
            body.put("retry", hook.retries());
        }
        body.put("asks", true);
        Submission submission = new Submission(client, mandate.caller().name(), events);
        Told told = new Told(submission, watcher);
        Sync.Result result;
        try {
            StrictJson end = submission.ended("POST", "/v1/deploys", body, told::line, options.interrupted());
            Sync.Result known = told.result;
            Sync.Result last = result(end);
            // What a controller said that ended in the middle no longer counts.
            result = known == null || known.interrupted() != last.interrupted() ? last : known;
        } catch (Failure failure) {
            Sync.Result known = told.result;
            // Each failure is shown already.
            if (known == null || !known.failed()) {
                throw failure;
            }
            result = known;
        }
        if (result.interrupted() && !options.interrupted().getAsBoolean()) {
            throw RemoteRequests.stopped(
                    "the one that leads next continues a release that was begun; then deploy again");
        }
        return result;
    }

    /** As far as the operation itself says it: its lines were no longer kept when they were asked for. */
    private Sync.Result result(StrictJson end) {
        try {
            Outcome.Kind kind = RemoteRequests.kind(end.at("outcome"));
            return new Sync.Result(kind == Outcome.Kind.NO_CHANGES ? 0 : 1, false, kind == Outcome.Kind.INTERRUPTED);
        } catch (JsonMismatch otherForm) {
            throw client.notUnderstood(String.valueOf(otherForm.getMessage()));
        }
    }

    /** What the controller tells, for whoever watches here. */
    private final class Told {
        private final Submission submission;
        private final Sync.Watcher watcher;
        private Sync.@Nullable Result result;

        Told(Submission submission, Sync.Watcher watcher) {
            this.submission = submission;
            this.watcher = watcher;
        }

        void line(String operation, StrictJson line) {
            RemoteRequests.telling(events).accept(line);
            line.find("outcome")
                    .ifPresent(outcome -> watcher.done(new Outcome(
                            RemoteRequests.kind(outcome.at("kind")),
                            outcome.text("deployment"),
                            outcome.number("release"))));
            line.find("failed").ifPresent(problem -> watcher.failed(ProblemReply.failure(problem)));
            line.find("moved").ifPresent(moved -> watcher.moved(moved.text()));
            line.find("found")
                    .ifPresent(finding -> found.accept(new Finding(
                            Finding.Level.WARNING,
                            finding.text("what"),
                            finding.text("text"),
                            finding.find("advice").flatMap(RemedyJson::read))));
            line.find("asks").ifPresent(asks -> answer(operation, asks));
            line.find("result")
                    .ifPresent(end -> result =
                            new Sync.Result(end.number("changes"), end.flag("failed"), end.flag("interrupted")));
        }

        private void answer(String operation, StrictJson asks) {
            boolean agreed =
                    ProblemReply.failure(asks.at("problem")) instanceof NeedsConsent needs && watcher.agrees(needs);
            submission.answer(operation, asks.number("question"), agreed);
        }
    }
}
