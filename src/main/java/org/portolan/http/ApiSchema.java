package org.portolan.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON ApiForms (2020-12) of bodies and answers, as trees. */
final class ApiSchema {
    static final Map<String, Object> TEXT = Map.of("type", "string");
    static final Map<String, Object> WHOLE = Map.of("type", "integer");
    static final Map<String, Object> FLAG = Map.of("type", "boolean");
    static final Map<String, Object> TIME = Map.of("type", "string", "format", "date-time");
    static final Map<String, Object> TEXTS = list(TEXT);

    private ApiSchema() {}

    static Map<String, Object> list(Map<String, Object> of) {
        return Map.of("type", "array", "items", of);
    }

    /** Any names, values of one form. */
    static Map<String, Object> mapOf(Map<String, Object> of) {
        return Map.of("type", "object", "additionalProperties", of);
    }

    static Map<String, Object> oneOf(String... words) {
        return Map.of("type", "string", "enum", List.of(words));
    }

    /** A whole number within a range. */
    static Map<String, Object> between(int least, int most) {
        Map<String, Object> schema = new LinkedHashMap<>(WHOLE);
        schema.put("minimum", least);
        schema.put("maximum", most);
        return schema;
    }

    static Builder object() {
        return new Builder();
    }

    /** An object of these fields and no others, each needed unless it is said otherwise. */
    static final class Builder {
        private final Map<String, Object> properties = new LinkedHashMap<>();
        private final List<String> required = new ArrayList<>();
        private boolean open;

        Builder with(String name, Map<String, Object> schema) {
            properties.put(name, schema);
            required.add(name);
            return this;
        }

        Builder maybe(String name, Map<String, Object> schema) {
            properties.put(name, schema);
            return this;
        }

        /** Further fields may come. */
        Builder andMore() {
            open = true;
            return this;
        }

        Map<String, Object> done() {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            schema.put("properties", properties);
            if (!required.isEmpty()) {
                schema.put("required", required);
            }
            if (!open) {
                schema.put("additionalProperties", false);
            }
            return schema;
        }
    }
}
