package org.portolan.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.io.EndPoint;

/**
 * When each connection has to have sent what it is expected to send: a server's idle timeout alone lets a client send a byte now and
 * then for ever. A connection without deadline is one whose request is being answered.
 *
 * @param <K> a connection
 */
final class ConnectionDeadlines<K> {
    /** For a head: from the connection's begin, or since the last answer. */
    static final Duration HEAD = Duration.ofSeconds(10);

    static final Duration KEPT = Duration.ofSeconds(60);

    /** So many connections may wait for a head or a body. Of more the oldest is closed of whoever has most of them. */
    static final int WAITING = 400;

    private final Map<K, Waits> all = new LinkedHashMap<>();
    private final Map<String, Integer> waiting = new HashMap<>();

    /**
     * What a connection is expected to do.
     *
     * @param from whose it is; "" for one that is never closed for others
     * @param end {@link Instant#MAX} while its request is being answered
     */
    private record Waits(String from, Instant end) {
        boolean counts() {
            return !from.isEmpty() && !end.equals(Instant.MAX);
        }
    }

    /** The connection below TLS: one deadline counts, whatever is spoken over it. */
    static EndPoint transport(EndPoint connection) {
        EndPoint transport = connection;
        while (transport instanceof EndPoint.Wrapper wrapper) {
            transport = wrapper.unwrap();
        }
        return transport;
    }

    /**
     * A connection was made.
     *
     * @param from whose it is, an address; "" for one that is never closed for others
     * @return one that has to be closed for it
     */
    synchronized Optional<K> opened(K connection, String from, Instant now) {
        put(connection, new Waits(from, now.plus(HEAD)));
        int sum = 0;
        String most = "";
        for (Map.Entry<String, Integer> each : waiting.entrySet()) {
            sum += each.getValue();
            most = most.isEmpty() || each.getValue() > waiting.getOrDefault(most, 0) ? each.getKey() : most;
        }
        if (sum <= WAITING) {
            return Optional.empty();
        }
        for (Map.Entry<K, Waits> each : all.entrySet()) {
            if (each.getValue().counts() && each.getValue().from().equals(most)) {
                K oldest = each.getKey();
                remove(oldest);
                return Optional.of(oldest);
            }
        }
        return Optional.empty();
    }

    private void put(K connection, Waits now) {
        remove(connection);
        all.put(connection, now);
        if (now.counts()) {
            waiting.merge(now.from(), 1, Integer::sum);
        }
    }

    private void remove(K connection) {
        Waits before = all.remove(connection);
        if (before != null && before.counts()) {
            waiting.computeIfPresent(before.from(), (from, count) -> count == 1 ? null : count - 1);
        }
    }

    private void change(K connection, Instant end) {
        Waits before = all.get(connection);
        if (before != null) {
            put(connection, new Waits(before.from(), end));
        }
    }

    /** It has so much time for what it sends or reads now. */
    synchronized void body(K connection, Instant now, Duration time) {
        change(connection, now.plus(time));
    }

    /** Its request is there, and is being answered. */
    synchronized void answering(K connection) {
        change(connection, Instant.MAX);
    }

    /** Its request was answered; another one may come. */
    synchronized void answered(K connection, Instant now) {
        change(connection, now.plus(KEPT));
    }

    synchronized void closed(K connection) {
        remove(connection);
    }

    /** Takes out those whose time is over. */
    synchronized List<K> over(Instant now) {
        List<K> over = new ArrayList<>();
        all.forEach((connection, waits) -> {
            if (!now.isBefore(waits.end())) {
                over.add(connection);
            }
        });
        over.forEach(this::remove);
        return over;
    }

    synchronized Set<K> open() {
        return Set.copyOf(all.keySet());
    }
}
