package org.portolan.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.portolan.json.JsonTree;
import org.portolan.query.json.JsonFields;

/**
 * What a change tells whoever follows it, a line each. The last ones are kept, so that one whose connection broke continues after the
 * last that it saw; a change waits for nobody who reads.
 */
final class OperationLines {
    private static final int MOST = 5_000;
    private static final int MOST_CHARACTERS = 256 * 1024;

    // No monitor: those who wait are virtual threads, and in a monitor one of them keeps its carrier.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<String> kept = new ArrayDeque<>();
    private long last;
    private int characters;
    private boolean ended;

    /**
     * What is there to read.
     *
     * @param from the first line's number; more than was asked for when those before are no longer kept
     * @param ended whether no more will come after these
     */
    record Part(long from, List<String> lines, boolean ended) {}

    /** Adds a line with these fields; none once it has ended. */
    void add(Map<String, ?> fields) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            last++;
            String text = line(last, fields);
            kept.add(text);
            characters += text.length();
            while (kept.size() > MOST || characters > MOST_CHARACTERS) {
                characters -= kept.remove().length();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A line as it is sent. */
    static String line(long number, Map<String, ?> fields) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("n", number);
        all.putAll(fields);
        return JsonTree.text(JsonFields.plain(all), false) + "\n";
    }

    /** No more will come. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Keeps none of them any longer: whoever comes now sees the end. */
    void forget() {
        lock.lock();
        try {
            kept.clear();
            characters = 0;
        } finally {
            lock.unlock();
        }
    }

    /** What comes after a line, by its number; waits at most so long for something. */
    Part after(long number, Duration most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(most.toMillis());
            while (last <= number && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            long first = last - kept.size() + 1;
            long from = Math.max(first, number + 1);
            List<String> lines = new ArrayList<>();
            Iterator<String> all = kept.iterator();
            for (long at = first; all.hasNext(); at++) {
                String text = all.next();
                if (at >= from) {
                    lines.add(text);
                }
            }
            return new Part(from, lines, ended);
        } finally {
            lock.unlock();
        }
    }
}
