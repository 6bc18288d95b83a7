package org.portolan.engine.docker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonStream;
import org.portolan.json.JsonTree;

/**
 * A node of JSON as the engine sends it: maps, lists, strings, longs, doubles, booleans or nothing. Every question has an
 * answer: what is missing, null or of another type reads as empty, zero or false.
 */
record DockerJson(@Nullable Object node) {
    static final DockerJson NOTHING = new DockerJson(null);

    static DockerJson parse(byte[] text) throws IOException {
        try (JsonStream values = JsonStream.of(text)) {
            return values.next() ? new DockerJson(values.value()) : NOTHING;
        }
    }

    /** Writes a tree of maps, lists, strings, numbers, booleans and nulls. */
    static byte[] write(@Nullable Object tree) {
        return JsonTree.bytes(tree);
    }

    DockerJson at(String key) {
        return node instanceof Map<?, ?> map ? new DockerJson(map.get(key)) : NOTHING;
    }

    boolean exists() {
        return node != null;
    }

    String text() {
        return node instanceof String text ? text : "";
    }

    long number() {
        return node instanceof Number number ? number.longValue() : 0;
    }

    boolean flag() {
        return Boolean.TRUE.equals(node);
    }

    /** A list's items; none when this is not a list. */
    List<DockerJson> items() {
        if (!(node instanceof List<?> list)) {
            return List.of();
        }
        List<DockerJson> items = new ArrayList<>(list.size());
        for (Object item : list) {
            items.add(new DockerJson(item));
        }
        return items;
    }

    /** A map's keys; none when this is not a map. */
    List<String> keys() {
        if (!(node instanceof Map<?, ?> map)) {
            return List.of();
        }
        List<String> keys = new ArrayList<>(map.size());
        for (Object key : map.keySet()) {
            keys.add(String.valueOf(key));
        }
        return keys;
    }

    /** A map's entries whose values are text, in their order. */
    Map<String, String> texts() {
        if (!(node instanceof Map<?, ?> map) || map.isEmpty()) {
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getValue() instanceof String text) {
                texts.put(String.valueOf(entry.getKey()), text);
            }
        }
        return texts;
    }
}
