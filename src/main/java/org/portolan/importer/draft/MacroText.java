package org.portolan.importer.draft;

import java.util.regex.Pattern;

/**
 * Macros in a text that other tools expand before it is YAML: {@code %%NAME%%}, and Ruby's {@code <%= ENV["NAME"] %>}. They
 * are marked with characters that YAML takes anywhere, and written as Portolan's macros in the end.
 */
public final class MacroText {
    private static final char OPEN = '\uE000';
    private static final char CLOSE = '\uE001';
    private static final Pattern MACRO = Pattern.compile("%%(\\w+)%%");
    private static final Pattern RUBY =
            Pattern.compile("<%=\\s*ENV(?:\\.fetch\\(|\\[)\\s*[\"'](\\w+)[\"']\\s*[\\])]\\s*%>");
    private static final Pattern OTHER_RUBY = Pattern.compile("<%[^\\n]*?%>");
    /** A line that is a statement of Ruby, and not part of the YAML. */
    private static final Pattern STATEMENT = Pattern.compile("(?m)^[ \\t]*<%(?!=)[^\\n]*%>[ \\t]*$");
    /** Stands for a blank in an expression of Ruby, which YAML could take for the end of a key. */
    private static final char BLANK = '\uE002';

    private static final Pattern MARKED = Pattern.compile(OPEN + "+(\\w+)" + CLOSE + "+");

    private MacroText() {}

    /** The text with macros marked; columns stay where they are. */
    public static String mark(String text) {
        return MACRO.matcher(text).replaceAll("" + OPEN + OPEN + "$1" + CLOSE + CLOSE);
    }

    /** The text with macros of Ruby marked. */
    public static String markRuby(String text) {
        String marked = RUBY.matcher(text).replaceAll(found -> {
            int rest = found.group().length() - found.group(1).length();
            String open = String.valueOf(OPEN).repeat(rest / 2);
            return open + found.group(1) + String.valueOf(CLOSE).repeat(rest - rest / 2);
        });
        String plain = STATEMENT
                .matcher(marked)
                .replaceAll(found -> "#" + " ".repeat(found.group().length() - 1));
        return OTHER_RUBY
                .matcher(plain)
                .replaceAll(found ->
                        java.util.regex.Matcher.quoteReplacement(found.group().replace(' ', BLANK)));
    }

    /** Whether the line is a statement of Ruby. */
    public static boolean isStatement(String line) {
        return STATEMENT.matcher(line).matches();
    }

    /** A text of the input in the Servicefile's language: its macros are macros, everything else is meant as it stands. */
    public static String fill(String text) {
        return MARKED.matcher(Naming.literal(text.replace(BLANK, ' '))).replaceAll("%%$1%%");
    }

    /** Whether a marked macro is in the text. */
    public static boolean varies(String text) {
        return text.indexOf(OPEN) >= 0;
    }

    /** The names of the macros in a text, for people: {@code %%NAME%%}. */
    public static String shown(String text) {
        return MARKED.matcher(text.replace(BLANK, ' ')).replaceAll("%%$1%%");
    }
}
