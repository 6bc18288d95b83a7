package org.portolan.model;

import java.util.function.IntPredicate;

/** Texts of others as a terminal may show them: they move no cursor, and look like no other characters. */
public final class PlainText {
    private PlainText() {}

    /** On one line. */
    public static String of(String text) {
        return plain(text, PlainText::odd);
    }

    /** With its own lines and tabs. */
    public static String lines(String text) {
        return plain(text, c -> c != '\n' && c != '\t' && odd(c));
    }

    private static String plain(String text, IntPredicate escaped) {
        if (text.codePoints().noneMatch(escaped)) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (escaped.test(c)) {
                plain.append(String.format("\\u%04x", c));
            } else {
                plain.appendCodePoint(c);
            }
        });
        return plain.toString();
    }

    private static boolean odd(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
