package org.portolan.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.rollout.Reporter.Report;

/** Writes results, events and errors as JSON, one object a line, each with a {@code type}. Loaded only with {@code --json}. */
final class JsonLines {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonLines() {}

    /**
     * One line.
     *
     * @param fields maps, lists, strings, numbers, booleans, Optionals (an empty one is left out), else {@code toString()}
     */
    static String line(String type, Map<String, ?> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("type", type);
            for (var field : fields.entrySet()) {
                field(json, field.getKey(), field.getValue());
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.append('\n').toString();
    }

    /** The fields over several lines, for people. */
    static String pretty(Map<String, ?> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text).useDefaultPrettyPrinter()) {
            value(json, fields);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.append('\n').toString();
    }

    static Map<String, Object> report(Report report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("at", report.at());
        fields.put("level", report.level().name().toLowerCase(java.util.Locale.ROOT));
        put(fields, "kind", report.kind());
        put(fields, "deployment", report.deployment());
        put(fields, "service", report.service());
        put(fields, "instance", report.instance());
        fields.put("message", report.message());
        return fields;
    }

    static Map<String, Object> problem(Problem problem) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("severity", problem.isError() ? "error" : "warning");
        fields.put("file", problem.at().file());
        fields.put("line", problem.at().line());
        fields.put("column", problem.at().column());
        fields.put("message", problem.message());
        fields.put("excerpt", problem.excerpt());
        fields.put("hint", problem.hint());
        return fields;
    }

    static Map<String, Object> failure(Failure failure) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", failure.status().code());
        fields.put("message", failure.what());
        if (!failure.details().isEmpty()) {
            fields.put("details", failure.details());
        }
        fields.put("hint", failure.hint());
        if (failure instanceof InvalidInput invalid) {
            fields.put(
                    "problems",
                    invalid.problems().stream().map(JsonLines::problem).toList());
        }
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }

    private static void field(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        if (value instanceof Optional<?> optional) {
            if (optional.isPresent()) {
                field(json, name, optional.get());
            }
            return;
        }
        json.writeFieldName(name);
        value(json, value);
    }

    private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else if (value instanceof JsonNode tree) {
            json.writeRawValue(tree.toString());
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (var entry : map.entrySet()) {
                field(json, String.valueOf(entry.getKey()), entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Iterable<?> items) {
            json.writeStartArray();
            for (Object item : items) {
                value(json, item);
            }
            json.writeEndArray();
        } else {
            json.writeString(value.toString());
        }
    }
}
