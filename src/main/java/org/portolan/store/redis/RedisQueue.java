package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.util.Optional;
import org.portolan.store.Store;

/** Who came last for a lock; see {@link Store#arrive}. */
final class RedisQueue {
    private final ConnectionPool links;
    private final Keys keys;

    RedisQueue(ConnectionPool links, Keys keys) {
        this.links = links;
        this.keys = keys;
    }

    long arrive(String name, String purpose, long token) {
        Object reply = links.call(
                Command.EVAL,
                bytes(Scripts.ARRIVE),
                bytes("2"),
                bytes(keys.queue(name)),
                bytes(keys.token()),
                bytes(Long.toString(token)),
                LockOwner.self(purpose).write(),
                bytes(Long.toString(Store.TICKET_TIME.toMillis())));
        return Long.parseLong(text(reply));
    }

    Optional<String> supersededBy(String name, long ticket) {
        return Optional.ofNullable(links.call(Command.GET, bytes(keys.queue(name))))
                .map(RedisLink::text)
                .filter(value -> ticketOf(value) > ticket)
                .map(value -> LockOwner.ofValue(value)
                        .map(LockOwner::describe)
                        .orElse("another process (its entry " + keys.queue(name) + " cannot be read)"));
    }

    /** One that cannot be read supersedes nobody. */
    private static long ticketOf(String value) {
        int space = value.indexOf(' ');
        try {
            return Long.parseLong(space < 0 ? value : value.substring(0, space));
        } catch (NumberFormatException unreadable) {
            return 0;
        }
    }
}
