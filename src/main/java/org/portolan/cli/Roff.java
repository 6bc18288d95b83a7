package org.portolan.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a manual page in the macros of man(7), made of plain texts in which {@code `…`} marks what is typed. */
final class Roff {
    private static final Pattern TYPED = Pattern.compile("`([^`]+)`");

    private final StringBuilder text = new StringBuilder();

    /**
     * Begins a page.
     *
     * @param date as it is shown in the footer
     * @param source the program and its version
     */
    Roff(String name, int section, String date, String source, String manual) {
        text.append(".TH ").append(quoted(upper(name))).append(' ').append(section);
        text.append(' ').append(quoted(date)).append(' ').append(quoted(source));
        text.append(' ').append(quoted(manual)).append('\n');
        // Left-aligned and without hyphens in words: what is typed is found and copied whole.
        text.append(".nh\n.ad l\n");
    }

    Roff section(String title) {
        text.append(".SH ").append(quoted(upper(title))).append('\n');
        return this;
    }

    Roff subsection(String title) {
        text.append(".SS ").append(quoted(title)).append('\n');
        return this;
    }

    /** A paragraph. */
    Roff paragraph(String words) {
        text.append(".PP\n").append(line(words));
        return this;
    }

    /** A line on its own, in the section's first paragraph. */
    Roff line(String words, boolean typed) {
        text.append(typed ? ".B " : "").append(typed ? quoted(words) + "\n" : line(words));
        return this;
    }

    /** An entry of a list: what is typed, and what it means. */
    Roff entry(String typed, String meaning) {
        text.append(".TP\n.B ").append(quoted(typed)).append('\n').append(line(meaning.isEmpty() ? "\u00a0" : meaning));
        return this;
    }

    /** Lines as they are, indented. */
    Roff literal(String lines) {
        text.append(".PP\n.nf\n.RS 4\n");
        lines.lines().forEach(each -> text.append(escaped(each)).append('\n'));
        text.append(".RE\n.fi\n");
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String line(String words) {
        Matcher typed = TYPED.matcher(words);
        StringBuilder out = new StringBuilder();
        int end = 0;
        while (typed.find()) {
            out.append(inline(words.substring(end, typed.start())));
            out.append("\\fB").append(inline(typed.group(1))).append("\\fR");
            end = typed.end();
        }
        out.append(inline(words.substring(end)));
        return guarded(out.toString()) + "\n";
    }

    /** One line of input. */
    private static String escaped(String line) {
        return guarded(inline(line));
    }

    /** A dot or an apostrophe at the beginning would be a request. */
    private static String guarded(String line) {
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }

    private static String inline(String words) {
        return words.replace("\\", "\\e").replace("-", "\\-").replace("\n", " ");
    }

    private static String quoted(String words) {
        return "\"" + inline(words).replace("\"", "\\(dq") + "\"";
    }

    private static String upper(String words) {
        return words.toUpperCase(java.util.Locale.ROOT);
    }
}
