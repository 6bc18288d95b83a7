package org.portolan.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.EventSink;
import org.portolan.model.event.Notice;
import org.portolan.outgoing.Outgoing;
import org.portolan.reconcile.Backoff;

/** Sends to one target, with a pause after failures that grows; what goes wrong is said once until it works again. */
final class Delivery {
    private final String name;
    private final Outgoing outgoing;
    private final EventSink events;
    private final RandomGenerator random;
    private int failures;
    private String told = "";

    /** @param name the target's, for people */
    Delivery(String name, Outgoing outgoing, EventSink events, RandomGenerator random) {
        this.name = name;
        this.outgoing = outgoing;
        this.events = events;
        this.random = random;
    }

    /** Sends it. Empty when it is settled, accepted or never to be; else how long to wait before it is sent again. */
    Optional<Duration> send(Outgoing.Message message, Instant now) {
        Outgoing.Answer answer = outgoing.post(message);
        if (answer.accepted()) {
            failures = 0;
            told = "";
            return Optional.empty();
        }
        if (answer.isFinal()) {
            say(now, answer.text() + "; it is not sent again");
            return Optional.empty();
        }
        Duration pause = again(now, answer.text());
        return Optional.of(answer.retryAfter()
                .filter(wanted -> wanted.compareTo(pause) > 0)
                .orElse(pause));
    }

    /** Notes that it could not be sent, and says how long to wait. */
    Duration again(Instant now, String why) {
        failures++;
        say(now, why + "; it is sent again until it is a day old");
        return Backoff.USUAL.after(failures, random.nextDouble());
    }

    private void say(Instant now, String what) {
        if (!told.equals(what)) {
            told = what;
            events.accept(new Event(now, "", 0, new Notice(EventLevel.WARNING, name + " was not accepted: " + what)));
        }
    }
}
