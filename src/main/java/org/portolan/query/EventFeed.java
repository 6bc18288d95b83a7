package org.portolan.query;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.model.event.AccessEvent;
import org.portolan.model.event.Event;
import org.portolan.store.Store;

/** What happened, and what happens: every event once, in the order of the store. */
public final class EventFeed implements Happenings {
    /** So many events are read at once: few where few are wanted and every second one is. */
    private static final int SMALL_PAGE = 100;

    private static final int LARGE_PAGE = 2_000;

    private static final long LOOK_MILLIS = 500;

    private final Pages pages;
    private final Predicate<Event> wanted;
    private final BlockingQueue<Event> fresh = new LinkedBlockingQueue<>();
    private final @Nullable AutoCloseable following;
    private String last = "";

    /** The last entries before an id. */
    private interface Pages {
        List<Event> before(String id, int limit);
    }

    private EventFeed(Store store, Pages pages, Predicate<Event> wanted, boolean follow) {
        this.pages = pages;
        this.wanted = wanted;
        // Followed first, so that nothing between the past and the present is missed; what comes twice is known by its
        // id.
        following = follow ? store.follow(fresh::add) : null;
    }

    /** What is there; empty when the store was never used. */
    public static Optional<EventFeed> past(Viewed viewed, Predicate<Event> wanted) {
        return viewed.storeIfAny().map(store -> new EventFeed(store, store::eventsBefore, wanted, false));
    }

    /** What is there, and what comes. */
    public static EventFeed following(Viewed viewed, Predicate<Event> wanted) {
        Store store = viewed.store();
        return new EventFeed(store, store::eventsBefore, wanted, true);
    }

    /** As {@link #past}, of the audit log. */
    public static Optional<EventFeed> pastAudit(Viewed viewed, Predicate<Event> wanted) {
        return viewed.storeIfAny().map(store -> new EventFeed(store, store::auditBefore, audit(wanted), false));
    }

    /** As {@link #following}, of the audit log. */
    public static EventFeed followingAudit(Viewed viewed, Predicate<Event> wanted) {
        Store store = viewed.store();
        return new EventFeed(store, store::auditBefore, audit(wanted), true);
    }

    private static Predicate<Event> audit(Predicate<Event> wanted) {
        return event -> event.data() instanceof AccessEvent && wanted.test(event);
    }

    @Override
    public List<Event> past(String since, int tail) {
        Deque<Event> shown = new ArrayDeque<>();
        last = since;
        String before = "";
        boolean more = true;
        for (int size = page(tail); more; size = LARGE_PAGE) {
            List<Event> page = pages.before(before, size);
            more = page.size() == size;
            for (Event event : page.reversed()) {
                if (!later(event.id(), since)) {
                    more = false;
                    break;
                }
                if (before.isEmpty()) {
                    last = event.id();
                }
                before = event.id();
                if (shown.size() < tail && wanted.test(event)) {
                    shown.addFirst(event);
                }
            }
            more &= shown.size() < tail;
        }
        return List.copyOf(shown);
    }

    private static int page(int tail) {
        return Math.clamp(2L * tail, SMALL_PAGE, LARGE_PAGE);
    }

    @Override
    public void follow(Consumer<Event> sink, BooleanSupplier ended) {
        try {
            while (following != null && !ended.getAsBoolean()) {
                Event event = fresh.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (event != null && later(event.id(), last) && wanted.test(event)) {
                    sink.accept(event);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a stream id ({@code milliseconds-number}) is greater. */
    static boolean later(String id, String than) {
        if (than.isEmpty() || id.isEmpty()) {
            return true;
        }
        long[] left = parts(id);
        long[] right = parts(than);
        return left[0] != right[0] ? left[0] > right[0] : left[1] > right[1];
    }

    private static long[] parts(String id) {
        int dash = id.indexOf('-');
        try {
            return dash < 0
                    ? new long[] {Long.parseLong(id), 0}
                    : new long[] {Long.parseLong(id.substring(0, dash)), Long.parseLong(id.substring(dash + 1))};
        } catch (NumberFormatException unknownForm) {
            return new long[] {Long.MAX_VALUE, 0};
        }
    }

    @Override
    public void close() {
        if (following == null) {
            return;
        }
        try {
            following.close();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception closing) {
            throw new IllegalStateException(closing);
        }
    }
}
