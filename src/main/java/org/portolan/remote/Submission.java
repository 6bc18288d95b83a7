package org.portolan.remote;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
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

/**
 * Asks a controller for a change, once, and follows it to its end. A connection that breaks before the answer is made again with the same
 * key and how long ago it was asked for first: so nothing is done twice, also when another controller leads by then.
 */
final class Submission {
    private final ApiClient client;
    private final String who;
    private final Patience patience;

    /** @param who in whose name; a controller believes it of those who may open its socket */
    Submission(ApiClient client, String who) {
        this(client, who, Patience.USUAL);
    }

    Submission(ApiClient client, String who, Patience patience) {
        this.client = client;
        this.who = who;
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
        StrictJson begun = begun(method, path, body, interrupted);
        String operation = begun.text("id");
        StrictJson end = new Following(
                        client, operation, headers(), line -> sink.accept(operation, line), interrupted, patience)
                .end();
        if (end.find("problem").isPresent()) {
            throw ProblemReply.failure(end.at("problem"));
        }
        return end;
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

    private StrictJson begun(String method, String path, Map<String, ?> body, BooleanSupplier interrupted) {
        Map<String, String> headers = new LinkedHashMap<>(headers());
        // What is answered is followed in any case.
        headers.put("Prefer", "respond-async");
        headers.put("Idempotency-Key", key());
        long first = System.nanoTime();
        while (true) {
            try {
                return client.send(method, path, body, headers);
            } catch (Failure failure) {
                boolean before = !headers.containsKey("Idempotency-Age") && ApiClient.isNobody(failure);
                if (before || !ApiClient.isLost(failure)) {
                    throw failure;
                }
                if (patience.over(first) || interrupted.getAsBoolean()) {
                    throw new Failure(
                                    Kind.UNREACHABLE,
                                    "the connection to the controller at " + client.shown()
                                            + " broke: whether it has begun with this is not known")
                            .withRemedy(Remedy.of(Call.of(Verb.STATUS)).and(" shows it; if not, ask again"))
                            .withCause(failure);
                }
                patience.sleep();
                headers.put("Idempotency-Age", String.valueOf(1 + (System.nanoTime() - first) / 1_000_000));
            }
        }
    }

    private static String key() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
    }
}
