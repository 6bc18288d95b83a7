package org.portolan.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trees of maps, lists, strings, longs (integers too when written), doubles, booleans and nulls. */
public final class JsonTree {
    private static final int MAX_DEPTH = 100;
    static final JsonFactory FACTORY = new JsonFactory();

    private JsonTree() {}

    /**
     * Reads a text that is one value and nothing else.
     *
     * @throws NotJson when it is not, is nested deeper than 100, or an object has a name twice: two readers could take different ones
     */
    public static @Nullable Object read(byte[] text) throws NotJson {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new NotJson("it is empty");
            }
            Object tree = value(parser, 0);
            if (parser.nextToken() != null) {
                throw new NotJson("it has extra data at its end");
            }
            return tree;
        } catch (NotJson told) {
            throw told;
        } catch (IOException broken) {
            throw new NotJson(broken);
        }
    }

    /** How many values a text begins with, counted up to {@code most} and one more; the count ends at what cannot be read. */
    public static int values(byte[] text, int most) {
        int values = 0;
        try (JsonParser parser = FACTORY.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null && values <= most; token = parser.nextToken()) {
                values += token.isStructStart() || token.isScalarValue() ? 1 : 0;
            }
        } catch (IOException broken) {
            return values;
        }
        return values;
    }

    /** The value that begins at the parser's token. */
    static @Nullable Object value(JsonParser parser, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new NotJson("it is nested deeper than " + MAX_DEPTH);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String key = parser.currentName();
                    parser.nextToken();
                    int before = map.size();
                    map.put(key, value(parser, depth + 1));
                    if (map.size() == before) {
                        throw new NotJson("an object has a name twice", parser);
                    }
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

    /** UTF-8, without white space. */
    public static byte[] bytes(@Nullable Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            write(tree, generator);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return out.toByteArray();
    }

    /**
     * Text.
     *
     * @param pretty over several lines, for people
     */
    public static String text(@Nullable Object tree, boolean pretty) {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            write(tree, pretty ? generator.useDefaultPrettyPrinter() : generator);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return out.toString();
    }

    /** Text over several lines as editors lay it out: {@code "key": value}, lists on one line, a line's end at the end. */
    public static String page(Object tree) {
        DefaultPrettyPrinter layout = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withArrayValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""));
        layout.indentArraysWith(DefaultPrettyPrinter.NopIndenter.instance);
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            write(tree, generator.setPrettyPrinter(layout));
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return out.append('\n').toString();
    }

    /** By instanceof: each JVM would make a switch over types again (docs/adr/0038). */
    private static void write(@Nullable Object node, JsonGenerator out) throws IOException {
        if (node == null) {
            out.writeNull();
        } else if (node instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName(String.valueOf(entry.getKey()));
                write(entry.getValue(), out);
            }
            out.writeEndObject();
        } else if (node instanceof Iterable<?> list) {
            out.writeStartArray();
            for (Object item : list) {
                write(item, out);
            }
            out.writeEndArray();
        } else if (node instanceof String text) {
            out.writeString(text);
        } else if (node instanceof Integer number) {
            out.writeNumber(number);
        } else if (node instanceof Long number) {
            out.writeNumber(number);
        } else if (node instanceof Double number) {
            out.writeNumber(number);
        } else if (node instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else {
            throw new IllegalArgumentException("not JSON: " + node.getClass());
        }
    }
}
