package org.portolan.remote;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.portolan.json.JsonMismatch;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.EventSink;
import org.portolan.model.event.Notice;
import org.portolan.model.json.EventJson;
import org.portolan.operate.Agreement;
import org.portolan.operate.ArchiveFile;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.operate.Requests;
import org.portolan.operate.VolumeCopies;
import org.portolan.plan.json.ShownPlan;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.release.UnknownDeployment;

/** Has a controller carry out what is asked for. Each request has its route; the events there are shown as if they happened here. */
final class RemoteRequests implements Requests {
    private static final String SERVICES = "services";
    private static final String POST = "POST";
    private static final Pattern NAME = Pattern.compile("[\\w.-]+");

    private final ApiClient client;
    private final EventSink events;

    RemoteRequests(ApiClient client, EventSink events) {
        this.client = client;
        this.events = events;
    }

    /** A request as its route takes it. */
    private record Routed(String method, String path, Map<String, ?> fields) {}

    @Override
    public Outcome perform(Request request, DeployOptions options) {
        if (request instanceof Request.RestoreVolume restore && !client.isNear()) {
            return outcome(new RemoteVolumes(client, events).restore(restore, options), options);
        }
        Routed routed = routed(request);
        String path = "/v1/deployments/" + segment(request.deployment()) + routed.path();
        Map<String, Object> body = body(request.mandate(), options);
        body.putAll(routed.fields());
        return outcome(
                new Submission(client, request.mandate().caller().name(), events)
                        .ended(routed.method(), path, body, telling(events), options.interrupted()),
                options);
    }

    static String segment(String deployment) {
        if (!NAME.matcher(deployment).matches()) {
            // No deployment has it, and not every server takes it as a part of a path.
            throw UnknownDeployment.named(deployment);
        }
        return ApiClient.segment(deployment);
    }

    private Routed routed(Request request) {
        return switch (request) {
            case Request.Scale scale ->
                new Routed(
                        POST,
                        "/scale",
                        scale.from().isEmpty()
                                ? Map.of(SERVICES, scale.scales())
                                : Map.of(SERVICES, scale.scales(), "from", scale.from()));
            case Request.Stop stop -> new Routed(POST, "/stop", services(stop.services()));
            case Request.Start start -> new Routed(POST, "/start", services(start.services()));
            case Request.Restart restart -> new Routed(POST, "/restart", services(restart.services()));
            case Request.Rollback back ->
                new Routed(
                        POST,
                        "/rollback",
                        back.to().<Map<String, ?>>map(to -> Map.of("to", to)).orElse(Map.of()));
            case Request.Create create -> new Routed("PUT", "", Map.of());
            case Request.Remove remove ->
                new Routed("DELETE", "", remove.volumes() ? Map.of("volumes", true) : Map.of());
            case Request.Unpin unpin -> new Routed(POST, "/unpin", Map.of());
            case Request.Order order -> new Routed(POST, "/" + order.order().word(), Map.of());
            case Request.Apply apply -> throw notHere();
            case Request.Reconcile reconcile -> throw notHere();
            case Request.SetService set -> set(set);
            case Request.RotateSecret rotate ->
                new Routed(POST, "/secrets/" + ApiClient.segment(rotate.name()) + "/rotate", Map.of());
            case Request.SetSecret secret ->
                new Routed("PUT", "/secrets/" + ApiClient.segment(secret.name()), Map.of("value", secret.value()));
            case Request.RemoveVolumes remove -> throw notHere();
            case Request.RestoreVolume restore -> restore(restore);
        };
    }

    /** The archive is a file of the controller's machine. */
    private static Routed restore(Request.RestoreVolume restore) {
        return new Routed(
                POST,
                "/volumes/" + ApiClient.segment(restore.volume()) + "/restore",
                Map.of("archive", restore.archive().path().toAbsolutePath().toString()));
    }

    private static Routed set(Request.SetService set) {
        Request.Written written = set.edit().written().orElseThrow(RemoteRequests::notHere);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("image", written.name());
        fields.put("keys", written.keys());
        return new Routed("PATCH", "/services/" + ApiClient.segment(set.service()), fields);
    }

