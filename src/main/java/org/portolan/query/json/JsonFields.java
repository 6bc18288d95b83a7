package org.portolan.query.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.event.Event;

/** Fields of what is shown as JSON. */
public final class JsonFields {
    private JsonFields() {}

    /** An event; one that is stored has all of the common fields, another only those that say something. */
    public static Map<String, Object> event(Event event) {
        boolean stored = !event.id().isEmpty();
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "id", event.id(), false);
        fields.put("at", event.at());
        fields.put("level", event.level().word());
        put(fields, "kind", event.kind(), stored);
        put(fields, "deployment", event.deployment(), stored);
        if (stored || event.release() != 0) {
            fields.put("release", event.release());
        }
        put(fields, "service", event.service(), stored);
        put(fields, "instance", event.instance(), stored);
        fields.put("message", event.message());
        fields.putAll(event.fields());
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, String value, boolean always) {
        if (always || !value.isEmpty()) {
            fields.put(name, value);
        }
    }

    /** A tree of what JSON has: empty Optionals are left out, what is none of its values becomes its {@code toString()}. */
    public static Map<String, @Nullable Object> plain(Map<?, ?> fields) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            Object one = value instanceof Optional<?> optional ? optional.orElse(null) : value;
            if (one != null || !(value instanceof Optional)) {
                plain.put(String.valueOf(name), plain(one));
            }
        });
        return plain;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        // Not a switch over types, whose class no archive has (ADR 38): commands through a controller write JSON.
        if (value == null
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            return plain(map);
        }
        if (value instanceof Iterable<?> items) {
            List<@Nullable Object> list = new ArrayList<>();
            items.forEach(item -> list.add(plain(item)));
            return list;
        }
        return value.toString();
    }
}
