package org.portolan.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.release.Installation;
import org.portolan.store.Lease;

/**
 * Hands the events of the store to a consumer. How far it came is kept in the store: another leader continues there. The events
 * themselves are the queue of what is still to be sent, so it is bounded as they are, and by a day.
 */
final class Feed {
    /** What is older was news yesterday. */
    static final Duration OLDEST = Duration.ofDays(1);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration TROUBLE = Duration.ofSeconds(5);
    private static final Duration WRITE = Duration.ofSeconds(30);
    private static final int BATCH = 200;

    private final Installation installation;
    private final EventConsumer consumer;
    private @Nullable Lease lease;
    private @Nullable String position;
    private Instant written = Instant.MIN;
    private boolean unwritten;
    private String told = "";

    Feed(Installation installation, EventConsumer consumer) {
        this.installation = installation;
        this.consumer = consumer;
    }

    /** Does what is due, and says how long nothing more will be. */
    Duration step() {
        try {
            return look();
        } catch (Failure trouble) {
            // The store is away, or another leads: said by those who cannot do without it.
            if (trouble.kind() == Failure.Kind.CORRUPT) {
                say(trouble.what());
            }
            return TROUBLE;
        } catch (RuntimeException fault) {
            say("internal error: " + fault);
            return TROUBLE;
        }
    }

    private void say(String trouble) {
        if (!told.equals(trouble)) {
            told = trouble;
            installation.publish("", new Notice(EventLevel.WARNING, consumer.name() + ": " + trouble));
        }
    }

    /** One event that the consumer has a fault with is left out, rather than all that come after it. */
    private EventConsumer.Taken take(List<Event> batch, Instant now) {
        try {
            return consumer.take(batch, now);
        } catch (Failure trouble) {
            throw trouble;
        } catch (RuntimeException fault) {
            if (batch.size() > 1) {
                return take(batch.subList(0, 1), now);
            }
            String id = batch.getFirst().id();
            say("event " + id + " is not sent: internal error: " + fault);
            return new EventConsumer.Taken(id, true, Duration.ZERO);
        }
    }

    private Duration look() {
        Lease held = held();
        if (held == null) {
            return TROUBLE;
        }
        Instant now = installation.clock().instant();
        String from = position;
        if (from == null) {
            from = begin();
            position = from;
        }
        List<Event> batch = fresh(installation.store().events(from, BATCH), held, now);
        if (batch.isEmpty()) {
            if (unwritten && !written.plus(WRITE).isAfter(now)) {
                write(held, now);
            }
            return LOOK;
        }
        EventConsumer.Taken taken = take(batch, now);
        if (!taken.position().isEmpty()) {
            position = taken.position();
            unwritten = true;
            if (taken.sent()) {
                write(held, now);
            }
        }
        return taken.pause();
    }

    private @Nullable Lease held() {
        Lease known = lease;
        if (known != null && known.held()) {
            return known;
        }
        if (known != null) {
            known.close();
            lease = null;
            position = null;
        }
        Lease taken = installation
                .store()
                .acquire("notifications/" + consumer.name(), "notifications")
                .orElse(null);
        lease = taken;
        return taken;
    }

    /** Where another left off; at the end of all events when nobody began, or the events begin before that again. */
    private String begin() {
        Optional<String> kept = installation.store().position(consumer.name());
        List<Event> last = installation.store().eventsBefore("", 1);
        String newest = last.isEmpty() ? "" : last.getFirst().id();
        if (kept.isEmpty()) {
            unwritten = true;
            return newest;
        }
        return isAfter(kept.get(), newest) ? newest : kept.get();
    }

    /** Ids are two numbers with a hyphen between them, or one. */
    private static boolean isAfter(String one, String other) {
        return number(one, 0) != number(other, 0)
                ? number(one, 0) > number(other, 0)
                : number(one, 1) > number(other, 1);
    }

    private static long number(String id, int part) {
        String[] parts = id.split("-", -1);
        try {
            return part < parts.length ? Long.parseLong(parts[part]) : 0;
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    /** Without those that are too old to be news. */
    private List<Event> fresh(List<Event> batch, Lease held, Instant now) {
        List<Event> fresh = new ArrayList<>(batch);
        fresh.removeIf(event -> event.at().plus(OLDEST).isBefore(now));
        if (fresh.size() < batch.size()) {
            int old = batch.size() - fresh.size();
            position = batch.get(old - 1).id();
            installation.publish(
                    "",
                    new Notice(
                            EventLevel.WARNING,
                            consumer.name() + ": " + old + " events are older than a day, and are not sent any more"));
            write(held, now);
        }
        return fresh;
    }

    private void write(Lease held, Instant now) {
        String reached = position;
        if (reached != null && !reached.isEmpty()) {
            installation.store().position(held, consumer.name(), reached);
        }
        written = now;
        unwritten = false;
    }

    /** Keeps how far it came, and lets another one continue. */
    void close() {
        Lease known = lease;
        lease = null;
        if (known == null) {
            return;
        }
        try {
            if (unwritten && known.held()) {
                write(known, installation.clock().instant());
            }
        } catch (Failure lost) {
            // Then some come twice.
        }
        known.close();
    }
}
