package org.portolan.importer.draft;

import org.portolan.model.Position;

/**
 * A line of an import's report.
 *
 * @param at the place in the input
 * @param kind what became of it
 * @param subject the key, as a path such as {@code services.web.develop}
 * @param text why, and what to do
 */
public record Remark(Position at, Kind kind, String subject, String text) {

    /** What became of a part of the input. */
    public enum Kind {
        /** It is not in the Servicefile. */
        LOST("not imported"),
        /** The Servicefile says it in another way, which differs in something. */
        CHANGED("changed"),
        /** A person has to do something before the first deploy. */
        TO_DO("to do");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    /** One line: place, key and text. */
    public String render() {
        return at + ": " + (subject.isEmpty() ? "" : subject + ": ") + text;
    }
}
