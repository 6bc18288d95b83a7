package org.portolan.importer.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A command line split into words as a shell does, without running anything. */
public final class ShellWords {
    private ShellWords() {}

    /** The words; empty when a quote stays open. */
    public static Optional<List<String>> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escapes = c == '\\' && i + 1 < text.length();
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else if (escapes && quote == '"' && "\"\\$`\n".indexOf(text.charAt(i + 1)) >= 0) {
                    i++;
                    word.append(text.charAt(i));
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else if (escapes) {
                i++;
                if (text.charAt(i) != '\n') {
                    word.append(text.charAt(i));
                    inWord = true;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return quote == 0 ? Optional.of(words) : Optional.empty();
    }
}
