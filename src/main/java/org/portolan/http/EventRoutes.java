package org.portolan.http;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.portolan.json.JsonTree;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;
import org.portolan.query.EventHub;
import org.portolan.query.json.JsonFields;

/** What happened, and what happens. */
final class EventRoutes {
    /** So often a stream says that it lives: a client that is gone shows at a write. */
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    static final Pattern ID = Pattern.compile("\\d{1,18}(-\\d{1,18})?");
    private static final int SHOWN = 100;
    private static final int MOST = 1_000;
    private static final int SCANNED = 20_000;
    private static final String AFTER = "after";

    private EventRoutes() {}

    static List<Route> all() {
        return List.of(Route.seen(
                        "/v1/events",
                        Route.READ,
                        "List events, or follow them as NDJSON or server-sent events.",
                        ApiSchema.object()
                                .with("events", ApiSchema.list(ApiForms.EVENT))
                                .maybe("next", ApiSchema.TEXT)
                                .maybe("cut", ApiSchema.FLAG)
                                .done(),
                        EventRoutes::events)
                .as(Reply.JSON, Reply.NDJSON, Reply.EVENTS)
                .query(AFTER, "Only events after the one with this id; as Last-Event-ID.", ApiSchema.TEXT)
                .query("deployment", "Only events of this deployment.", ApiSchema.TEXT)
                .query("limit", "How many are listed; default: 100.", ApiSchema.between(1, MOST)));
    }

    private static Reply events(Viewer viewer, ApiRequest request) {
        Optional<String> after = checked(request.header("Last-Event-ID").or(() -> request.query(AFTER)));
        Predicate<Event> wanted = wanted(request);
        String accept = request.header("Accept").orElse("");
        if (accept.contains(Reply.EVENTS)) {
            return new Reply.Streamed(
                    Reply.EVENTS, out -> follow(viewer.follow(after, wanted), out, EventRoutes::sse, ": \n\n"));
        }
        if (accept.contains(Reply.NDJSON)) {
            return new Reply.Streamed(
                    Reply.NDJSON, out -> follow(viewer.follow(after, wanted), out, EventRoutes::line, "\n"));
        }
        return page(viewer, request, after, wanted);
    }

    /** An event's id that a request names. */
    static Optional<String> checked(Optional<String> named) {
        named.filter(id -> !ID.matcher(id).matches()).ifPresent(id -> {
            throw new Failure(Kind.INVALID, "'" + id + "' is not an event id").withHint("events have it as id");
        });
        return named;
    }

    private static Predicate<Event> wanted(ApiRequest request) {
        Optional<String> deployment = request.query("deployment");
        return event ->
                deployment.filter(name -> !name.equals(event.deployment())).isEmpty();
    }

    private static Reply page(Viewer viewer, ApiRequest request, Optional<String> after, Predicate<Event> wanted) {
        int limit = request.number("limit", SHOWN, 1, MOST);
        EventHub.Some some = after.isPresent()
                ? viewer.after(after.get(), limit, SCANNED, wanted)
                : viewer.last(limit, SCANNED, wanted);
        List<Event> found = some.events();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("events", found.stream().map(JsonFields::event).toList());
        if (some.cut() && after.isEmpty()) {
            // Those that are older; with an id those that are newer are the next page.
            fields.put("cut", true);
        }
        if (found.size() == limit || some.cut()) {
            String next = request.path() + "?limit=" + limit + "&after="
                    + found.getLast().id()
                    + request.query("deployment")
                            .map(name -> "&deployment=" + name)
                            .orElse("");
            fields.put("next", next);
        }
        return Reply.thing(fields);
    }

    /** Writes an event. */
    @FunctionalInterface
    interface Form {
        String text(Event event);
    }

    /** Sends what comes, and says now and then that it lives. */
    static void follow(EventHub.Follower follower, Reply.Out out, Form form, String heartbeat) throws IOException {
        try (follower) {
            // At once, so that the client knows that it is connected.
            out.send(heartbeat);
            while (!out.ending() && !follower.ended()) {
                Optional<Event> event = follower.next(HEARTBEAT);
                if (event.isPresent()) {
                    out.send(form.text(event.get()));
                } else if (!follower.ended()) {
                    out.send(heartbeat);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    static String line(Event event) {
        return JsonTree.text(JsonFields.plain(JsonFields.event(event)), false) + "\n";
    }

    private static String sse(Event event) {
        return "id: " + event.id() + "\nevent: " + event.kind() + "\ndata: " + line(event) + "\n";
    }
}
