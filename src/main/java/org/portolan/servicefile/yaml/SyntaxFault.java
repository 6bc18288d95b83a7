package org.portolan.servicefile.yaml;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says in plain words what the YAML parser found, without the text that it quotes. */
final class SyntaxFault {
    /** Where a value or key begins that YAML reads as something else unless it is in quotes. */
    private static final Pattern UNQUOTED = Pattern.compile(
            "(?:^\\s*|[:?-]\\s+|[\\[,{]\\s*)(\\{\\{\\s*([\\w-]*)\\s*}?}?|%%?(\\w*)%?%?|[@`]|\\*(?=[.*/\\s:]|$))");

    private static final Pattern BRACES = Pattern.compile("\\{\\{\\s*([\\w-]*)");

    private SyntaxFault() {}

    /** A text that must be in quotes: its column, what is wrong with it, what to write. */
    record Unquoted(int column, String what, String hint) {}

    /** The last text at or before a column (both from 1) that must be in quotes and is not. */
    static Optional<Unquoted> unquoted(String line, int column) {
        Matcher matcher = UNQUOTED.matcher(line);
        Optional<Unquoted> found = Optional.empty();
        int from = 0;
        while (matcher.find(from) && matcher.start(1) < Math.max(column, matcher.end(1))) {
            String text = matcher.group(1);
            int at = line.codePointCount(0, matcher.start(1)) + 1;
            if (text.startsWith("{{")) {
                found = Optional.of(quotes(at, "{{", "{{" + named(matcher.group(2), "name") + "}}"));
            } else if (text.startsWith("%")) {
                found = Optional.of(quotes(at, "%", "%%" + named(matcher.group(3), "NAME") + "%%"));
            } else {
                found = Optional.of(quotes(at, text, text.equals("*") ? host(line, matcher.start(1)) : text + "…"));
            }
            from = matcher.end(1);
        }
        return found;
    }

    /** Two braces that open at a column, or just before it: YAML reads a map in a map. */
    static Optional<Unquoted> braces(String line, int column) {
        int at = line.offsetByCodePoints(0, Math.min(column - 1, line.codePointCount(0, line.length())));
        for (int start : new int[] {at - 1, at}) {
            Matcher matcher = BRACES.matcher(line);
            if (start >= 0 && matcher.find(start) && matcher.start() == start) {
                return Optional.of(
                        quotes(line.codePointCount(0, start) + 1, "{{", "{{" + named(matcher.group(1), "name") + "}}"));
            }
        }
        return Optional.empty();
    }

    /** The word at a place that begins with a star: a host's name. */
    private static String host(String line, int start) {
        int end = start + 1;
        while (end < line.length()
                && (CharacterSets.isLetter(line.charAt(end)) || ".-".indexOf(line.charAt(end)) >= 0)) {
            end++;
        }
        return Wording.clip(line.substring(start, end));
    }

    private static Unquoted quotes(int column, String start, String text) {
        return new Unquoted(
                column, "text that begins with " + start + " must be quoted", "put it in quotes: \"" + text + "\"");
    }

    private static String named(@Nullable String name, String otherwise) {
        return name == null || name.isEmpty() ? otherwise : Wording.clip(name);
    }

    static String describe(MarkedYAMLException fault) {
        String problem = fault.getProblem() == null ? "cannot be read" : firstLine(fault.getProblem());
        String context = fault.getContext() == null ? "" : firstLine(fault.getContext());
        String place = fault.getContextMark() == null || context.isEmpty()
                ? ""
                : " (" + context + " that starts at line "
                        + (fault.getContextMark().getLine() + 1) + ")";
        if (problem.contains("'\\t'") || problem.contains("\\t(TAB)")) {
            return "tabs cannot be used for indentation in YAML: use spaces";
        }
        return "YAML syntax: " + problem + place;
    }

    /** Whether something was left open until the text's end. */
    static boolean atTheEnd(MarkedYAMLException fault) {
        String problem = fault.getProblem();
        return problem != null && (problem.contains("end of stream") || problem.contains("<stream end>"));
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }
}
