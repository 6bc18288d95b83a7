package org.portolan.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** Changes that were asked for: begun, looked at, followed, stopped. */
final class OperationRoutes {
    private static final String OPERATION = "/v1/operations/{operation}";
    private static final int ACCEPTED = 202;
    private static final int LONGEST = Integer.MAX_VALUE;

    private OperationRoutes() {}

    static List<Route> all() {
        return List.of(
                Route.get(
                                OPERATION,
                                Route.READ,
                                "Show what became of a change.",
                                Operation.FORM,
                                (api, asked) -> Reply.thing(fields(api, find(api, asked))))
                        .judging(),
                Route.get(
                                OPERATION + "/events",
                                Route.READ,
                                "Follow a change: a line for each event, and at last what became of it.",
                                ApiSchema.object().andMore().done(),
                                OperationRoutes::follow)
                        .as(Reply.NDJSON)
                        .judging()
                        .query("after", "Only lines after the one with this number.", ApiSchema.between(0, LONGEST)),
                Route.change(
                                "POST",
                                OPERATION + "/answer",
                                Route.DEPLOY,
                                "Agree to what a deploy asks for consent, or not: its events have the question.",
                                ApiSchema.object()
                                        .with("question", ApiSchema.WHOLE)
                                        .with("agree", ApiSchema.FLAG)
                                        .done(),
                                ACCEPTED,
                                Operation.FORM,
                                OperationRoutes::answer)
                        .judging(),
                Route.change(
                                "POST",
                                OPERATION + "/interrupt",
                                Route.DEPLOY,
                                "Stop a change after the step in progress, as Ctrl-C stops a command.",
                                ApiSchema.object().done(),
                                ACCEPTED,
                                Operation.FORM,
                                OperationRoutes::interrupt)
                        .judging());
    }

    /** Begins a change, and says where it can be followed. */
    static Reply begin(Api api, ApiRequest asked, Changes.Job job) {
        return begun(api, api.changes().begin(asked, job, () -> precondition(api, asked)));
    }

    /** The answer to what has begun. */
    static Reply begun(Api api, Operation operation) {
        return Reply.of(ACCEPTED, fields(api, operation)).with("Location", "/v1/operations/" + operation.id());
    }

    private static Map<String, Object> fields(Api api, Operation operation) {
        return operation.fields(api.controller().installation().secrets()::mask);
    }

    /** {@code If-Match} has the tag of the deployment as the client saw it. */
    private static void precondition(Api api, ApiRequest asked) {
        Optional<String> wanted = asked.header("If-Match");
        if (wanted.isPresent()
                && StateRoutes.whole(api, asked) instanceof Reply.Whole now
                && !EntityTag.matches(wanted.get(), EntityTag.of(now.body()))) {
            throw new Failure(Kind.STALE, asked.deployment() + " is not as it was when you looked")
                    .withHint("get it again, and decide again");
        }
    }

    static Operation find(Api api, ApiRequest asked) {
        String id = asked.name("operation");
        return api.changes()
                .find(id)
                .filter(operation -> operation.seenBy(asked.caller()))
                .orElseThrow(() -> new Failure(Kind.NOT_FOUND, "unknown operation '" + id + "'")
                        .withHint("operations are forgotten when another controller leads; releases are kept"));
    }

    private static Reply interrupt(Api api, ApiRequest asked) {
        Operation operation = find(api, asked);
        if (!operation.who().equals(asked.caller().name())) {
            ChangeBody.requireAdmin(asked, "to stop what " + operation.who() + " asked for");
        }
        api.changes().record(asked, operation.deployment());
        operation.stop();
        return Reply.of(ACCEPTED, fields(api, operation));
    }

    private static Reply answer(Api api, ApiRequest asked) {
        Operation operation = find(api, asked);
        boolean agrees = asked.json().flag("agree");
        if (agrees) {
            ChangeBody.requireAdmin(asked, "to agree to what needs consent");
            api.changes().record(asked, operation.deployment());
        }
        if (!operation.answer(asked.json().number("question"), agrees)) {
            throw new Failure(Kind.STALE, "that is not asked, or no longer");
        }
        return Reply.of(ACCEPTED, fields(api, operation));
    }

    private static Reply follow(Api api, ApiRequest asked) {
        Operation operation = find(api, asked);
        long after = asked.number("after", 0, 0, LONGEST);
        return new Reply.Streamed(Reply.NDJSON, out -> {
            operation.followers(1);
            try {
                follow(api, operation, asked.caller(), after, out);
            } finally {
                operation.followers(-1);
            }
        });
    }

    /**
     * To the end also while this process stops listening: what is in progress ends then, and whoever follows it shall know how.
     */
    private static void follow(Api api, Operation operation, ApiCaller caller, long after, Reply.Out out)
            throws IOException {
        long seen = after;
        long silent = 0;
        // At once, so that the client knows that it is connected.
        out.send("\n");
        try {
            while (true) {
                OperationLines.Part part = operation.lines().after(seen, Duration.ofSeconds(1));
                if (!operation.seenBy(caller)) {
                    // It has come to something that does not exist for them.
                    return;
                }
                if (part.from() > seen + 1) {
                    out.send(OperationLines.line(part.from() - 1, Map.of("skipped", part.from() - seen - 1)));
                }
                seen = part.from() + part.lines().size() - 1;
                if (!part.lines().isEmpty()) {
                    out.send(String.join("", part.lines()));
                    silent = 0;
                }
                if (part.ended()) {
                    out.send(OperationLines.line(seen + 1, Map.of("operation", fields(api, operation))));
                    return;
                }
                silent++;
                if (silent >= EventRoutes.HEARTBEAT.toSeconds()) {
                    out.send("\n");
                    silent = 0;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
