package org.portolan.store.redis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.store.StoreException;
import org.portolan.store.StoreException.Kind;

/**
 * JSON as trees of maps, lists, strings, longs, doubles and booleans. Only Jackson's streaming part is used: loading its
 * object mapper takes longer than reading all that a command needs.
 */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /**
     * Reads one value.
     *
     * @param place the store's entry, for the message when it is damaged
     */
    static Node read(String place, byte[] text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw damaged(place, "it is empty", Optional.empty());
            }
            Object tree = tree(parser);
            if (parser.nextToken() != null) {
                throw damaged(place, "something follows its end", Optional.empty());
            }
            return new Node(place, "", tree);
        } catch (IOException notJson) {
            // Jackson's own message would quote the content.
            throw damaged(place, "it is not JSON", Optional.of(notJson));
        }
    }

    static byte[] write(Object tree) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
            write(tree, generator);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return bytes.toByteArray();
    }

    static StoreException damaged(String place, String why, Optional<Throwable> cause) {
        return new StoreException(Kind.CORRUPT, "the store's entry " + place + " is damaged: " + why, cause)
                .withHint("running services are not touched; restore the store from a backup, or delete that entry with"
                        + " redis-cli: it is then rebuilt from containers' labels and the files");
    }

    private static @Nullable Object tree(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, tree(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(tree(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IOException("a value was expected");
        };
    }

    private static void write(@Nullable Object tree, JsonGenerator to) throws IOException {
        switch (tree) {
            case null -> to.writeNull();
            case Map<?, ?> map -> {
                to.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    to.writeFieldName(String.valueOf(entry.getKey()));
                    write(entry.getValue(), to);
                }
                to.writeEndObject();
            }
            case Iterable<?> list -> {
                to.writeStartArray();
                for (Object item : list) {
                    write(item, to);
                }
                to.writeEndArray();
            }
            case String text -> to.writeString(text);
            case Long number -> to.writeNumber(number);
            case Integer number -> to.writeNumber(number);
            case Double number -> to.writeNumber(number);
            case Boolean flag -> to.writeBoolean(flag);
            default -> throw new IllegalArgumentException("not a node of a tree: " + tree.getClass());
        }
    }
}
