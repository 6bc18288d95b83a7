package org.portolan.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final Map<K, Instant> ends = new HashMap<>();

    /** The connection below TLS: one deadline counts, whatever is spoken over it. */
    static EndPoint transport(EndPoint connection) {
        EndPoint transport = connection;
        while (transport instanceof EndPoint.Wrapper wrapper) {
            transport = wrapper.unwrap();
        }
        return transport;
    }

    synchronized void opened(K connection, Instant now) {
        ends.put(connection, now.plus(HEAD));
    }

    /** Its request's head came; the body has so much time. */
    synchronized void body(K connection, Instant now, Duration time) {
        ends.computeIfPresent(connection, (key, before) -> now.plus(time));
    }

    /** Its request is there, and is being answered. */
    synchronized void answering(K connection) {
        ends.computeIfPresent(connection, (key, before) -> Instant.MAX);
    }

    /** Its request was answered; another one may come. */
    synchronized void answered(K connection, Instant now) {
        ends.computeIfPresent(connection, (key, before) -> now.plus(KEPT));
    }

    synchronized void closed(K connection) {
        ends.remove(connection);
    }

    /** Takes out those whose time is over. */
    synchronized List<K> over(Instant now) {
        List<K> over = new ArrayList<>();
        for (Map.Entry<K, Instant> entry : ends.entrySet()) {
            if (!now.isBefore(entry.getValue())) {
                over.add(entry.getKey());
            }
        }
        over.forEach(ends::remove);
        return over;
    }

    synchronized Set<K> open() {
        return Set.copyOf(ends.keySet());
    }
}
