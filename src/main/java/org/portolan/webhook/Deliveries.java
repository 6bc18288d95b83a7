package org.portolan.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Deliveries that came before, so that none counts twice: for a day, and the last ones only. It is forgotten with the process; then
 * a repeated one has a source looked at once more, and no more than that. May be used from many threads.
 */
public final class Deliveries {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int MOST = 10_000;

    private final Deque<Known> known = new ArrayDeque<>();
    private final Set<String> marks = new HashSet<>();

    private record Known(Instant at, List<String> marks) {}

    /** Notes a genuine delivery; false when it, or one with its id, was noted before. */
    public synchronized boolean isNew(String source, Verdict.Push push, Instant now) {
        while (!known.isEmpty()
                && (known.size() >= MOST || known.getFirst().at().plus(KEPT).isBefore(now))) {
            known.removeFirst().marks().forEach(marks::remove);
        }
        List<String> own =
                push.marks().stream().map(mark -> source + " " + mark).toList();
        for (String mark : own) {
            if (marks.contains(mark)) {
                return false;
            }
        }
        marks.addAll(own);
        known.addLast(new Known(now, own));
        return true;
    }
}
