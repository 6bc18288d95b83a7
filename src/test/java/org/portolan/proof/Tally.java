package org.portolan.proof;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What was asked, lost, and how long it took, by kind, without and with changes. Safe for many threads. */
final class Tally {
    /** How many losses are told in full; all are counted. */
    private static final int TOLD = 200;

    private static final class Row {
        final AtomicLong requests = new AtomicLong();
        final AtomicLong lost = new AtomicLong();
        final Histogram times = new Histogram();
    }

    private final Map<Kind, Row> quiet = rows();
    private final Map<Kind, Row> changing = rows();
    private final AtomicLong all = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final List<String> losses = new ArrayList<>();
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

    void good(Kind kind, long nanos) {
        Row row = row(kind);
        row.requests.incrementAndGet();
        row.times.add(nanos);
        all.incrementAndGet();
    }

    void lost(Kind kind, String what) {
        Row row = row(kind);
        row.requests.incrementAndGet();
        row.lost.incrementAndGet();
        all.incrementAndGet();
        lost.incrementAndGet();
        synchronized (losses) {
            if (losses.size() < TOLD) {
                losses.add(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + kind.title + ": " + what + " (during: "
                        + now + ")");
            }
        }
    }

    long requests() {
        return all.get();
    }

    long lost() {
        return lost.get();
    }

    List<String> losses() {
        synchronized (losses) {
            return List.copyOf(losses);
        }
    }

    private Row row(Kind kind) {
        return (withChanges ? changing : quiet).get(kind);
    }

    /** The table, as Markdown. */
    String table() {
        StringBuilder text = new StringBuilder("""
                | traffic | requests without changes | lost | p50 ms | p99 ms | requests with changes | lost | p50 ms | p99 ms |
                |---|---:|---:|---:|---:|---:|---:|---:|---:|
                """);
        long[] sums = new long[4];
        for (Kind kind : Kind.values()) {
            Row before = quiet.get(kind);
            Row with = changing.get(kind);
            sums[0] += before.requests.get();
            sums[1] += before.lost.get();
            sums[2] += with.requests.get();
            sums[3] += with.lost.get();
            text.append("| ").append(kind.title);
            columns(text, before);
            columns(text, with);
            text.append(" |\n");
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "| **all** | %,d | %d | | | %,d | **%d** | | |\n",
                        sums[0],
                        sums[1],
                        sums[2],
                        sums[3]))
                .toString();
    }

    private static void columns(StringBuilder text, Row row) {
        text.append(String.format(
                Locale.ROOT,
                " | %,d | %d | %.1f | %.1f",
                row.requests.get(),
                row.lost.get(),
                row.times.percentile(0.5),
                row.times.percentile(0.99)));
    }
}
