package org.portolan.remote;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonMismatch;
import org.portolan.json.StrictJson;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;

/**
 * Follows what a controller carries out to its end, line by line; where the connection breaks it continues after the last line that was
 * seen. A person who stops the command has the controller stop after the step in progress.
 */
final class Following {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final ApiClient client;
    private final String path;
    private final Map<String, String> who;
    private final Consumer<StrictJson> sink;
    private final BooleanSupplier interrupted;
    private final Patience patience;
    private long seen;
    private boolean answered;
    private @Nullable StrictJson end;

    /**
     * Follows nothing yet.
     *
     * @param who headers that say in whose name
     * @param sink gets each line but the last
     * @param interrupted becomes true when the person wants it to stop
     * @param patience with a controller that does not answer
     */
    Following(
            ApiClient client,
            String operation,
            Map<String, String> who,
            Consumer<StrictJson> sink,
            BooleanSupplier interrupted,
            Patience patience) {
        this.client = client;
        this.path = "/v1/operations/" + ApiClient.segment(operation);
        this.who = who;
        this.sink = sink;
        this.interrupted = interrupted;
        this.patience = patience;
    }

    /**
     * Waits for the end.
     *
     * @return the operation as it has ended
     * @throws Failure when the controller is gone: what it carries out continues there, or its successor continues it
     */
    StrictJson end() {
        Thread stopping = Thread.ofPlatform().daemon().name("stop the change").start(this::stopOnWish);
        try {
            long lostAt = 0;
            while (true) {
                answered = false;
                try {
                    client.lines(path + "/events?after=" + seen, this::line, this::answered);
                } catch (Failure failure) {
                    // Also one that has too much to do now answers later.
                    if (failure.kind() != Kind.UNREACHABLE) {
                        throw failure.kind() == Kind.NOT_FOUND ? new Forgotten() : failure;
                    }
                }
                StrictJson last = end;
                if (last != null) {
                    return last;
                }
                // Also where nothing happened: a proxy in between may end a stream that is silent.
                lostAt = answered || lostAt == 0 ? System.nanoTime() : lostAt;
                if (patience.over(lostAt)) {
                    throw lost();
                }
                patience.sleep();
            }
        } finally {
            stopping.interrupt();
        }
    }

    /** Something of an answer came; whether that was the end. */
    private boolean answered() {
        answered = true;
        return end != null;
    }

    private void line(StrictJson line) {
        try {
            long number = line.at("n").whole();
            if (line.find("operation").isPresent()) {
                end = line.at("operation");
            } else {
                sink.accept(line);
            }
            // One that could not be dealt with comes again.
            seen = Math.max(seen, number);
        } catch (JsonMismatch otherForm) {
            throw client.notUnderstood(String.valueOf(otherForm.getMessage()));
        }
    }

    /** In a separate thread: the one that follows waits for the next line. */
    private void stopOnWish() {
        try {
            while (!interrupted.getAsBoolean()) {
                Thread.sleep(LOOK_EVERY);
            }
            while (!stopped()) {
                Thread.sleep(patience.pause());
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the controller to stop; false when that is to be tried again. Whoever follows it finds a controller that is gone. */
    private boolean stopped() {
        try {
            client.send("POST", path + "/interrupt", Map.of(), who);
            return true;
        } catch (Failure failure) {
            return !failure.kind().passes();
        }
    }

    /** The controller that answers does not know of it: another one carried it out. */
    static final class Forgotten extends Failure {
        private static final long serialVersionUID = 1;

        Forgotten() {
            super(
                    Kind.UNREACHABLE,
                    "the controller that carried this out no longer leads: how it ended is not known here");
        }
    }

    private Failure lost() {
        return new Failure(
                        Kind.UNREACHABLE,
                        "the controller at " + client.shown() + " has not answered for "
                                + Durations.format(patience.most()) + ": how this ended is not known here")
                .withRemedy(Remedy.of("it continues there; ")
                        .and(Call.of(Verb.STATUS))
                        .and(" shows it"));
    }
}
