package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure.Kind;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreException;

/** Takes locks, and tells who holds one; see {@link Store#acquire}. */
final class RedisLocks {
    private final ConnectionPool links;
    private final Keys keys;

    RedisLocks(ConnectionPool links, Keys keys) {
        this.links = links;
        this.keys = keys;
    }

    Optional<Lease> acquire(String name, String purpose) {
        return acquire(name, purpose, new byte[0][], new byte[0][]);
    }

    /**
     * The same under another lock.
     *
     * @throws StoreException with {@link Kind#FENCED} when somebody else has taken that one
     */
    Optional<Lease> acquire(String name, String purpose, RedisLease under) {
        return acquire(
                name,
                purpose,
                new byte[][] {bytes(keys.lock(under.name())), bytes(keys.fence(under.name()))},
                new byte[][] {under.value(), bytes(Long.toString(under.token()))});
    }

    private Optional<Lease> acquire(String name, String purpose, byte[][] underKeys, byte[][] underValues) {
        byte[] owner = LockOwner.self(purpose).write();
        long asked = System.nanoTime();
        List<?> reply = take(name, owner, "", underKeys, underValues);
        if (!granted(reply)) {
            String holder = text(reply.getLast());
            if (LockOwner.ofValue(holder).filter(LockOwner::isDead).isEmpty()) {
                return Optional.empty();
            }
            asked = System.nanoTime();
            reply = take(name, owner, holder, underKeys, underValues);
            if (!granted(reply)) {
                return Optional.empty();
            }
        }
        String token = text(reply.get(1));
        // A repetition of the same call finds its lock taken by itself: what was before is gone.
        long previous = reply.size() > 2 ? Long.parseLong(text(reply.get(2))) : -1;
        byte[] value = bytes(token + " " + text(owner));
        return Optional.of(new RedisLease(links, keys, name, Long.parseLong(token), previous, value, asked));
    }

    private List<?> take(String name, byte[] owner, String dead, byte[][] underKeys, byte[][] underValues) {
        List<byte[]> line = new ArrayList<>(List.of(
                bytes(Scripts.ACQUIRE),
                bytes(Integer.toString(3 + underKeys.length)),
                bytes(keys.lock(name)),
                bytes(keys.fence(name)),
                bytes(keys.token())));
        line.addAll(List.of(underKeys));
        line.addAll(List.of(owner, bytes(Long.toString(Store.LEASE_TIME.toMillis())), bytes(dead)));
        line.addAll(List.of(underValues));
        Object reply = links.confirmed(Command.EVAL, line.toArray(byte[][]::new));
        List<?> answer = reply instanceof List<?> list ? list : List.of();
        if (answer.getFirst() instanceof Long two && two == 2) {
            throw new StoreException(
                    Kind.FENCED, "cannot take the lock of " + name + ": another process leads now", Optional.empty());
        }
        return answer;
    }

    private static boolean granted(List<?> reply) {
        return reply.getFirst() instanceof Long one && one == 1;
    }

    /** See {@link Store#free}. */
    Map<String, Long> free(Collection<String> names) {
        List<String> asked = List.copyOf(names);
        List<byte[]> all = new ArrayList<>();
        asked.forEach(name -> {
            all.add(bytes(keys.lock(name)));
            all.add(bytes(keys.fence(name)));
        });
        Map<String, Long> free = new HashMap<>();
        if (!asked.isEmpty() && links.call(Command.MGET, all.toArray(byte[][]::new)) instanceof List<?> found) {
            for (int i = 0; i < asked.size(); i++) {
                Object token = found.get(2 * i + 1);
                if (found.get(2 * i) == null) {
                    free.put(asked.get(i), token == null ? 0 : Long.parseLong(text(token)));
                }
            }
        }
        return free;
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
