package org.portolan.importer.draft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** An env file that is to be written beside the Servicefile: secrets, one variable a line. */
public final class EnvFileDraft {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,=^~-]+");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> comments = new LinkedHashMap<>();

    public void put(String name, String value) {
        values.put(name, value);
    }

    /** A variable whose value is not known. */
    public void missing(String name, String why) {
        values.put(name, "");
        comments.put(name, why);
    }

    /** Whether another file says everything that this one does. */
    public boolean within(EnvFileDraft other) {
        return other.values.entrySet().containsAll(values.entrySet());
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** The number of variables. */
    public int size() {
        return values.size();
    }

    /** The file, in the dialect that Portolan and Compose read. */
    public String text() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> {
            String comment = comments.get(name);
            if (comment != null) {
                text.append("# ").append(comment).append('\n');
            }
            text.append(name).append('=').append(written(value)).append('\n');
        });
        return text.toString();
    }

    static String written(String value) {
        if (value.isEmpty() || PLAIN.matcher(value).matches()) {
            return value;
        }
        if (value.indexOf('\'') < 0 && value.indexOf('\\') < 0 && value.indexOf('\r') < 0) {
            return "'" + value + "'";
        }
        return "\""
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("$", "\\$")
                        .replace("\r", "\\r")
                        .replace("\n", "\\n")
                + "\"";
    }
}
