package org.portolan.config;

import java.util.ArrayList;
import java.util.List;
import org.portolan.model.Position;

/**
 * One value as it was written, in the file or in a variable.
 *
 * @param path sections and key joined by dots
 * @param items one for a single value, any number for a list
 */
record ConfigEntry(String path, List<String> items, Position at) {

    /** The items, of which each may be several words separated by commas; without empty ones. */
    List<String> words() {
        return words(items);
    }

    static List<String> words(List<String> items) {
        List<String> words = new ArrayList<>();
        for (String item : items) {
            for (String word : item.split(",", -1)) {
                if (!word.isBlank()) {
                    words.add(word.strip());
                }
            }
        }
        return words;
    }
}
