package org.portolan.query;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.store.Store;

/**
 * Hands the store's events to any number of followers over one subscription. Each has a bounded queue: one that
 * does not keep up is ended and may come again with the last id that it saw; the others do not notice.
 */
public final class EventHub implements AutoCloseable {
    /** So many events wait for one follower. */
    public static final int QUEUE = 1_000;

    /** Characters of events that are listed at once. */
    static final int LISTED = 1024 * 1024;

    /** Wakes a follower that waits. */
    private static final Event NOTHING =
            new Event(Instant.EPOCH, "", 0, new Notice(EventLevel.TRACE, "the events end"));

    private final Store store;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final AutoCloseable subscription;
    private volatile boolean closed;

    public EventHub(Store store) {
        this.store = store;
        subscription = store.follow(this::happened);
    }

    private void happened(Event event) {
        followers.forEach(follower -> follower.offer(event));
    }

    /** How many follow now. */
    public int followers() {
        return followers.size();
    }

    /**
     * Begins to follow.
     *
     * @param after the id of the last event that is known already; empty: only what happens from now on
     */
    public Follower follow(Optional<String> after, Predicate<Event> wanted) {
        Follower follower = new Follower(after, wanted);
        if (after.isEmpty()) {
            follower.join();
        }
        return follower;
    }

    /**
     * Some events, oldest first.
     *
     * @param cut whether there are more that were wanted, which would have made it too large
     */
    public record Some(List<Event> events, boolean cut) {}

    /** The events after one id that are wanted, at most so many; looks at no more than {@code scanned}. */
    public Some after(String id, int most, int scanned, Predicate<Event> wanted) {
        Deque<Event> found = new ArrayDeque<>();
        EventPages pages = new EventPages();
        String last = id;
        long size = 0;
        for (int seen = 0; seen < scanned && found.size() < most; ) {
            int limit = pages.limit();
            List<Event> page = store.events(last, limit);
            pages.read(page);
            for (Event event : page) {
                last = event.id();
                if (found.size() < most && wanted.test(event)) {
                    size += EventPages.size(event);
                    if (size > LISTED && !found.isEmpty()) {
                        return new Some(List.copyOf(found), true);
                    }
                    found.addLast(event);
                }
            }
            seen += page.size();
            if (page.size() < limit) {
                break;
            }
        }
        return new Some(List.copyOf(found), false);
    }

    /** The last events that are wanted, at most so many; looks at no more than {@code scanned}. */
    public Some last(int most, int scanned, Predicate<Event> wanted) {
        Deque<Event> found = new ArrayDeque<>();
        EventPages pages = new EventPages();
        String before = "";
        long size = 0;
        for (int seen = 0; seen < scanned && found.size() < most; ) {
            int limit = pages.limit();
            List<Event> page = store.eventsBefore(before, limit);
            pages.read(page);
            for (Event event : page.reversed()) {
                before = event.id();
                if (found.size() < most && wanted.test(event)) {
                    size += EventPages.size(event);
                    if (size > LISTED && !found.isEmpty()) {
                        return new Some(List.copyOf(found), true);
                    }
                    found.addFirst(event);
                }
            }
            seen += page.size();
            if (page.size() < limit) {
                break;
            }
        }
        return new Some(List.copyOf(found), false);
    }

    /** The last of some events, as many as may be listed at once. */
    public static Some lastOf(List<Event> events) {
        long size = 0;
        for (int from = events.size(); from > 0; from--) {
            size += EventPages.size(events.get(from - 1));
            if (size > LISTED && from < events.size()) {
                return new Some(events.subList(from, events.size()), true);
            }
        }
        return new Some(events, false);
    }

    /**
     * The id after which the last events come that are wanted.
     *
     * @param after where it begins at the earliest
     * @param most how many are wanted, at least one
     * @return "" for the first that the store keeps
     */
    public String beginOfLast(String after, int most, Predicate<Event> wanted) {
        EventPages pages = new EventPages();
        String before = "";
        int found = 0;
        while (true) {
            int limit = pages.limit();
            List<Event> page = store.eventsBefore(before, limit);
            pages.read(page);
            for (Event event : page.reversed()) {
                if (found == most || !EventFeed.later(event.id(), after)) {
                    return event.id();
                }
                before = event.id();
                found += wanted.test(event) ? 1 : 0;
            }
            if (page.size() < limit) {
                return after;
            }
        }
    }

    /**
     * Gets events.
     *
     * @param <E> why it cannot take more
     */
    @FunctionalInterface
    public interface Receiver<E extends Exception> {
        /** Whether it wants the next one. */
        boolean take(Event event) throws E;
    }

    /** Hands on what is wanted of the events between two ids, the second one too, a page at a time. */
    public <E extends Exception> void between(String after, String until, Predicate<Event> wanted, Receiver<E> receiver)
            throws E {
        EventPages pages = new EventPages();
        String last = after;
        while (true) {
            int limit = pages.limit();
            List<Event> page = store.events(last, limit);
            pages.read(page);
            for (Event event : page) {
                last = event.id();
                if (EventFeed.later(last, until) || (wanted.test(event) && !receiver.take(event))) {
                    return;
                }
            }
            if (page.size() < limit) {
                return;
            }
        }
    }

    /** One follower's events: what happened since, then what happens. Used by one thread. */
    public final class Follower implements AutoCloseable {
        private final Predicate<Event> wanted;
        private final BlockingQueue<Event> fresh = new LinkedBlockingQueue<>(QUEUE);
        private final Deque<Event> past = new ArrayDeque<>();
        private final EventPages pages = new EventPages();
        private String last;
        private boolean live;
        private boolean caughtUp;
        private volatile boolean behind;

        private Follower(Optional<String> after, Predicate<Event> wanted) {
            this.wanted = wanted;
            last = after.orElse("");
            caughtUp = after.isEmpty();
        }

        private void join() {
            live = true;
            followers.add(this);
        }

        private void offer(Event event) {
            if (wanted.test(event) && !fresh.offer(event)) {
                behind = true;
            }
        }

        /** Whether nothing more comes: it did not keep up, or the hub was closed. */
        public boolean ended() {
            return closed || behind;
        }

        /** The next event; empty when none came in this time. */
        public Optional<Event> next(Duration wait) throws InterruptedException {
            while (!caughtUp && !ended()) {
                Event event = fromPast();
                if (event != null) {
                    return Optional.of(event);
                }
            }
            long end = System.nanoTime() + wait.toNanos();
            while (!ended()) {
                Event event = fresh.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (event == null) {
                    break;
                }
                if (!event.equals(NOTHING) && EventFeed.later(event.id(), last)) {
                    last = event.id();
                    return Optional.of(event);
                }
            }
            return Optional.empty();
        }

        /** It joins before it reads the last page, so that nothing falls between. */
        private @Nullable Event fromPast() {
            if (past.isEmpty()) {
                boolean joined = live;
                int limit = pages.limit();
                List<Event> page = store.events(last, limit);
                pages.read(page);
                past.addAll(page);
                if (page.size() < limit && !joined) {
                    join();
                } else if (joined && page.isEmpty()) {
                    caughtUp = true;
                    return null;
                }
            }
            Event event = past.poll();
            if (event == null) {
                return null;
            }
            last = event.id();
            return wanted.test(event) ? event : null;
        }

        @Override
        public void close() {
            followers.remove(this);
        }
    }

    @Override
    public void close() {
        closed = true;
        followers.forEach(follower -> follower.fresh.offer(NOTHING));
        try {
            subscription.close();
        } catch (Exception gone) {
            // The store went first; nobody follows any more.
        }
    }
}
