package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces of JSON Schema that the shapes share. */
public final class Schemas {
    /** Text, and what YAML readers of editors take for numbers and truth values but Portolan takes as text. */
    static final Map<String, Object> TEXT = Map.of("type", List.of("string", "number", "boolean"));

    private static final Map<String, Object> EXPANDED =
            Map.of("type", "string", "pattern", "\\{\\{|%%[A-Za-z_][A-Za-z0-9_]*%%");

    private Schemas() {}

    /** The schema of a key's value with its documentation. A null value means the default. */
    public static Map<String, Object> described(Key key) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", key.says() + (key.otherwise().isEmpty() ? "" : " Default: " + key.otherwise() + "."));
        Map<String, Object> shape = key.shape().schema();
        Object type = shape.get("type");
        boolean nothingToo = shape.isEmpty() || (type instanceof List<?> types && types.contains("null"));
        if (nothingToo) {
            schema.putAll(shape);
        } else {
            schema.put("anyOf", List.of(shape, Map.of("type", "null")));
        }
        return schema;
    }

    static Map<String, Object> either(List<Map<String, Object>> schemas) {
        List<Object> flat = new ArrayList<>();
        for (Map<String, Object> schema : schemas) {
            if (schema.size() == 1 && schema.get("anyOf") instanceof List<?> inner) {
                flat.addAll(inner);
            } else {
                flat.add(schema);
            }
        }
        return Map.of("anyOf", flat);
    }

    /** A typed scalar, or a text with a parameter or macro in it. */
    static Map<String, Object> orExpanded(Map<String, Object> schema) {
        return either(List.of(schema, EXPANDED));
    }

    static Map<String, Object> pattern(String pattern) {
        return orExpanded(Map.of("type", "string", "pattern", pattern));
    }

    static Map<String, Object> listOf(Map<String, Object> items) {
        return Map.of("type", "array", "items", items);
    }

    static Map<String, Object> mapOf(Map<String, Object> values) {
        return Map.of("type", "object", "additionalProperties", values);
    }

    static Map<String, Object> whole(long least, long most) {
        Map<String, Object> number = new LinkedHashMap<>();
        number.put("type", "integer");
        number.put("minimum", least);
        if (most < Long.MAX_VALUE) {
            number.put("maximum", most);
        }
        return either(List.of(number, Map.of("type", "string", "pattern", "^-?[0-9]+$"), EXPANDED));
    }
}
