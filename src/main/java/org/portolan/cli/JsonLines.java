package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonTree;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.model.event.Event;
import org.portolan.query.json.JsonFields;

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
        line.putAll(JsonFields.plain(fields));
        return JsonTree.text(line, false) + "\n";
    }

    /** The fields over several lines, for people. */
    static String pretty(Map<String, ?> fields) {
        return JsonTree.text(JsonFields.plain(fields), true) + "\n";
    }

    static Map<String, Object> event(Event event) {
        return JsonFields.event(event);
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
}
