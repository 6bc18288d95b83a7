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
    /** A leader that is gone has a successor by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final ApiClient client;
    private final String path;
    private final Map<String, String> who;
    private final Consumer<StrictJson> sink;
    private final BooleanSupplier interrupted;
    private long seen;
    private @Nullable StrictJson end;

    /**
     * Follows nothing yet.
     *
     * @param who headers that say in whose name
     * @param sink gets each line but the last
     * @param interrupted becomes true when the person wants it to stop
     */
    Following(
            ApiClient client,
            String operation,
            Map<String, String> who,
            Consumer<StrictJson> sink,
            BooleanSupplier interrupted) {
        this.client = client;
        this.path = "/v1/operations/" + ApiClient.segment(operation);
        this.who = who;
        this.sink = sink;
        this.interrupted = interrupted;
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
                long before = seen;
                try {
                    client.lines(path + "/events?after=" + seen, this::line, () -> end != null);
                } catch (Failure failure) {
                    // Also one that has too much to do now answers later.
                    if (failure.kind() != Kind.UNREACHABLE) {
                        throw failure.kind() == Kind.NOT_FOUND ? forgotten() : failure;
                    }
                }
                StrictJson last = end;
                if (last != null) {
                    return last;
                }
                long now = System.nanoTime();
                lostAt = seen > before || lostAt == 0 ? now : lostAt;
                if (now - lostAt > PATIENCE.toNanos()) {
                    throw lost();
                }
                pause(PAUSE);
            }
        } finally {
            stopping.interrupt();
        }
    }

    private void line(StrictJson line) {
        try {
            seen = Math.max(seen, line.at("n").whole());
            if (line.find("operation").isPresent()) {
                end = line.at("operation");
            } else {
                sink.accept(line);
            }
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
            client.send("POST", path + "/interrupt", Map.of(), who);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (Failure notReached) {
            // Whoever follows it finds that the controller is gone.
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Kind.UNREACHABLE, "stopped while waiting for the controller").withCause(stopped);
        }
    }

    private Failure forgotten() {
        return new Failure(
                        Kind.UNREACHABLE,
                        "the controller that carried this out no longer leads: how it ended is not known here")
                .withRemedy(Remedy.of("the one that leads now continues a release that was begun; ")
                        .and(Call.of(Verb.HISTORY))
                        .and(" shows it"));
    }

    private Failure lost() {
        return new Failure(
                        Kind.UNREACHABLE,
                        "the controller at " + client.shown() + " has not answered for " + Durations.format(PATIENCE)
                                + ": how this ended is not known here")
                .withRemedy(Remedy.of("it continues there; ")
                        .and(Call.of(Verb.STATUS))
                        .and(" shows it"));
    }
}
