package org.portolan.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** When each source is to be looked at next. The parts of one are looked at with it. May be used from many threads. */
final class SourcePolls {
    private final UnaryOperator<Duration> jitter;
    private final Map<String, Instant> polls = new ConcurrentHashMap<>();

    SourcePolls(UnaryOperator<Duration> jitter) {
        this.jitter = jitter;
    }

    /** Has a source looked at an interval from now, and again and again. */
    void after(Followed source, Instant now) {
        if (source.partOf().isEmpty()) {
            polls.put(source.name(), now.plus(jitter.apply(source.poll())));
        }
    }

    void forget(String source) {
        polls.remove(source);
    }

    /** Those whose interval is over; their next one begins. */
    List<Followed> due(List<Followed> all, Instant now) {
        List<Followed> due = new ArrayList<>();
        for (Followed source : all) {
            if (source.partOf().isEmpty() && !now.isBefore(polls.getOrDefault(source.name(), now))) {
                after(source, now);
                due.add(source);
            }
        }
        return due;
    }

    /** The clock was set back to this time: what was to be looked at later is looked at now. */
    void clockSetBack(Instant now) {
        polls.replaceAll((source, time) -> time.isAfter(now) ? now : time);
    }

    Optional<Instant> wakeAt() {
        return polls.values().stream().min(Instant::compareTo);
    }
}
