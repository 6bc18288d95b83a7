package org.portolan.servicefile.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;

/** A value of a Servicefile with its place: the document before anything is known about its meaning. */
public sealed interface YamlNode {
    Position at();

    /** The kind of value, for messages. */
    String kind();

    /**
     * A single value. Its text is taken raw: {@code no}, {@code 1.10} and {@code 0644} stay what was written.
     *
     * @param text what it says, parameters expanded
     * @param shown what messages may say of it: never a secret
     * @param plain whether it was written without quotes and without parameters
     * @param filled whether a parameter or macro was filled in
     * @param unresolved whether a parameter in it has no value, which was reported already
     * @param secret whether what was filled in is a secret
     * @param endLine the line of its end, from 1
     * @param endColumn the column after its end, from 1
     */
    record Scalar(
            String text,
            String shown,
            boolean plain,
            boolean filled,
            boolean unresolved,
            boolean secret,
            Position at,
            int endLine,
            int endColumn)
            implements YamlNode {
        public static Scalar of(String text, Position at) {
            return new Scalar(text, text, false, false, false, false, at, at.line(), at.column());
        }

        /** Whether it says that there is no value. */
        public boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }

        public Scalar expanded(String value, String visible) {
            return new Scalar(value, visible, false, true, false, secret, at, endLine, endColumn);
        }

        public Scalar holdingSecret() {
            return new Scalar(text, shown, plain, filled, unresolved, true, at, endLine, endColumn);
        }

        public Scalar unresolvedCopy() {
            return new Scalar(text, shown, false, true, true, secret, at, endLine, endColumn);
        }

        @Override
        public String kind() {
            return isNull() ? "nothing" : "a single value";
        }

        @Override
        public String toString() {
            return shown;
        }
    }

    /** A list. */
    record Sequence(List<YamlNode> items, Position at) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A map in the order of the file, no key twice. */
    record Mapping(List<Entry> entries, Position at) implements YamlNode {
        public @Nullable YamlNode get(String key) {
            Entry entry = entry(key);
            return entry == null ? null : entry.value();
        }

        public @Nullable Entry entry(String key) {
            for (Entry entry : entries) {
                if (entry.key().text().equals(key)) {
                    return entry;
                }
            }
            return null;
        }

        @Override
        public String kind() {
            return "a map";
        }
    }

    /** A key with its value. */
    record Entry(Scalar key, YamlNode value) {}

    /** Whether a node stands for "nothing written here". */
    static boolean isNull(@Nullable YamlNode node) {
        return node == null || (node instanceof Scalar scalar && (scalar.isNull() || scalar.unresolved()));
    }
}
