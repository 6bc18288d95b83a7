package org.portolan.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Container;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.query.InstanceLogs;
import org.portolan.query.Inventory;

/** The output of instances. */
final class LogRoutes {
    private static final int SHOWN = 100;
    private static final int MOST = 10_000;

    /** Each has read a page of the log, and holds it in several forms. */
    private static final Semaphore READERS = new Semaphore(2, true);

    private static final int WAITING = 8;
    private static final long PATIENCE_MILLIS = 5_000;

    private LogRoutes() {}

    static List<Route> all() {
        return List.of(
                Route.seen(
                                "/v1/domains/{domain}/access-log",
                                Route.READ,
                                "Show lines of a domain's access log, the oldest first.",
                                ApiForms.ACCESS_LOG,
                                LogRoutes::accessLog)
                        .query(
                                "tail",
                                "How many of the newest lines; default: 100. Of too many for one answer it has the oldest.",
                                ApiSchema.between(0, Integer.MAX_VALUE))
                        .query("since", "No line of before.", ApiSchema.TIME)
                        .query("after", "What came after the answer with this `next`.", ApiSchema.TEXT),
                Route.get(
                                "/v1/deployments/{deployment}/instances/{instance}/logs",
                                Route.READ,
                                "Show the output of an instance, or of all of a service's, a line each.",
                                ApiForms.LOG_LINE,
                                LogRoutes::logs)
                        .as(Reply.NDJSON)
                        .query(
                                "tail",
                                "How many past lines of each instance; default: 100.",
                                ApiSchema.between(0, MOST))
                        .query("follow", "Whether what comes is sent, too.", ApiSchema.FLAG));
    }

    private static Reply accessLog(Viewer viewer, ApiRequest request) {
        return oneOfFew(READERS, WAITING, PATIENCE_MILLIS, () -> page(viewer, request));
    }

    /**
     * Has few do something at the same time, and some wait for that.
     *
     * @throws Failure when more than so many wait already, or it takes too long
     */
    static Reply oneOfFew(Semaphore few, int waiting, long millis, Supplier<Reply> work) {
        boolean taken = false;
        try {
            taken = few.getQueueLength() < waiting && few.tryAcquire(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        if (!taken) {
            throw new Failure(Kind.UNAVAILABLE, "others read access logs").withHint("try again in some seconds");
        }
        try {
            return work.get();
        } finally {
            few.release();
        }
    }

    private static Reply page(Viewer viewer, ApiRequest request) {
        AccessLogPage page = viewer.queries()
                .accessLog(
                        request.name("domain"),
                        request.query("since").map(LogRoutes::time),
                        request.number("tail", SHOWN, 0, Integer.MAX_VALUE),
                        request.query("after"));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("lines", page.lines().stream().map(LogRoutes::fields).toList());
        fields.put("next", page.next());
        if (page.cut()) {
            fields.put("cut", true);
        }
        return Reply.thing(fields);
    }

    /** A line for the answer; what has no value is left out. */
    private static Map<String, Object> fields(String line) {
        Map<String, Object> fields = new LinkedHashMap<>();
        try {
            StrictJson.read(line.getBytes(StandardCharsets.UTF_8))
                    .map()
                    .forEach((name, value) -> Optional.ofNullable(value).ifPresent(given -> fields.put(name, given)));
        } catch (NotJson impossible) {
            throw new IllegalStateException("the log's reader hands on JSON only", impossible);
        }
        return fields;
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException other) {
            throw new Failure(Kind.INVALID, "invalid value of since: '" + text + "'")
                    .withHint("use a time in UTC, such as 2026-01-31T12:00:00Z");
        }
    }

    private static Reply logs(Api api, ApiRequest request) {
        String deployment = request.deployment();
        String name = request.name("instance");
        int tail = request.number("tail", SHOWN, 0, MOST);
        boolean follow = request.flag("follow");
        Inventory inventory = api.inventory(request.caller());
        inventory.deployments(Optional.of(deployment));
        List<Container> containers = inventory.containers(deployment, name);
        return stream(api, tail, follow, deployment, List.of(name), containers);
    }

    /**
     * The output of containers.
     *
     * @param names what else is followed when it comes; empty: all of the deployment
     */
    static Reply.Streamed stream(
            Api api, int tail, boolean follow, String deployment, List<String> names, List<Container> containers) {
        return new Reply.Streamed(Reply.NDJSON, out -> {
            try (LogLines lines = new LogLines(out)) {
                InstanceLogs logs = new InstanceLogs(api.viewed(), lines::put);
                lines.write(() -> {
                    if (follow) {
                        logs.follow(deployment, names, containers, tail, lines::ended);
                    } else {
                        logs.past(containers, tail);
                    }
                });
            }
        });
    }
}
