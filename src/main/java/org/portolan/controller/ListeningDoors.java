package org.portolan.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.portolan.model.Failure;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.release.Installation;
import org.portolan.release.Tasks;

/** What listens while a process leads: opened one after the other, again and again where it fails, and closed all at once. */
final class ListeningDoors {
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** For what a door has to do after its deadline. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final Duration ROUND = Duration.ofMillis(200);

    private final List<Door> all;
    private final Installation installation;
    private final Tasks tasks;
    private final Map<Door, Instant> closed = new LinkedHashMap<>();
    private final Map<Door, String> because = new HashMap<>();

    ListeningDoors(List<Door> all, Installation installation, Tasks tasks) {
        this.all = all;
        this.installation = installation;
        this.tasks = tasks;
    }

    /** All are to be opened at the next {@link #open}. */
    void begin() {
        all.forEach(door -> closed.put(door, Instant.MIN));
    }

    /** Opens those whose time has come, and those that no longer listen. One that fails says why, once. */
    void open(ControllerHandle controller) {
        Instant now = now();
        all.stream()
                .filter(door -> !closed.containsKey(door) && !door.listens())
                .toList()
                .forEach(door -> closed.put(door, now));
        for (Map.Entry<Door, Instant> entry : List.copyOf(closed.entrySet())) {
            if (now.isBefore(entry.getValue())) {
                continue;
            }
            Door door = entry.getKey();
            try {
                door.start(controller);
                closed.remove(door);
                door.describe().forEach(where -> say(EventLevel.DETAIL, "listening on " + where));
            } catch (Failure failed) {
                closed.put(door, now.plus(RETRY));
                String why =
                        failed.what() + failed.hint().map(hint -> "; " + hint).orElse("");
                if (!why.equals(because.put(door, why))) {
                    say(EventLevel.WARNING, why);
                }
            }
        }
    }

    /** The clock was set back to this time: what was to be opened later is opened now. */
    void clockSetBack(Instant now) {
        closed.replaceAll((door, time) -> time.isAfter(now) ? now : time);
    }

    /** When the next one is to be opened. */
    Optional<Instant> next() {
        return closed.values().stream().min(Instant::compareTo);
    }

    /** Has those that listen take the configuration over; none holds up the caller. */
    void reconfigured(ControllerHandle controller) {
        for (Door door : all) {
            if (!closed.containsKey(door)) {
                tasks.submit(() -> {
                    try {
                        door.reconfigured(controller);
                    } catch (RuntimeException fault) {
                        say(EventLevel.WARNING, "internal error while taking the configuration over: " + fault);
                    }
                });
            }
        }
    }

    /** None that takes its time keeps another one open. */
    void close() {
        AtomicInteger open = new AtomicInteger(all.size());
        for (Door door : all) {
            tasks.submit(() -> {
                try {
                    door.stop(DEADLINE);
                } catch (RuntimeException fault) {
                    say(EventLevel.WARNING, "internal error while closing what listens: " + fault);
                } finally {
                    open.decrementAndGet();
                }
            });
        }
        Instant deadline = now().plus(DEADLINE).plus(GRACE);
        while (open.get() > 0 && now().isBefore(deadline)) {
            tasks.await(ROUND);
        }
    }

    /** How many changes that were asked for through them are in progress. */
    int running() {
        return all.stream().mapToInt(Door::running).sum();
    }

    private Instant now() {
        return installation.clock().instant();
    }

    private void say(EventLevel level, String text) {
        installation.publish("", new Notice(level, text));
    }
}
