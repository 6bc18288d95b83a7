package org.portolan.servicefile;

import java.util.Map;
import org.portolan.model.Position;

/** A file of variables: {@code NAME=value} a line, {@code #} begins a comment line, quotes around a value are taken off. */
final class EnvFile {
    private EnvFile() {}

    /** Adds the file's variables; every value is a secret. Faults name the line, and never show its text. */
    static void read(Reading.FileText file, Map<String, Object> env, Problems problems) {
        int number = 0;
        int start = 0;
        String text = file.text();
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            String line = text.substring(start, end).strip();
            number++;
            start = end + 1;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("export ")) {
                line = line.substring("export ".length()).strip();
            }
            int equals = line.indexOf('=');
            String name = equals < 0 ? "" : line.substring(0, equals).strip();
            if (name.isEmpty() || Names.checkVariable(name) != null) {
                problems.error(
                        new Position(file.shown(), number, 1),
                        "expected NAME=value in the env file",
                        "the line is not shown: it may hold a secret");
                continue;
            }
            String value = line.substring(equals + 1).strip();
            if (value.indexOf('\0') >= 0) {
                problems.error(new Position(file.shown(), number, 1), "a variable cannot hold the character U+0");
                continue;
            }
            env.put(name, Map.of("secret", unquote(value)));
        }
    }

    private static String unquote(String value) {
        if (value.length() < 2) {
            return value;
        }
        char quote = value.charAt(0);
        if ((quote != '"' && quote != '\'') || value.charAt(value.length() - 1) != quote) {
            return value;
        }
        String inner = value.substring(1, value.length() - 1);
        if (quote == '\'' || inner.indexOf('\\') < 0) {
            return inner;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (c == '\\' && i + 1 < inner.length()) {
                char next = inner.charAt(++i);
                switch (next) {
                    case 'n' -> out.append('\n');
                    case 't' -> out.append('\t');
                    case '"', '\\', '$' -> out.append(next);
                    default -> out.append(c).append(next);
                }
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
