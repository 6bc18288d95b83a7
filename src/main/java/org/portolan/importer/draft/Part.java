package org.portolan.importer.draft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a Servicefile that is to be written. */
public sealed interface Part {

    /** A text, quoted where YAML needs it. */
    static Word text(String text) {
        return new Word(text, false);
    }

    /** A number or a boolean, as it is. */
    static Word plain(Object value) {
        return new Word(String.valueOf(value), true);
    }

    /** A number without quotes; a parameter that stands for one with them. */
    static Word number(String text) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.' || c == '-');
        return new Word(text, digits);
    }

    /** A list of texts. */
    static Items texts(List<String> texts) {
        return new Items(texts.stream().<Part>map(Part::text).toList());
    }

    /**
     * A single value.
     *
     * @param text in the Servicefile's language: parameters and macros in it are meant
     * @param plain whether it stands without quotes
     */
    record Word(String text, boolean plain) implements Part {}

    /** A list. */
    record Items(List<Part> items) implements Part {}

    /** A map in the order in which its keys were put, with comments above keys. */
    final class Fields implements Part {
        private final Map<String, Part> entries = new LinkedHashMap<>();
        private final Map<String, List<String>> comments = new LinkedHashMap<>();

        public Fields put(String key, Part value) {
            entries.put(key, value);
            return this;
        }

        public Fields put(String key, String text) {
            return put(key, Part.text(text));
        }

        public @Nullable Part get(String key) {
            return entries.get(key);
        }

        public void remove(String key) {
            entries.remove(key);
        }

        /** The map under a key, made when it is not there. */
        public Fields map(String key) {
            if (entries.get(key) instanceof Fields there) {
                return there;
            }
            Fields made = new Fields();
            entries.put(key, made);
            return made;
        }

        /** Adds an item to the list under a key. */
        public void add(String key, Part item) {
            List<Part> items = new ArrayList<>(entries.get(key) instanceof Items there ? there.items() : List.of());
            if (!items.contains(item)) {
                items.add(item);
            }
            entries.put(key, new Items(items));
        }

        /** A comment above a key. */
        public void comment(String key, String text) {
            comments.computeIfAbsent(key, none -> new ArrayList<>()).add(text);
        }

        public Map<String, Part> entries() {
            return entries;
        }

        public boolean isEmpty() {
            return entries.isEmpty();
        }

        List<String> comments(String key) {
            return comments.getOrDefault(key, List.of());
        }

        boolean commented() {
            return !comments.isEmpty();
        }
    }
}
