package org.portolan.importer.running;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of what the engine says. Every question has an answer: what is missing reads as empty, zero or false. */
record Facts(@Nullable Object node) {

    Facts at(String key) {
        return node instanceof Map<?, ?> map ? new Facts(map.get(key)) : new Facts(null);
    }

    boolean exists() {
        return node != null;
    }

    /** A text, number or boolean as text; "" for anything else. */
    String text() {
        return node instanceof Map || node instanceof List || node == null ? "" : String.valueOf(node);
    }

    long number() {
        return node instanceof Number number ? number.longValue() : 0;
    }

    boolean flag() {
        return Boolean.TRUE.equals(node);
    }

    List<Facts> items() {
        List<Facts> items = new ArrayList<>();
        if (node instanceof List<?> list) {
            list.forEach(item -> items.add(new Facts(item)));
        }
        return items;
    }

    List<String> texts() {
        return items().stream().map(Facts::text).toList();
    }

    /** A map's entries in their order. */
    Map<String, Facts> entries() {
        Map<String, Facts> entries = new LinkedHashMap<>();
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> entries.put(String.valueOf(key), new Facts(value)));
        }
        return entries;
    }

    /** Whether it is more than the default of its type: nothing, false, zero, or empty. */
    boolean says() {
        return switch (node) {
            case null -> false;
            case Boolean flag -> flag;
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }
}
