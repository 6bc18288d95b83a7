package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.portolan.model.ExitStatus;
import org.portolan.model.state.StoredEvent;
import org.portolan.store.Store;

/** Shows what happened, and with {@code -f} what happens. */
final class EventsCommand extends CliCommand {
    private static final int MOST = 10_000;
    private static final int SHOWN = 50;
    private static final long LOOK_MILLIS = 500;

    private final Syntax.Flag follow = syntax().flag("-f --follow", "Go on showing events as they happen.");
    private final Syntax.Whole tail =
            syntax().whole("-n --tail", "COUNT", "How many past events to show; 50 unless given.");

    EventsCommand() {
        super("events", "Show what happened: releases, instances, proxies.");
    }

    @Override
    int run(Context context) {
        Optional<Store> store = follow.given()
                ? Optional.of(context.parts().store())
                : context.parts().storeIfAny();
        if (store.isPresent()) {
            show(context, store.get());
        } else {
            context.console().empty("No events yet.");
        }
        return ExitStatus.DONE.code();
    }

    private void show(Context context, Store store) {
        BlockingQueue<StoredEvent> fresh = new LinkedBlockingQueue<>();
        // Followed first, so that nothing between the past and the present is missed; what comes twice is told by its
        // id.
        try (AutoCloseable following = follow.given() ? store.follow(fresh::add) : () -> {}) {
            List<StoredEvent> past = store.events("", MOST);
            String last = past.isEmpty() ? "" : past.get(past.size() - 1).id();
            List<StoredEvent> shown =
                    past.stream().filter(event -> wanted(context, event)).toList();
            for (StoredEvent event : shown.subList(Math.max(0, shown.size() - tail.or(SHOWN)), shown.size())) {
                print(context, event);
            }
            if (shown.isEmpty()) {
                context.console().empty("No events yet.");
            }
            while (follow.given() && !context.console().broken()) {
                StoredEvent event = fresh.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (event != null && later(event.id(), last) && wanted(context, event)) {
                    print(context, event);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception closing) {
            throw new IllegalStateException(closing);
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

    /** Whether an event is shown: decided before the last ones are counted, so that as many lines come as were asked for. */
    private static boolean wanted(Context context, StoredEvent event) {
        // That a step begins is for whoever takes a broken-off release over; people get what came of it.
        boolean begins = event.kind().endsWith("-begins") && !context.console().json();
        return !begins
                && context.options()
                        .deployment()
                        .filter(name -> !name.equals(event.deployment()))
                        .isEmpty();
    }

    private static void print(Context context, StoredEvent event) {
        String subject = event.instance().isEmpty() ? event.service() : event.instance();
        context.console()
                .line(Show.time(event.at()) + "  " + event.deployment()
                        + (event.release() == 0 ? "" : " release " + event.release()) + "  "
                        + (subject.isEmpty() || event.message().contains(subject) ? "" : subject + "  ")
                        + event.message());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", event.id());
        fields.put("at", event.at());
        fields.put("deployment", event.deployment());
        fields.put("release", event.release());
        fields.put("kind", event.kind());
        fields.put("service", event.service());
        fields.put("instance", event.instance());
        fields.put("message", event.message());
        context.console().record("event", fields);
    }
}
