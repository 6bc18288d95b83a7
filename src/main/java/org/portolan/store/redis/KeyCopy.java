package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.util.ArrayList;
import java.util.List;
import org.portolan.store.StoreException;
import org.portolan.store.StoredKey;

/**
 * Writes keys of one store to another. A sealed value is bound to its place, a hash's field or a text's key; it is opened there
 * and sealed for its new one. What cannot be opened goes along as it is.
 */
final class KeyCopy {
    private static final int WORDS_AT_ONCE = 512;
    private static final int BYTES_AT_ONCE = 1 << 20;

    private final ConnectionPool to;
    private final Keys fromKeys;
    private final Keys toKeys;
    private final Encryptor fromSeal;
    private final Encryptor toSeal;

    KeyCopy(ConnectionPool to, Keys fromKeys, Encryptor fromSeal, Keys toKeys, Encryptor toSeal) {
        this.to = to;
        this.fromKeys = fromKeys;
        this.toKeys = toKeys;
        this.fromSeal = fromSeal;
        this.toSeal = toSeal;
    }

    /** Writes them; the list of deployments goes last, so that what was killed on its way can be done again. */
    void write(List<StoredKey> saved) {
        StoredKey last = null;
        for (StoredKey key : saved) {
            if (toKeys.of(key.name()).equals(toKeys.deployments())) {
                last = key;
            } else {
                write(key);
            }
        }
        if (last != null) {
            write(last);
        }
    }

    private void write(StoredKey key) {
        byte[] target = bytes(toKeys.of(key.name()));
        if (key.type() == StoredKey.Type.STREAM || key.type() == StoredKey.Type.LIST) {
            to.call(Command.DEL, target);
        }
        switch (key.type()) {
            case STRING -> {
                byte[] value = key.items().getFirst().getFirst();
                String place = key.name();
                to.call(Command.SET, target, reseal(fromKeys.of(place), toKeys.of(place), value));
            }
            case HASH -> many(Command.HSET, target, hash(key));
            case SET -> many(Command.SADD, target, key.items());
            case LIST -> many(Command.RPUSH, target, key.items());
            case ZSET ->
                many(
                        Command.ZADD,
                        target,
                        key.items().stream().map(List::reversed).toList());
            case STREAM -> key.items().forEach(words -> call(Command.XADD, target, words));
        }
        if (key.expires() > 0) {
            to.call(Command.PEXPIRE, target, bytes(Long.toString(key.expires())));
        }
    }

    private List<List<byte[]>> hash(StoredKey key) {
        List<List<byte[]>> items = new ArrayList<>();
        for (List<byte[]> item : key.items()) {
            String field = " " + text(item.getFirst());
            byte[] value = reseal(fromKeys.of(key.name()) + field, toKeys.of(key.name()) + field, item.getLast());
            items.add(List.of(item.getFirst(), value));
        }
        return items;
    }

    private byte[] reseal(String source, String target, byte[] value) {
        if (!Encryptor.looksSealed(value)) {
            return value;
        }
        try {
            return toSeal.seal(target, fromSeal.open(source, value));
        } catch (StoreException lost) {
            return value;
        }
    }

    private void many(Command command, byte[] target, List<List<byte[]>> items) {
        List<byte[]> words = new ArrayList<>();
        long size = 0;
        for (List<byte[]> item : items) {
            words.addAll(item);
            for (byte[] word : item) {
                size += word.length;
            }
            if (words.size() >= WORDS_AT_ONCE || size >= BYTES_AT_ONCE) {
                call(command, target, words);
                words.clear();
                size = 0;
            }
        }
        if (!words.isEmpty()) {
            call(command, target, words);
        }
    }

    private void call(Command command, byte[] target, List<byte[]> words) {
        List<byte[]> line = new ArrayList<>(words.size() + 1);
        line.add(target);
        line.addAll(words);
        to.call(command, line.toArray(byte[][]::new));
    }
}
