package org.portolan.model.service;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.portolan.model.Nearest;

/**
 * The names in braces that are filled in when an instance is made: {@code {HOST}}, {@code {PORT_HTTP}},
 * {@code {REDIS_HOST}}. Only known names are, so that JSON and shell text pass untouched; a name in double braces is
 * none, and a backslash before a known one keeps it literal (and is removed).
 */
public final class Placeholders {
    /** Known only to services with a port; escaped, it is the same text in all of them. */
    private static final String PORT = "PORT";

    private Placeholders() {}

    /** The text with every known placeholder replaced by its value; values are not looked into. */
    public static String fill(String text, Map<String, String> known) {
        int brace = text.indexOf('{');
        if (brace < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 32);
        int copied = 0;
        while (brace >= 0) {
            int end = nameEnd(text, brace + 1);
            String name = end < 0 || doubled(text, brace, end) ? "" : text.substring(brace + 1, end);
            boolean escaped = brace > 0 && text.charAt(brace - 1) == '\\';
            String value = known.get(name);
            if (value == null && escaped && name.equals(PORT)) {
                value = name;
            }
            if (value == null) {
                brace = text.indexOf('{', brace + 1);
                continue;
            }
            out.append(text, copied, escaped ? brace - 1 : brace);
            out.append(escaped ? text.substring(brace, end + 1) : value);
            copied = end + 1;
            brace = text.indexOf('{', copied);
        }
        return out.append(text, copied, text.length()).toString();
    }

    /**
     * Names in braces that are not known but look like a slip of a known one, such as {@code {PROT}} or {@code {port}}.
     *
     * @return the name as written to the name that is probably meant, in the text's order
     */
    public static Map<String, String> nearMisses(String text, Collection<String> known) {
        Map<String, String> found = new LinkedHashMap<>();
        int brace = text.indexOf('{');
        while (brace >= 0) {
            int end = nameEnd(text, brace + 1);
            boolean escaped = brace > 0 && text.charAt(brace - 1) == '\\';
            if (end > 0 && !escaped && !doubled(text, brace, end)) {
                String name = text.substring(brace + 1, end);
                if (!known.contains(name)) {
                    Nearest.of(name, known).ifPresent(near -> found.put(name, near));
                }
            }
            brace = text.indexOf('{', brace + 1);
        }
        return found;
    }

    /** A service's or port's name as it stands in variables: {@code my-db} is {@code MY_DB}. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The index of the closing brace after a name that begins at {@code start}, or -1. */
    private static int nameEnd(String text, int start) {
        int at = start;
        while (at < text.length() && isNamePart(text.charAt(at), at == start)) {
            at++;
        }
        return at > start && at < text.length() && text.charAt(at) == '}' ? at : -1;
    }

    private static boolean doubled(String text, int brace, int end) {
        return brace > 0 && text.charAt(brace - 1) == '{' && end + 1 < text.length() && text.charAt(end + 1) == '}';
    }

    private static boolean isNamePart(char c, boolean first) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (!first && c >= '0' && c <= '9');
    }
}
