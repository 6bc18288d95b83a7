package org.portolan.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.portolan.json.JsonTree;
import org.portolan.model.event.AccessEvent;
import org.portolan.model.event.Event;
import org.portolan.query.EventFeed;
import org.portolan.query.EventFilter;
import org.portolan.query.json.JsonFields;

/** Who did what, from where. */
final class AuditRoutes {
    private static final int SHOWN = 50;
    private static final int MOST = 100_000;

    private AuditRoutes() {}

    static List<Route> all() {
        return List.of(Route.seen(
                        "/v1/queries/audit",
                        Route.ADMIN,
                        "For the command line: The last entries of the audit log, then if asked for what comes.",
                        ApiForms.EVENT,
                        AuditRoutes::audit)
                .as(Reply.NDJSON)
                .query("after", "Only entries after the one with this id.", ApiSchema.TEXT)
                .query("tail", "How many past entries; default: 50.", ApiSchema.between(0, MOST))
                .query("deployment", "Only entries of this deployment.", ApiSchema.TEXT)
                .query("follow", "Whether what comes is sent, too.", ApiSchema.FLAG));
    }

    private static Reply audit(Viewer viewer, ApiRequest request) {
        Optional<String> deployment = request.queriedDeployment();
        EventFilter filter = new EventFilter(deployment, true, true);
        Predicate<Event> wanted = event -> event.data() instanceof AccessEvent && filter.wants(event);
        String after = EventRoutes.checked(request.query("after")).orElse("");
        int tail = request.number("tail", SHOWN, 0, MOST);
        boolean follow = request.flag("follow");
        return new Reply.Streamed(Reply.NDJSON, out -> {
            String seen = after;
            Optional<EventFeed> log = viewer.audit(wanted);
            if (log.isPresent()) {
                try (EventFeed past = log.get()) {
                    for (Event event : past.past(after, tail)) {
                        out.send(line(JsonFields.event(event)));
                        seen = event.id();
                    }
                }
            }
            // For what is followed from there, by this request or the next.
            seen = seen.isEmpty() ? viewer.newestAudited() : seen;
            out.send(line(Map.of("seen", seen)));
            if (follow) {
                Optional<String> begin = Optional.of(seen).filter(id -> !id.isEmpty());
                EventRoutes.follow(viewer.follow(begin, wanted), out, EventRoutes::line, "\n");
            }
        });
    }

    private static String line(Map<String, ?> fields) {
        return JsonTree.text(JsonFields.plain(fields), false) + "\n";
    }
}
