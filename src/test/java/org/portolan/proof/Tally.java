package org.portolan.proof;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was asked, lost, and how long it took, by kind, without and with changes. Safe for many threads.
 *
 * <p>An answer that is missing because the proof itself cut something off ({@link #cutBegins}) is counted apart, as <em>cut
 * off</em>. An answer that a protected domain must never give, as <em>open</em>: nothing excuses it.
 */
final class Tally {
    /** How many losses of a kind are reported in full; all are counted. */
    private static final int TOLD = 50;

    private static final class Row {
        final AtomicLong requests = new AtomicLong();
        final AtomicLong lost = new AtomicLong();
        final AtomicLong cut = new AtomicLong();
        final AtomicLong open = new AtomicLong();
        final Histogram times = new Histogram();
    }

    /** A time in which the proof cut something off; nanoseconds of {@link System#nanoTime()}. */
    private record Cut(long from, long until) {
        boolean meets(long since, long now) {
            return since - until <= 0 && now - from >= 0;
        }
    }

    private final Map<Kind, Row> quiet = rows();
    private final Map<Kind, Row> changing = rows();
    private final AtomicLong all = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong idle = new AtomicLong();
    private final List<String> losses = new ArrayList<>();
    private final Map<Kind, Integer> told = new EnumMap<>(Kind.class);
    private final List<Cut> cuts = new ArrayList<>();
    private volatile boolean withChanges;
    private volatile String now = "no change";

    private static Map<Kind, Row> rows() {
        Map<Kind, Row> rows = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            rows.put(kind, new Row());
        }
        return rows;
    }

    /** From now on answers count as given during changes. */
    void changesBegin() {
        withChanges = true;
    }

    /** Tells what is going on, for the report of a loss. */
    void during(String change) {
        now = change;
    }

    /** From now until {@link #cutEnds} what is lost was cut off by the proof: it killed what carried it. */
    void cutBegins() {
        synchronized (cuts) {
            cuts.add(new Cut(System.nanoTime(), System.nanoTime() + 3600_000_000_000L));
        }
    }

    /** What begins after this, and on a connection that was opened or used after this, has no such excuse any more. */
    void cutEnds() {
        synchronized (cuts) {
            Cut last = cuts.removeLast();
            cuts.add(new Cut(last.from, System.nanoTime()));
        }
    }

    void good(Kind kind, long nanos) {
        Row row = row(kind);
        row.requests.incrementAndGet();
        row.times.add(nanos);
        all.incrementAndGet();
    }

    /**
     * Counts an answer that did not come, or was wrong.
     *
     * @param since when what carried it was last known to be whole ({@link System#nanoTime()}): the request's beginning, or
     *     the last answer on its connection
     */
    void lost(Kind kind, String what, long since) {
        Row row = row(kind);
        row.requests.incrementAndGet();
        all.incrementAndGet();
        if (cutOff(since)) {
            row.cut.incrementAndGet();
            return;
        }
        row.lost.incrementAndGet();
        lost.incrementAndGet();
        tell("LOST", kind, what);
    }

    /** Counts an answer that must not have been given: what is behind a password, without the password. */
    void open(Kind kind, String what) {
        Row row = row(kind);
        row.requests.incrementAndGet();
        all.incrementAndGet();
        row.open.incrementAndGet();
        open.incrementAndGet();
        tell("OPEN", kind, what);
    }

    private void tell(String word, Kind kind, String what) {
        synchronized (losses) {
            if (told.merge(kind, 1, Integer::sum) <= TOLD) {
                losses.add(word + " " + Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + kind.title + ": " + what
                        + " (during: " + now + ")");
            }
        }
    }

    private boolean cutOff(long since) {
        long end = System.nanoTime();
        synchronized (cuts) {
            return cuts.stream().anyMatch(cut -> cut.meets(since, end));
        }
    }

    /** Counts a kept connection that the server closed while it was idle, and that its client replaced. */
    void closedIdle() {
        idle.incrementAndGet();
    }

    long idle() {
        return idle.get();
    }

    long requests() {
        return all.get();
    }

    /** Answers that were lost or wrong, without those that the proof cut off. */
    long lost() {
        return lost.get();
    }

    /** Answers that must not have been given. */
    long open() {
        return open.get();
    }

    /** Everything that is wrong. */
    long faults() {
        return lost.get() + open.get();
    }

    /** What the proof itself cut off. */
    long cut() {
        long sum = 0;
        for (Kind kind : Kind.values()) {
            sum += quiet.get(kind).cut.get() + changing.get(kind).cut.get();
        }
        return sum;
    }

    List<String> losses() {
        synchronized (losses) {
            return List.copyOf(losses);
        }
    }

    private Row row(Kind kind) {
        return (withChanges ? changing : quiet).get(kind);
    }

    /** The table, as Markdown. Kinds that were not asked are left out. */
    String table() {
        StringBuilder text = new StringBuilder("""
                | traffic | requests without changes | lost | p50 ms | p99 ms | requests with changes | lost | open | cut off | p50 ms | p99 ms |
                |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
                """);
        long[] sums = new long[6];
        for (Kind kind : Kind.values()) {
            Row before = quiet.get(kind);
            Row with = changing.get(kind);
            if (before.requests.get() + with.requests.get() == 0) {
                continue;
            }
            sums[0] += before.requests.get();
            sums[1] += before.lost.get() + before.open.get();
            sums[2] += with.requests.get();
            sums[3] += with.lost.get();
            sums[4] += with.open.get();
            sums[5] += with.cut.get();
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %,d | %d | %.1f | %.1f | %,d | %d | %d | %d | %.1f | %.1f |\n",
                    kind.title,
                    before.requests.get(),
                    before.lost.get() + before.open.get(),
                    before.times.percentile(0.5),
                    before.times.percentile(0.99),
                    with.requests.get(),
                    with.lost.get(),
                    with.open.get(),
                    with.cut.get(),
                    with.times.percentile(0.5),
                    with.times.percentile(0.99)));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "| **all** | %,d | %d | | | %,d | **%d** | **%d** | %d | | |\n",
                        sums[0],
                        sums[1],
                        sums[2],
                        sums[3],
                        sums[4],
                        sums[5]))
                .toString();
    }
}
