package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.util.List;
import java.util.Optional;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** Takes locks, and tells who holds one; see {@link Store#acquire}. */
final class RedisLocks {
    private final ConnectionPool links;
    private final Keys keys;

    RedisLocks(ConnectionPool links, Keys keys) {
        this.links = links;
        this.keys = keys;
    }

    Optional<Lease> acquire(String name, String purpose) {
        byte[] owner = LockOwner.self(purpose).write();
        long asked = System.nanoTime();
        List<?> reply = take(name, owner, "");
        if (!granted(reply)) {
            String holder = text(reply.getLast());
            if (LockOwner.ofValue(holder).filter(LockOwner::isDead).isEmpty()) {
                return Optional.empty();
            }
            asked = System.nanoTime();
            reply = take(name, owner, holder);
            if (!granted(reply)) {
                return Optional.empty();
            }
        }
        String token = text(reply.getLast());
        byte[] value = bytes(token + " " + text(owner));
        return Optional.of(new RedisLease(links, keys, name, Long.parseLong(token), value, asked));
    }

    private List<?> take(String name, byte[] owner, String dead) {
        Object reply = links.call(
                Command.EVAL,
                bytes(Scripts.ACQUIRE),
                bytes("3"),
                bytes(keys.lock(name)),
                bytes(keys.fence(name)),
                bytes(keys.token()),
                owner,
                bytes(Long.toString(Store.LEASE_TIME.toMillis())),
                bytes(dead));
        return reply instanceof List<?> list ? list : List.of();
    }

    private static boolean granted(List<?> reply) {
        return reply.getFirst() instanceof Long one && one == 1;
    }

    Optional<String> holder(String name) {
        Object value = links.call(Command.GET, bytes(keys.lock(name)));
        if (value == null) {
            return Optional.empty();
        }
        Optional<LockOwner> owner = LockOwner.ofValue(text(value));
        return owner.isEmpty()
                ? Optional.of("unknown (its entry " + keys.lock(name) + " cannot be read)")
                : owner.filter(known -> !known.isDead()).map(LockOwner::describe);
    }
}
