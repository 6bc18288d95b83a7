package org.portolan.importer.draft;

import java.util.HashMap;
import java.util.Map;

/** A file of variables such as {@code .env}, read only for what can be taken over: lines of {@code NAME=value}. */
public final class VariableFile {
    private VariableFile() {}

    /** Its variables; lines that are none are passed over. */
    public static Map<String, String> read(String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.split("\r?\n", -1)) {
            String trimmed = line.strip().replaceFirst("^export\\s+", "");
            int equals = trimmed.indexOf('=');
            if (equals > 0 && !trimmed.startsWith("#")) {
                values.put(
                        trimmed.substring(0, equals).strip(),
                        value(trimmed.substring(equals + 1).strip()));
            }
        }
        return values;
    }

    private static String value(String text) {
        char first = text.isEmpty() ? ' ' : text.charAt(0);
        if (first == '"' || first == '\'') {
            int end = text.indexOf(first, 1);
            String inner = end < 0 ? text.substring(1) : text.substring(1, end);
            return first == '"'
                    ? inner.replace("\\n", "\n").replace("\\\"", "\"").replace("\\$", "$")
                    : inner;
        }
        int comment = text.indexOf(" #");
        return comment < 0 ? text : text.substring(0, comment).strip();
    }
}
