package org.portolan.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.state.Standing.Subject;

/**
 * What is to be looked at. Marks only say that something may be different: each is followed by a run that begins after it; those
 * that come before it begins are one, and those that come while it lasts cause exactly one more. Of one key at most one run is in
 * progress. Failures back off, and nothing is forgotten meanwhile.
 *
 * <p>Not for several threads at once: whoever has it guards it.
 */
public final class WorkQueue {
    /** Of many causes people read the first few. */
    private static final int CAUSES_KEPT = 8;

    private final Pace pace;
    private final SortedMap<WorkKey, Item> items = new TreeMap<>();
    private final List<RunObserver> observers = new ArrayList<>();

    public WorkQueue(Pace pace) {
        this.pace = pace;
    }

    /** A run that is to begin now, with what it was marked for. */
    public record Work(WorkKey key, List<Cause> causes) {}

    /**
     * How a key stands.
     *
     * @param running whether a run is in progress
     * @param failures in a row
     * @param next when the next run begins at the earliest; empty: nothing is marked
     */
    public record Progress(boolean running, int failures, Optional<Instant> next) {
        /** Of a key that was never marked. */
        public static final Progress IDLE = new Progress(false, 0, Optional.empty());
    }

    /**
     * How much there is to do.
     *
     * @param waiting keys whose run could begin, were there not so many in progress
     * @param delayed keys whose run begins later
     * @param running runs in progress
     * @param since since when the longest of those that wait could have begun; empty: none waits
     * @param runningSince when the longest of the runs in progress began; empty: none is in progress
     */
    public record Load(
            int waiting, int delayed, int running, Optional<Instant> since, Optional<Instant> runningSince) {}

    /** One key. */
    private static final class Item {
        private final SequencedSet<Cause> causes = new LinkedHashSet<>();
        private final Deque<Instant> repairs = new ArrayDeque<>();
        private Instant notBefore = Instant.MIN;
        private Instant marked = Instant.MIN;
        private Instant begun = Instant.MIN;
        private boolean running;
        private boolean urgent;
        private int failures;

        boolean waits() {
            return !running && !causes.isEmpty();
        }

        /** Since when it could have begun. */
        Instant due() {
            return notBefore.isAfter(marked) ? notBefore : marked;
        }
    }

    /** Tells somebody how each run ended, from now on. */
    public void observe(RunObserver observer) {
        observers.add(observer);
    }

    /** Says that a key is to be looked at. */
    public void mark(WorkKey key, Cause cause, Instant now) {
        Item item = items.computeIfAbsent(key, name -> new Item());
        if (item.causes.isEmpty()) {
            item.marked = now;
        }
        if (item.causes.size() < CAUSES_KEPT) {
            item.causes.add(cause);
        }
        if (cause.urgent()) {
            item.urgent = true;
            item.failures = 0;
            item.notBefore = now;
        }
    }

    /** Takes the run that could have begun first; empty: none may begin now. It is in progress until {@link #ended}. */
    public Optional<Work> next(Instant now) {
        @Nullable WorkKey first = null;
        Instant since = Instant.MAX;
        for (Map.Entry<WorkKey, Item> entry : items.entrySet()) {
            Item item = entry.getValue();
            boolean may = item.waits()
                    && !item.notBefore.isAfter(now)
                    && isFree(entry.getKey().subject());
            if (may && item.due().isBefore(since)) {
                first = entry.getKey();
                since = item.due();
            }
        }
        return first == null ? Optional.empty() : Optional.of(begin(first, now));
    }

    private Work begin(WorkKey key, Instant now) {
        Item item = Objects.requireNonNull(items.get(key));
        Work work = new Work(key, List.copyOf(item.causes));
        item.causes.clear();
        item.running = true;
        item.begun = now;
        item.urgent = false;
        return work;
    }

