package org.portolan.engine.docker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of JSON as the engine sends it: maps, lists, strings, longs, doubles, booleans or nothing. Every question has an
 * answer: what is missing, null or of another type reads as empty, zero or false. Only Jackson's streaming core is used,
 * since loading its data binding costs a start tens of milliseconds.
 */
record Json(@Nullable Object node) {
    private static final int MAX_DEPTH = 100;
    static final Json NOTHING = new Json(null);

    /** The factory is made when the first text is read or written. */
    private static final class Factory {
        static final JsonFactory INSTANCE = new JsonFactory();
    }

    static Json parse(byte[] text) throws IOException {
        try (JsonParser parser = Factory.INSTANCE.createParser(text)) {
            return parser.nextToken() == null ? NOTHING : new Json(value(parser, 0));
        }
    }

    /** A parser for a stream of values, for {@link #next}. */
    static JsonParser stream(InputStream in) throws IOException {
        return Factory.INSTANCE.createParser(in);
    }

    /** The next value of a stream, or null at its end. */
    static @Nullable Json next(JsonParser parser) throws IOException {
        return parser.nextToken() == null ? null : new Json(value(parser, 0));
    }

    /** Writes a tree of maps, lists, strings, numbers, booleans and nulls. */
    static byte[] write(@Nullable Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator generator = Factory.INSTANCE.createGenerator(out)) {
            write(tree, generator);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    Json at(String key) {
        return node instanceof Map<?, ?> map ? new Json(map.get(key)) : NOTHING;
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

    /** A list's items; none when this is no list. */
    List<Json> items() {
        if (!(node instanceof List<?> list)) {
            return List.of();
        }
        List<Json> items = new ArrayList<>(list.size());
        for (Object item : list) {
            items.add(new Json(item));
        }
        return items;
    }

    /** A map's keys; none when this is no map. */
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

    private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("JSON nested deeper than " + MAX_DEPTH);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String key = parser.currentName();
                    parser.nextToken();
                    map.put(key, value(parser, depth + 1));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, depth + 1));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IOException("unexpected " + parser.currentToken() + " in JSON");
        };
    }

    private static void write(@Nullable Object node, JsonGenerator out) throws IOException {
        switch (node) {
            case null -> out.writeNull();
            case Map<?, ?> map -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    write(entry.getValue(), out);
                }
                out.writeEndObject();
            }
            case Iterable<?> list -> {
                out.writeStartArray();
                for (Object item : list) {
                    write(item, out);
                }
                out.writeEndArray();
            }
            case String text -> out.writeString(text);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Double number -> out.writeNumber(number);
            case Boolean flag -> out.writeBoolean(flag);
            default -> throw new IllegalArgumentException("not JSON: " + node.getClass());
        }
    }
}
