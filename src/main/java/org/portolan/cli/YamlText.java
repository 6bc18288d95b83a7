package org.portolan.cli;

import java.util.Map;

/** Writes a tree of maps, lists and values as YAML, for people. Texts that could be read as something else are quoted. */
final class YamlText {
    private YamlText() {}

    static String of(Map<String, ?> tree) {
        StringBuilder text = new StringBuilder();
        map(tree, 0, text);
        return text.toString();
    }

    private static void map(Map<?, ?> tree, int depth, StringBuilder text) {
        for (Map.Entry<?, ?> entry : tree.entrySet()) {
            text.append("  ".repeat(depth))
                    .append(scalar(String.valueOf(entry.getKey())))
                    .append(':');
            value(entry.getValue(), depth, text);
        }
    }

    private static void value(Object value, int depth, StringBuilder text) {
        if (value instanceof Map<?, ?> map) {
            text.append(map.isEmpty() ? " {}\n" : "\n");
            map(map, depth + 1, text);
        } else if (value instanceof Iterable<?> items) {
            boolean empty = !items.iterator().hasNext();
            text.append(empty ? " []\n" : "\n");
            for (Object item : items) {
                item(item, depth + 1, text);
            }
        } else {
            text.append(' ')
                    .append(value instanceof String word ? scalar(word) : String.valueOf(value))
                    .append('\n');
        }
    }

    private static void item(Object item, int depth, StringBuilder text) {
        text.append("  ".repeat(depth)).append('-');
        if (item instanceof Map<?, ?> map && !map.isEmpty()) {
            StringBuilder inner = new StringBuilder();
            map(map, depth + 1, inner);
            text.append(' ').append(inner.toString().stripLeading());
        } else {
            value(item, depth, text);
        }
    }

    private static String scalar(String word) {
        return plain(word) ? word : quoted(word);
    }

    /** Words that begin with a letter or a slash and hold nothing that YAML gives a meaning. */
    private static boolean plain(String word) {
        if (word.isEmpty() || !(Character.isLetter(word.charAt(0)) || word.charAt(0) == '/' || word.charAt(0) == '•')) {
            return false;
        }
        for (int index = 0; index < word.length(); index++) {
            char letter = word.charAt(index);
            boolean colonInside = letter == ':' && index + 1 < word.length() && word.charAt(index + 1) != ' ';
            if (!Character.isLetterOrDigit(letter) && "-_./@•".indexOf(letter) < 0 && !colonInside) {
                return false;
            }
        }
        return switch (word.toLowerCase(java.util.Locale.ROOT)) {
            case "true", "false", "null", "yes", "no", "on", "off", "y", "n" -> false;
            default -> true;
        };
    }

    private static String quoted(String word) {
        StringBuilder text = new StringBuilder("\"");
        for (int index = 0; index < word.length(); index++) {
            char letter = word.charAt(index);
            switch (letter) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> {
                    if (letter < ' ') {
                        text.append("\\x")
                                .append(Character.forDigit(letter >> 4, 16))
                                .append(Character.forDigit(letter & 15, 16));
                    } else {
                        text.append(letter);
                    }
                }
            }
        }
        return text.append('"').toString();
    }
}