    /**
     * Says how a run ended.
     *
     * @param draw at random, 0 to below 1
     */
    public void ended(WorkKey key, WorkResult result, Instant now, double draw) {
        Item item = items.get(key);
        if (item == null || !item.running) {
            throw new IllegalStateException("no run of " + key + " is in progress");
        }
        item.running = false;
        Duration took = Duration.between(item.begun, now);
        observers.forEach(observer -> observer.ended(key, result, took));
        switch (result) {
            case WorkResult.Settled settled -> {
                item.failures = 0;
                item.notBefore = now.plus(pace.pause());
            }
            case WorkResult.Repaired repaired -> {
                item.failures = 0;
                item.notBefore = now.plus(pause(item, now, draw));
            }
            case WorkResult.Failed failed -> {
                item.failures++;
                again(item, now);
                item.notBefore = now.plus(notBelowPause(pace.backoff().after(item.failures, draw)));
            }
            case WorkResult.Later later -> {
                again(item, now);
                item.notBefore = now.plus(notBelowPause(later.after()));
            }
        }
        if (item.urgent) {
            item.notBefore = now;
        }
    }

    private Duration pause(Item item, Instant now, double draw) {
        item.repairs.add(now);
        while (item.repairs.getFirst().isBefore(now.minus(pace.calm()))) {
            item.repairs.removeFirst();
        }
        int beyond = item.repairs.size() - pace.free();
        return beyond <= 0 ? pace.pause() : notBelowPause(pace.backoff().after(beyond, draw));
    }

    private Duration notBelowPause(Duration wait) {
        return wait.compareTo(pace.pause()) < 0 ? pace.pause() : wait;
    }

    private static void again(Item item, Instant now) {
        if (item.causes.isEmpty()) {
            item.marked = now;
        }
        item.causes.add(Cause.of(Cause.Reason.RETRY));
    }

    /** When the next run may begin; empty when that is decided by a mark or by the end of a run. */
    public Optional<Instant> wakeAt() {
        return items.entrySet().stream()
                .filter(entry ->
                        entry.getValue().waits() && isFree(entry.getKey().subject()))
                .map(entry -> entry.getValue().notBefore)
                .min(Instant::compareTo);
    }

    /**
     * The clock was set back to this time: what was to begin at a later one would wait for as long as it was set back by, so it may begin
     * now.
     */
    public void clockSetBack(Instant now) {
        for (Item item : items.values()) {
            item.notBefore = earlier(item.notBefore, now);
            item.marked = earlier(item.marked, now);
            item.begun = earlier(item.begun, now);
            item.repairs.removeIf(repair -> repair.isAfter(now));
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Forgets a key that is no longer there; a run of it that is in progress ends as any other. */
    public void forget(WorkKey key) {
        Item item = items.get(key);
        if (item != null && !item.running) {
            items.remove(key);
        }
    }

    /** Nothing is to be looked at any more, except for what is in progress: somebody else leads now. */
    public void clear() {
        items.values().removeIf(item -> !item.running);
        items.values().forEach(item -> item.causes.clear());
    }

    /** How many runs are in progress. */
    public int running() {
        return (int) items.values().stream().filter(item -> item.running).count();
    }

    /** How much there is to do. */
    public Load load(Instant now) {
        int waiting = 0;
        int delayed = 0;
        @Nullable Instant since = null;
        @Nullable Instant begun = null;
        for (Item item : items.values()) {
            if (item.running && (begun == null || item.begun.isBefore(begun))) {
                begun = item.begun;
            }
            if (item.waits() && item.notBefore.isAfter(now)) {
                delayed++;
            } else if (item.waits()) {
                waiting++;
                since = since == null || item.due().isBefore(since) ? item.due() : since;
            }
        }
        return new Load(waiting, delayed, running(), Optional.ofNullable(since), Optional.ofNullable(begun));
    }

    /** How a key stands. */
    public Progress progress(WorkKey key) {
        Item item = items.get(key);
        return item == null
                ? Progress.IDLE
                : new Progress(
                        item.running,
                        item.failures,
                        item.causes.isEmpty() ? Optional.empty() : Optional.of(item.due()));
    }

    private boolean isFree(Subject subject) {
        long running = items.entrySet().stream()
                .filter(entry -> entry.getValue().running && entry.getKey().subject() == subject)
                .count();
        return running < pace.limit(subject);
    }
}
