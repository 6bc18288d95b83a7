package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands of one change, collected for {@link Scripts#COMMIT}. */
final class Change {
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final List<byte[]> words = new ArrayList<>();

    void set(String hash, String field, byte[] value) {
        add("hash", hash, bytes("HSET"), bytes(hash), bytes(field), value);
    }

    void forget(String hash, String field) {
        add("hash", hash, bytes("HDEL"), bytes(hash), bytes(field));
    }

    void delete(String key, String type) {
        add(type, key, bytes("DEL"), bytes(key));
    }

    void append(String stream, int keep, List<byte[]> fields) {
        List<byte[]> line = new ArrayList<>(List.of(
                bytes("XADD"), bytes(stream), bytes("MAXLEN"), bytes("~"), bytes(Integer.toString(keep)), bytes("*")));
        line.addAll(fields);
        add("stream", stream, line.toArray(byte[][]::new));
    }

    /** The arguments of EVAL: script, number of keys, keys, token, the keys' types, the commands. */
    byte[][] evaluation(String fence, String done, long token) {
        List<byte[]> line = new ArrayList<>();
        line.add(bytes(Scripts.COMMIT));
        line.add(bytes(Integer.toString(keys.size() + 2)));
        line.add(bytes(fence));
        line.add(bytes(done));
        keys.keySet().forEach(key -> line.add(bytes(key)));
        line.add(bytes(Long.toString(token)));
        keys.values().forEach(type -> line.add(bytes(type)));
        line.addAll(words);
        return line.toArray(byte[][]::new);
    }

    private void add(String type, String key, byte[]... line) {
        keys.put(key, type);
        words.add(bytes(Integer.toString(line.length)));
        words.addAll(List.of(line));
    }
}
