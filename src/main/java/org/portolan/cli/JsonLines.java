package org.portolan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonTree;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.model.event.Event;

/** Writes results, events and errors as JSON, one object a line, each with a {@code type}. Loaded only with {@code --json}. */
final class JsonLines {
    private JsonLines() {}

    /**
     * One line.
     *
     * @param fields maps, lists, strings, numbers, booleans, Optionals (an empty one is left out), else {@code toString()}
     */
    static String line(String type, Map<String, ?> fields) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("type", type);
        line.putAll(plain(fields));
        return JsonTree.text(line, false) + "\n";
    }

    /** The fields over several lines, for people. */
    static String pretty(Map<String, ?> fields) {
        return JsonTree.text(plain(fields), true) + "\n";
    }

    /** An event; one that is stored has all of the common fields, another only those that say something. */
    static Map<String, Object> event(Event event) {
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
        fields.put("status", ExitStatus.of(failure.kind()).code());
        fields.put("kind", failure.kind().name().toLowerCase(Locale.ROOT));
        fields.put("message", failure.what());
        if (!failure.details().isEmpty()) {
            fields.put("details", failure.details());
        }
        fields.put("hint", failure.remedy().map(Advice::text));
        if (failure instanceof InvalidInput invalid) {
            fields.put(
                    "problems",
                    invalid.problems().stream().map(JsonLines::problem).toList());
        }
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, String value, boolean always) {
        if (always || !value.isEmpty()) {
            fields.put(name, value);
        }
    }

    private static Map<String, @Nullable Object> plain(Map<?, ?> fields) {
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
        return switch (value) {
            case null -> null;
            case Integer number -> number;
            case Long number -> number;
            case Double number -> number;
            case Boolean flag -> flag;
            case Map<?, ?> map -> plain(map);
            case Iterable<?> items -> {
                List<@Nullable Object> list = new ArrayList<>();
                items.forEach(item -> list.add(plain(item)));
                yield list;
            }
            default -> value.toString();
        };
    }
}
