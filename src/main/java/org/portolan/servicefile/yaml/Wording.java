package org.portolan.servicefile.yaml;

import java.util.Collection;
import java.util.List;
import org.portolan.model.Nearest;

/** Wording that messages share. */
public final class Wording {
    private static final int LONGEST = 60;

    private Wording() {}

    /** A text as a message may hold it: one line, not long. */
    public static String clip(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && out.length() < LONGEST; i++) {
            char c = text.charAt(i);
            out.append(c == '\n' ? "⏎" : Character.isISOControl(c) ? "?" : String.valueOf(c));
        }
        return text.length() > LONGEST ? out + "…" : out.toString();
    }

    public static String quote(String text) {
        return "\"" + clip(text) + "\"";
    }

    /** {@code did you mean X? …}, or what is known where nothing is near. */
    public static String suggest(String word, Collection<String> known, String otherwise) {
        return Nearest.of(word, known).map(near -> "did you mean " + near + "?").orElse(otherwise);
    }

    /** {@code a, b or c}. */
    public static String either(List<String> words) {
        if (words.size() == 1) {
            return words.get(0);
        }
        return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.get(words.size() - 1);
    }
}
