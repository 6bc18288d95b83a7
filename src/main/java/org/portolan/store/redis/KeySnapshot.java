package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure.Kind;
import org.portolan.store.StoreException;
import org.portolan.store.StoredKey;

/**
 * Reads all keys below a prefix as they are at one moment: in one transaction, so that no change is half in it and no lock is
 * needed. Which keys there are is asked before and after; when that has changed, it is read again.
 */
final class KeySnapshot {
    private static final int TRIES = 20;
    private static final String PAGE = "1000";
    /** What means something only for a moment, or is made again: tokens grow with the time, also in an empty store. */
    private static final Set<String> PASSING = Set.of("installation", "probe", "token");

    private static final List<String> PASSING_KINDS = List.of("lock:", "fence:", "queue:", "done:");

    private final ConnectionPool links;
    private final Keys keys;

    KeySnapshot(ConnectionPool links, Keys keys) {
        this.links = links;
        this.keys = keys;
    }

    /** The names without the prefix, of what is kept. */
    SortedSet<String> names() {
        String start = keys.prefix() + ":";
        SortedSet<String> names = new TreeSet<>();
        String cursor = "0";
        do {
            Object reply = links.call(
                    Command.SCAN, bytes(cursor), bytes("MATCH"), bytes(pattern(start)), bytes("COUNT"), bytes(PAGE));
            List<?> pair = reply instanceof List<?> list ? list : List.of("0", List.of());
            cursor = text(pair.getFirst());
            for (Object key : (List<?>) pair.getLast()) {
                String name = text(key).substring(start.length());
                if (!passing(name)) {
                    names.add(name);
                }
            }
        } while (!cursor.equals("0"));
        return names;
    }

    private static String pattern(String start) {
        return start.replaceAll("([\\\\*?\\[\\]^])", "\\\\$1") + "*";
    }

    static boolean passing(String name) {
        return PASSING.contains(name) || PASSING_KINDS.stream().anyMatch(name::startsWith);
    }

    List<StoredKey> take() {
        SortedSet<String> names = names();
        for (int i = 0; i < TRIES; i++) {
            Optional<List<StoredKey>> read = read(types(names));
            SortedSet<String> after = names();
            if (read.isPresent() && after.equals(names)) {
                return read.get();
            }
            names = after;
        }
        throw new StoreException(
                Kind.LOCKED, "the store's keys change all the time and cannot be read as one", Optional.empty());
    }

    private SortedMap<String, StoredKey.Type> types(Collection<String> names) {
        SortedMap<String, StoredKey.Type> types = new TreeMap<>();
        for (String name : names) {
            String word = text(links.call(Command.TYPE, bytes(keys.of(name)))).toUpperCase(Locale.ROOT);
            for (StoredKey.Type type : StoredKey.Type.values()) {
                if (type.name().equals(word)) {
                    types.put(name, type);
                }
            }
        }
        return types;
    }

    /** What they hold; empty when one of them is no longer of its type. */
    private Optional<List<StoredKey>> read(SortedMap<String, StoredKey.Type> types) {
        if (types.isEmpty()) {
            return Optional.of(List.of());
        }
        List<byte[][]> commands = new ArrayList<>();
        List<Command> verbs = new ArrayList<>();
        types.forEach((name, type) -> {
            byte[] key = bytes(keys.of(name));
            verbs.add(Command.PTTL);
            commands.add(new byte[][] {key});
            switch (type) {
                case STRING -> add(verbs, commands, Command.GET, key);
                case HASH -> add(verbs, commands, Command.HGETALL, key);
                case SET -> add(verbs, commands, Command.SMEMBERS, key);
                case LIST -> add(verbs, commands, Command.LRANGE, key, bytes("0"), bytes("-1"));
                case ZSET -> add(verbs, commands, Command.ZRANGE, key, bytes("0"), bytes("-1"), bytes("WITHSCORES"));
                case STREAM -> add(verbs, commands, Command.XRANGE, key, bytes("-"), bytes("+"));
            }
        });
        List<?> replies = links.transaction(verbs, commands);
        List<StoredKey> read = new ArrayList<>();
        int at = 0;
        for (Map.Entry<String, StoredKey.Type> each : types.entrySet()) {
            Object expires = replies.get(at);
            List<List<byte[]>> items = items(each.getValue(), replies.get(at + 1));
            if (items.isEmpty()) {
                return Optional.empty();
            }
            long left = expires instanceof Long time && time > 0 ? time : 0;
            read.add(new StoredKey(each.getKey(), each.getValue(), left, items));
            at += 2;
        }
        return Optional.of(read);
    }

    private static void add(List<Command> verbs, List<byte[][]> commands, Command verb, byte[]... words) {
        verbs.add(verb);
        commands.add(words);
    }

    /** The items of a reply; none for a key that is gone or of another type. */
    private static List<List<byte[]>> items(StoredKey.Type type, @Nullable Object reply) {
        List<List<byte[]>> items = new ArrayList<>();
        if (type == StoredKey.Type.STRING) {
            if (reply instanceof byte[] value) {
                items.add(List.of(value));
            }
            return items;
        }
        List<?> parts = reply instanceof List<?> list ? list : List.of();
        switch (type) {
            case HASH, ZSET -> {
                for (int i = 0; i + 1 < parts.size(); i += 2) {
                    items.add(List.of((byte[]) parts.get(i), (byte[]) parts.get(i + 1)));
                }
            }
            case STREAM -> parts.forEach(part -> items.add(record(part)));
            default -> parts.forEach(part -> items.add(List.of((byte[]) part)));
        }
        return items;
    }

    private static List<byte[]> record(Object part) {
        List<byte[]> words = new ArrayList<>();
        if (part instanceof List<?> pair && pair.getLast() instanceof List<?> fields) {
            words.add((byte[]) pair.getFirst());
            fields.forEach(field -> words.add((byte[]) field));
        }
        return words;
    }
}
