package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.store.StoreException;
import redis.clients.jedis.exceptions.JedisDataException;

/** Hands new events to a listener, on a separate thread and connection; after an outage it continues where it was. */
final class EventFollower implements AutoCloseable {
    private static final Duration BLOCK = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** How long a listener may take to come to its end. */
    private static final Duration END = Duration.ofSeconds(2);

    private static final int BATCH = 500;

    private final ConnectionPool links;
    private final String stream;
    private final Duration limit;
    private final Consumer<Event> listener;
    private final Consumer<String> warnings;
    private final Thread thread;
    private volatile @Nullable RedisLink link;
    private volatile boolean closed;
    private String last;
    private boolean told;

    /**
     * Begins to follow; what is stored after this returns is handed over.
     *
     * @param last the id of the last event that the listener does not want
     * @param warnings gets what is left out since it cannot be read, or since the listener has a fault
     */
    EventFollower(
            ConnectionPool links,
            String stream,
            String last,
            Duration limit,
            Consumer<Event> listener,
            Consumer<String> warnings) {
        this.links = links;
        this.stream = stream;
        this.last = last;
        this.limit = limit.plus(BLOCK);
        this.listener = listener;
        this.warnings = warnings;
        this.thread = Thread.ofPlatform().daemon().name("portolan events").start(this::run);
    }

    private void run() {
        while (!closed) {
            try {
                RedisLink open = link;
                if (open == null) {
                    open = links.open();
                    link = open;
                }
                if (!closed) {
                    read(open);
                }
            } catch (RedisLink.Broken | StoreException | JedisDataException problem) {
                disconnect();
                pause();
            }
        }
        disconnect();
    }

    private void read(RedisLink open) throws RedisLink.Broken {
        Object reply = open.call(
                limit,
                Command.XREAD,
                bytes("COUNT"),
                bytes(Integer.toString(BATCH)),
                bytes("BLOCK"),
                bytes(Long.toString(BLOCK.toMillis())),
                bytes("STREAMS"),
                bytes(stream),
                bytes(last));
        // One stream: [[name, entries]], or null when nothing came in time.
        if (reply instanceof List<?> streams && streams.getFirst() instanceof List<?> pair && pair.size() == 2) {
            for (EventCodec.Entry entry : EventCodec.entries(pair.get(1))) {
                if (closed) {
                    return;
                }
                last = entry.id();
                hand(entry);
            }
        }
    }

    /** One that cannot be read, or that the listener fails at, holds up none of those after it. */
    private void hand(EventCodec.Entry entry) {
        try {
            listener.accept(EventCodec.event(stream, entry));
        } catch (RuntimeException fault) {
            if (!told && !closed) {
                told = true;
                warnings.accept("event " + entry.id() + " was left out, and so is each with such a fault: "
                        + (fault instanceof Failure failure ? failure.what() : "internal error: " + fault));
            }
        }
    }

    private void pause() {
        if (!closed) {
            try {
                Thread.sleep(RETRY);
            } catch (InterruptedException interrupted) {
                closed = true;
            }
        }
    }

    private void disconnect() {
        RedisLink open = link;
        link = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        disconnect();
        thread.interrupt();
        try {
            if (!Thread.currentThread().equals(thread)) {
                thread.join(END);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
