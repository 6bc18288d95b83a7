package org.portolan.servicefile.decode;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;
import org.portolan.servicefile.format.EnvShape;
import org.portolan.servicefile.format.Interpolation;
import org.portolan.servicefile.format.Names;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Problems;
import org.portolan.servicefile.yaml.Wording;

/**
 * A file of variables in the dialect of Compose's env files: {@code NAME=value} a line, comments, single and double
 * quotes that may span lines. Nothing is interpolated, so that a password may hold a dollar.
 */
final class EnvFile {
    /** The letters that mean another character after a backslash in double quotes, and what they mean. */
    private static final String ESCAPES = "abfnrtv\"\\$";

    private static final String MEANINGS = "\u0007\b\f\n\r\t\u000b\"\\$";

    private final String shown;
    private final String text;
    private final Problems problems;
    private int at;
    private int line = 1;
    private int lineStart;

    private EnvFile(Reading.FileText file, Problems problems) {
        this.shown = file.shown();
        this.text = file.text().replace("\r\n", "\n");
        this.problems = problems;
    }

    /** Adds the file's variables; every value is a secret. Faults name the place, and never show the file's text. */
    static void read(Reading.FileText file, Map<String, Object> env, Problems problems) {
        EnvFile reader = new EnvFile(file, problems);
        while (reader.skipToLine()) {
            reader.assignment(env);
        }
    }

    /** Moves to the first character of the next line that says something; false at the end. */
    private boolean skipToLine() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                skipLine();
            } else if (c == '\n') {
                newLine();
            } else if (Character.isWhitespace(c)) {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private void assignment(Map<String, Object> env) {
        Position start = position(at);
        int nameStart = at;
        while (at < text.length() && "=:\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String name = text.substring(nameStart, at).strip();
        if (name.startsWith("export ") || name.startsWith("export\t")) {
            name = name.substring("export ".length()).strip();
        }
        boolean assigned = at < text.length() && text.charAt(at) != '\n';
        if (!assigned || Names.checkVariable(name) != null) {
            problems.error(
                    start, "expected NAME=value in the env file", "the line is not shown because it may hold a secret");
            skipLine();
            return;
        }
        at++;
        skipBlanks();
        char first = at < text.length() ? text.charAt(at) : '\n';
        String value = first == '"' || first == '\'' ? quoted(first, name) : unquoted();
        if (value == null) {
            return;
        }
        if (value.indexOf('\0') >= 0) {
            problems.error(start, "a variable cannot contain the character U+0");
            return;
        }
        if (EnvShape.tooLong(name, value)) {
            problems.error(
                    start, "the variable " + Wording.clip(name) + " is " + EnvShape.TOO_LONG, EnvShape.TOO_LONG_ADVICE);
            return;
        }
        if (first != '\'' && Interpolation.named(value) != null) {
            problems.warning(
                    start,
                    "the value of " + Wording.clip(name) + " contains ${…}, which is not substituted",
                    "env files are not interpolated; to keep it as written, use single quotes");
        }
        env.put(name, Map.of("secret", value));
    }

    private String unquoted() {
        int start = at;
        int end = text.indexOf('\n', at);
        end = end < 0 ? text.length() : end;
        for (int i = start; i < end; i++) {
            boolean afterBlank = i == start || Character.isWhitespace(text.charAt(i - 1));
            if (text.charAt(i) == '#' && afterBlank) {
                end = i;
            }
        }
        at = end;
        skipLine();
        return text.substring(start, end).strip();
    }

    /** The text up to the closing quote; null when there is none, or when more than a comment follows it. */
    private @Nullable String quoted(char quote, String name) {
        Position opening = position(at++);
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at);
            if (c == '\n') {
                newLine();
                value.append('\n');
                continue;
            }
            at++;
            if (c != '\\' || at == text.length()) {
                value.append(c);
                continue;
            }
            char next = text.charAt(at);
            int known = quote == '"' ? ESCAPES.indexOf(next) : -1;
            if (known >= 0 || next == quote) {
                value.append(known >= 0 ? MEANINGS.charAt(known) : quote);
                at++;
            } else {
                value.append(c);
            }
        }
        if (at == text.length()) {
            problems.error(
                    opening,
                    "the value of " + Wording.clip(name) + " has an unclosed quote",
                    "close it, or use the other kind of quotes");
            return null;
        }
        at++;
        skipBlanks();
        if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '#') {
            problems.error(
                    position(at),
                    "text after the closing quote of " + Wording.clip(name),
                    "only a comment may follow; write a quote inside the value as \\" + quote);
            skipLine();
            return null;
        }
        skipLine();
        return value.toString();
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) != '\n' && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private void skipLine() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
        if (end >= 0) {
            newLine();
        }
    }

    private void newLine() {
        at++;
        line++;
        lineStart = at;
    }

    private Position position(int index) {
        return new Position(shown, line, text.codePointCount(lineStart, index) + 1);
    }
}
