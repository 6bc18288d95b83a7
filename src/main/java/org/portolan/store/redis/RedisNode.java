package org.portolan.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.portolan.store.StoreException;

/**
 * A part of a stored tree that knows where it is. What is missing or of the wrong type makes the entry damaged; fields that
 * are not asked for are ignored, since a newer version may have written them.
 *
 * @param place the store's entry
 * @param path the way to this part, dotted; "" for the whole
 */
record RedisNode(String place, String path, @Nullable Object value) {

    RedisNode at(String key) {
        String below = path.isEmpty() ? key : path + "." + key;
        return new RedisNode(place, below, map().get(key));
    }

    boolean isPresent() {
        return value != null;
    }

    Optional<RedisNode> find(String key) {
        RedisNode found = at(key);
        return found.isPresent() ? Optional.of(found) : Optional.empty();
    }

    String text() {
        if (value instanceof String text) {
            return text;
        }
        throw wrong("a text");
    }

    String text(String key) {
        return at(key).text();
    }

    boolean flag(String key) {
        RedisNode node = at(key);
        if (node.value instanceof Boolean flag) {
            return flag;
        }
        throw node.wrong("true or false");
    }

    int number() {
        if (value instanceof Long number && number >= Integer.MIN_VALUE && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw wrong("a whole number");
    }

    int number(String key) {
        return at(key).number();
    }

    List<RedisNode> list(String key) {
        RedisNode node = at(key);
        if (!(node.value instanceof List<?> list)) {
            throw node.wrong("a list");
        }
        List<RedisNode> nodes = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            nodes.add(new RedisNode(place, node.path + "[" + i + "]", list.get(i)));
        }
        return nodes;
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (RedisNode node : list(key)) {
            texts.add(node.text());
        }
        return texts;
    }

    SortedSet<String> textSet(String key) {
        return new TreeSet<>(texts(key));
    }

    <T> SortedMap<String, T> sorted(String key, Function<RedisNode, T> decode) {
        RedisNode node = at(key);
        SortedMap<String, T> sorted = new TreeMap<>();
        for (String name : node.map().keySet()) {
            sorted.put(name, decode.apply(node.at(name)));
        }
        return sorted;
    }

    @SuppressWarnings("unchecked")
    Map<String, @Nullable Object> map() {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw wrong("a map");
    }

    StoreException wrong(String expected) {
        String where = path.isEmpty() ? "it" : path;
        return StoreJson.damaged(
                place, where + (value == null ? " is missing, it" : "") + " should be " + expected, Optional.empty());
    }
}