    private static Failure notHere() {
        return new Failure(Kind.REFUSED, "this does not go through a controller")
                .withHint("run it without PORTOLAN_URL on the controller's machine");
    }

    private static Map<String, ?> services(Iterable<String> services) {
        List<String> named = new ArrayList<>();
        services.forEach(named::add);
        return named.isEmpty() ? Map.of() : Map.of(SERVICES, named);
    }

    /** What every change may say besides what is to change. */
    static Map<String, Object> body(Mandate mandate, DeployOptions options) {
        Map<String, Object> body = new LinkedHashMap<>();
        Agreement agreed = mandate.agreed();
        List<String> named = new ArrayList<>(agreed.named());
        if (named.remove(Agreement.IN_FREEZE)) {
            body.put("override_freeze", true);
        }
        if (agreed.everything()) {
            body.put("agree", true);
        } else if (!named.isEmpty()) {
            body.put("agree", named);
        }
        if (!mandate.reason().isEmpty()) {
            body.put("reason", mandate.reason());
        }
        if (!options.waitForLock()) {
            body.put("no_wait", true);
        }
        options.parallel().ifPresent(count -> body.put("parallel", count));
        return body;
    }

    /** Tells each event that a line has, and how many lines were not kept for whoever follows too late. */
    static Consumer<StrictJson> telling(EventSink events) {
        return line -> {
            line.find("event").ifPresent(node -> events.accept(EventJson.read(node)));
            line.find("skipped")
                    .map(StrictJson::whole)
                    .map(lines -> lines == 1 ? "1 line is left out" : lines + " lines are left out")
                    .ifPresent(text ->
                            events.accept(new Event(Instant.now(), "", 0, new Notice(EventLevel.WARNING, text))));
        };
    }

    /** It ended as if a person had stopped it, and none did. */
    static Failure stopped(String hint) {
        return new Failure(Kind.UNREACHABLE, "the controller was stopped before this was done").withHint(hint);
    }

    private Outcome outcome(StrictJson end, DeployOptions options) {
        try {
            Outcome outcome = new Outcome(
                    kind(end.at("outcome")),
                    end.text("deployment"),
                    end.find("release").map(StrictJson::number).orElse(0),
                    end.find("kept_volumes").isPresent() ? end.texts("kept_volumes") : List.of());
            if (outcome.kind() == Outcome.Kind.INTERRUPTED
                    && !options.interrupted().getAsBoolean()) {
                throw stopped("the one that leads next continues it");
            }
            return outcome;
        } catch (JsonMismatch otherForm) {
            throw client.notUnderstood(String.valueOf(otherForm.getMessage()));
        }
    }

    /** How a change ended, by its word. */
    static Outcome.Kind kind(StrictJson node) {
        String word = node.text();
        for (Outcome.Kind kind : Outcome.Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
                return kind;
            }
        }
        throw node.wrong("how a change ends, not \"" + word + "\"");
    }

    @Override
    public PlannedRollback planRollback(Request.Rollback request) {
        String path = "/v1/queries/deployments/" + segment(request.deployment()) + "/rollback"
                + ApiClient.query(Map.of("to", request.to().map(String::valueOf).orElse("")));
        StrictJson answer = client.get(path);
        try {
            StrictJson view = answer.at("view");
            return new PlannedRollback(view.number("release"), ShownPlan.read(view));
        } catch (JsonMismatch otherForm) {
            throw client.notUnderstood(String.valueOf(otherForm.getMessage()));
        }
    }

    @Override
    public void removeVolumes(List<String> volumes, Mandate mandate, DeployOptions options) {
        Map<String, Object> body = body(mandate, options);
        body.put("volumes", volumes);
        new Submission(client, mandate.caller().name(), events)
                .ended(POST, "/v1/volumes/remove", body, telling(events), options.interrupted());
    }

    @Override
    public VolumeCopies.Saved backup(String volume, ArchiveFile file, Mandate mandate, DeployOptions options) {
        return new RemoteVolumes(client, events).backup(volume, file, mandate, options);
    }
}
