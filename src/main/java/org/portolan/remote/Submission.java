package org.portolan.remote;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.EventSink;
import org.portolan.model.event.Notice;

/**
 * Asks a controller for a change, once, and follows it to its end. Where the connection breaks before the answer, or the controller ends
 * before the change has, it is asked for again with the same key: so nothing is done twice, and the controller that leads by then
 * brings what was begun to its end.
 */
final class Submission {
    private static final String AGE = "Idempotency-Age";
    private static final Duration SAID_AFTER = Duration.ofSeconds(1);

    private final ApiClient client;
    private final String who;
    private final Patience patience;
    private final EventSink events;

    /**
     * Asks nothing yet.
     *
     * @param who in whose name; a controller believes it of those who may open its socket
     * @param events gets what is waited for
     */
    Submission(ApiClient client, String who, EventSink events) {
        this(client, who, events, Patience.USUAL);
    }

    Submission(ApiClient client, String who, EventSink events, Patience patience) {
        this.client = client;
        this.who = who;
        this.events = events;
        this.patience = patience;
    }

    /**
     * Has something done.
     *
     * @param sink gets each line of what happens meanwhile
     * @param interrupted becomes true when the person wants it to stop
     * @return the operation as it has ended well
     * @throws Failure as whoever carries it out has it
     */
    StrictJson ended(
            String method, String path, Map<String, ?> body, Consumer<StrictJson> sink, BooleanSupplier interrupted) {
        return ended(method, path, body, (operation, line) -> sink.accept(line), interrupted);
    }

    /** The same of one that may ask something; the sink gets the operation's id with each line. */
    StrictJson ended(
            String method,
            String path,
            Map<String, ?> body,
            BiConsumer<String, StrictJson> sink,
            BooleanSupplier interrupted) {
        Map<String, String> headers = new LinkedHashMap<>(headers());
        // What is answered is followed in any case.
        headers.put("Prefer", "respond-async");
        headers.put("Idempotency-Key", key());
        boolean again = false;
        long first = System.nanoTime();
        while (true) {
            StrictJson begun = begun(method, path, body, headers, first, interrupted);
            String operation = begun.text("id");
            Optional<StrictJson> end = followed(operation, sink, interrupted);
            boolean left = end.isEmpty() || (leftBehind(end.get()) && !interrupted.getAsBoolean());
            // One that is left by the same controller was stopped by somebody else.
            if (!left || (again && !begun.text("state").equals("running"))) {
                StrictJson last = end.orElse(begun);
                if (last.find("problem").isPresent()) {
                    throw ProblemReply.failure(last.at("problem"));
                }
                return last;
            }
            again = true;
            say("the controller was stopped before this was done: waiting for the one that leads next");
            headers.put(AGE, since(first));
        }
    }

    /** Empty: another controller leads by now, which does not know of it yet. */
    private Optional<StrictJson> followed(
            String operation, BiConsumer<String, StrictJson> sink, BooleanSupplier interrupted) {
        try {
            return Optional.of(new Following(
                            client, operation, headers(), line -> sink.accept(operation, line), interrupted, patience)
                    .end());
        } catch (Following.Forgotten another) {
            return Optional.empty();
        }
    }

    /** Whether a controller ended before this did: the next one brings it to its end. */
    private static boolean leftBehind(StrictJson end) {
        return end.textOrEmpty("outcome").equals("interrupted")
                || end.find("problem")
                        .map(problem -> problem.textOrEmpty("kind").equals("fenced"))
                        .orElse(false);
    }

    private void say(String text) {
        events.accept(new Event(Instant.now(), "", 0, new Notice(EventLevel.WARNING, text)));
    }

    /** Says whether a person agrees to what an operation asks; again when the connection breaks, as nobody else would. */
    void answer(String operation, int question, boolean agreed) {
        long first = System.nanoTime();
        boolean again = false;
        while (true) {
            try {
                client.send(
                        "POST",
                        "/v1/operations/" + ApiClient.segment(operation) + "/answer",
                        Map.of("question", question, "agree", agreed),
                        headers());
                return;
            } catch (Failure failure) {
                if (again && failure.kind() == Kind.STALE) {
                    // It arrived before.
                    return;
                }
                if (failure.kind() != Kind.UNREACHABLE || patience.over(first)) {
                    throw failure;
                }
                again = true;
                patience.sleep();
            }
        }
    }

    private Map<String, String> headers() {
        return ApiClient.onBehalfOf(who);
    }

    private StrictJson begun(
            String method,
            String path,
            Map<String, ?> body,
            Map<String, String> headers,
            long first,
            BooleanSupplier interrupted) {
        long began = System.nanoTime();
        boolean said = false;
        while (true) {
            try {
                return client.send(method, path, body, headers);
            } catch (Failure failure) {
                boolean asked = headers.containsKey(AGE) || !ApiClient.isNobody(failure);
                boolean passes = ApiClient.isLost(failure) || failure.kind() == Kind.FENCED;
                // On this machine it is known who leads, and so whether somebody is to be waited for.
                boolean waits = asked || (!client.isNear() && ApiClient.isNotYet(failure));
                if (!waits || !passes || (!asked && patience.overSoon(began))) {
                    throw failure;
                }
                if (patience.over(began) && failure.kind() == Kind.FENCED) {
                    throw failure;
                }
                if (patience.over(began) || interrupted.getAsBoolean()) {
                    throw new Failure(
                                    Kind.UNREACHABLE,
                                    "the connection to the controller at " + client.shown()
                                            + " broke: whether it has begun with this is not known")
                            .withRemedy(Remedy.of(Call.of(Verb.STATUS)).and(" shows it; if not, ask again"))
                            .withCause(failure);
                }
                if (!said && System.nanoTime() - began > SAID_AFTER.toNanos()) {
                    said = true;
                    say("waiting for a controller at " + client.shown() + ": " + failure.what());
                }
                patience.sleep();
                if (asked) {
                    headers.put(AGE, since(first));
                }
            }
        }
    }

    /** In milliseconds. */
    private static String since(long first) {
        return String.valueOf(1 + (System.nanoTime() - first) / 1_000_000);
    }

    private static String key() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
    }
}
