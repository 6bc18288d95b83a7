package org.portolan.importer.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes parts as YAML for people: what fits on a line in flow style, everything else as a block. */
final class PartWriter {
    private static final int WIDTH = 110;

    private final StringBuilder out = new StringBuilder();

    void comment(int depth, String text) {
        for (String line : text.split("\n", -1)) {
            out.append("  ".repeat(depth)).append("# ").append(line).append('\n');
        }
    }

    void blank() {
        out.append('\n');
    }

    void line(String text) {
        out.append(text).append('\n');
    }

    /** A key with its value. */
    void entry(int depth, String key, Part value) {
        String indent = "  ".repeat(depth);
        String start = indent + word(new Part.Word(key, false)) + ":";
        String flow = flow(value);
        boolean small = flow != null && start.length() + 1 + flow.length() <= WIDTH;
        switch (value) {
            case Part.Word word
            when isBlockText(word.text()) -> {
                out.append(start).append(word.text().endsWith("\n") ? " |\n" : " |-\n");
                word.text().stripTrailing().lines().forEach(line -> out.append(line.isEmpty() ? "" : indent + "  ")
                        .append(line)
                        .append('\n'));
            }
            case Part.Word word -> out.append(start).append(' ').append(flow).append('\n');
            case Part.Items items
            when !small && !items.items().isEmpty() -> {
                out.append(start).append('\n');
                items.items().forEach(item -> item(depth + 1, item));
            }
            case Part.Fields fields
            when (!small || fields.commented()) && !fields.isEmpty() -> {
                out.append(start).append('\n');
                fields(depth + 1, fields);
            }
            default -> out.append(start).append(' ').append(flow).append('\n');
        }
    }

    void fields(int depth, Part.Fields fields) {
        fields.entries().forEach((key, value) -> {
            fields.comments(key).forEach(text -> comment(depth, text));
            entry(depth, key, value);
        });
    }

    private void item(int depth, Part item) {
        String indent = "  ".repeat(depth);
        String flow = flow(item);
        if (flow != null && (indent.length() + flow.length() + 2 <= WIDTH || item instanceof Part.Word)) {
            out.append(indent).append("- ").append(flow).append('\n');
            return;
        }
        PartWriter inner = new PartWriter();
        if (item instanceof Part.Fields fields) {
            inner.fields(depth + 1, fields);
        } else if (item instanceof Part.Items items) {
            items.items().forEach(below -> inner.item(depth + 1, below));
        }
        out.append(indent).append("- ").append(inner.out.toString().stripLeading());
    }

    /** The value on one line; null when it has comments. */
    private static @org.jspecify.annotations.Nullable String flow(Part value) {
        List<String> words = new ArrayList<>();
        switch (value) {
            case Part.Word word -> {
                return word(word);
            }
            case Part.Items items -> {
                for (Part item : items.items()) {
                    String flow = flow(item);
                    if (flow == null) {
                        return null;
                    }
                    words.add(flow);
                }
                return "[" + String.join(", ", words) + "]";
            }
            case Part.Fields fields -> {
                if (fields.commented()) {
                    return null;
                }
                for (Map.Entry<String, Part> entry : fields.entries().entrySet()) {
                    String flow = flow(entry.getValue());
                    if (flow == null) {
                        return null;
                    }
                    words.add(word(new Part.Word(entry.getKey(), false)) + ": " + flow);
                }
                return "{" + String.join(", ", words) + "}";
            }
        }
    }

    /** A text of several lines that a block keeps as it is. */
    private static boolean isBlockText(String text) {
        String body = text.stripTrailing();
        if (body.indexOf('\n') < 0 || body.startsWith(" ") || text.length() - body.length() > 1) {
            return false;
        }
        boolean clean = body.lines().noneMatch(line -> line.endsWith(" "));
        return clean && body.chars().allMatch(c -> c == '\n' || (c >= ' ' && c != 0x7f));
    }

    /** The value as text, to compare it. */
    static String shown(Part value) {
        PartWriter out = new PartWriter();
        out.entry(0, "x", value);
        return out.toString();
    }

    static String word(Part.Word word) {
        String text = word.text();
        return word.plain() || isPlain(text) ? text : quoted(text);
    }

    private static boolean isPlain(String text) {
        if (text.isEmpty() || looksTyped(text) || text.endsWith(":") || text.endsWith(" ")) {
            return false;
        }
        char first = text.charAt(0);
        boolean option = first == '-' && text.length() > 1 && text.charAt(1) != ' ' && !text.startsWith("---");
        if ((!option && !isLetterOrDigit(first) && "/._$+".indexOf(first) < 0) || text.startsWith("...")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean inner = "/._-$+@=~%();<>^".indexOf(c) >= 0;
            boolean colon = c == ':' && i + 1 < text.length() && text.charAt(i + 1) != ' ';
            boolean blank = c == ' ' && i + 1 < text.length() && text.charAt(i + 1) != ' ';
            if (!isLetterOrDigit(c) && !inner && !colon && !blank) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Whether YAML takes the text for a number, a boolean, a time or nothing. */
    private static boolean looksTyped(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean digits = text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.:_eExX".indexOf(c) >= 0)
                && text.chars().anyMatch(c -> c >= '0' && c <= '9');
        return digits
                || switch (lower) {
                    case "true", "false", "null", "yes", "no", "on", "off", "y", "n", ".nan", ".inf" -> true;
                    default -> lower.startsWith("0x") || lower.startsWith("0o");
                };
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (c < ' ' || c == 0x7f || c == 0x85 || c == 0xa0 || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
