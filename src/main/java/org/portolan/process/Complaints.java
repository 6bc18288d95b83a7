package org.portolan.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a proxy says when it refuses its configuration or does not start, the cause first. */
public final class Complaints {
    private static final int MOST = 10;

    private Complaints() {}

    /**
     * The lines to show: errors first, as HAProxy ({@code [ALERT]}) and nginx ({@code [emerg]}, {@code [alert]},
     * {@code [crit]}, {@code [error]}) mark them, then what is not marked, then warnings; each kind in the order it was
     * said. Notices are left out.
     */
    public static List<String> of(String output) {
        List<String> errors = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<String> last = others;
        for (String line : output.split("\n", -1)) {
            if (line.isBlank()) {
                continue;
            }
            String mark = mark(line);
            last = switch (mark) {
                case "alert", "emerg", "crit", "error" -> errors;
                case "warning", "warn" -> warnings;
                case "notice", "info", "debug" -> new ArrayList<>();
                // HAProxy continues with an error on indented lines, such as the place in the file.
                default -> Character.isWhitespace(line.charAt(0)) ? last : others;
            };
            last.add(line.strip());
        }
        errors.addAll(others);
        errors.addAll(warnings);
        return List.copyOf(errors.subList(0, Math.min(MOST, errors.size())));
    }

    /** The first word in brackets, in lower case; "" without one. */
    private static String mark(String line) {
        int open = line.indexOf('[');
        int close = line.indexOf(']', open + 1);
        return open < 0 || close < 0
                ? ""
                : line.substring(open + 1, close).strip().toLowerCase(Locale.ROOT);
    }
}
