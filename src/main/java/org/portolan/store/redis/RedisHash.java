package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a hash; each method is one round trip. */
final class RedisHash {
    private final ConnectionPool links;
    private final String key;

    RedisHash(ConnectionPool links, String key) {
        this.links = links;
        this.key = key;
    }

    Optional<byte[]> field(String name) {
        return Optional.ofNullable((byte[]) links.call(Command.HGET, bytes(key), bytes(name)));
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        list(links.call(Command.HKEYS, bytes(key))).forEach(name -> names.add(text(name)));
        return names;
    }

    /** All fields by name. */
    Map<String, byte[]> all() {
        Map<String, byte[]> fields = new TreeMap<>();
        List<?> reply = list(links.call(Command.HGETALL, bytes(key)));
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            fields.put(text(reply.get(i)), (byte[]) reply.get(i + 1));
        }
        return fields;
    }

    /** Several fields, in the order of their names; empty for those that are not there. */
    List<Optional<byte[]>> fields(List<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        byte[][] arguments = new byte[names.size() + 1][];
        arguments[0] = bytes(key);
        for (int i = 0; i < names.size(); i++) {
            arguments[i + 1] = bytes(names.get(i));
        }
        List<Optional<byte[]>> fields = new ArrayList<>();
        list(links.call(Command.HMGET, arguments)).forEach(value -> fields.add(Optional.ofNullable((byte[]) value)));
        return fields;
    }

    private static List<?> list(@Nullable Object reply) {
        return reply instanceof List<?> list ? list : List.of();
    }
}
