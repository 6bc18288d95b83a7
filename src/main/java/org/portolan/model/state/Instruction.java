package org.portolan.model.state;

import java.time.Instant;

/**
 * What a person decided about a source or a deployment and what holds until somebody or something ends it. It cannot be observed:
 * one that is lost has to be given again.
 *
 * @param name of the deployment, or what the configuration calls the source
 * @param about which of several of this kind, such as {@code scale web}; "" where there is one only
 * @param who decided
 * @param at when it was decided
 * @param what in words: the reason that was given, what was agreed to, what was changed; "" for none
 * @param asks what was agreed to, as {@link Standing#asks}; "" for others
 */
public record Instruction(
        Kind kind,
        Standing.Subject subject,
        String name,
        String about,
        String who,
        Instant at,
        String what,
        String asks) {

    /** What was decided. */
    public enum Kind {
        /** The controller leaves it alone. */
        SUSPENDED("suspended"),
        /** What needs consent, and was shown, may be done once. */
        APPROVED("approved"),
        /** It is otherwise than the files say, since a person changed it through Portolan. */
        BY_HAND("by-hand");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As it is written in the store and in JSON. */
        public String word() {
            return word;
        }
    }

    /** Whether the other is about the same, and takes its place. */
    public boolean sameAs(Instruction other) {
        return kind == other.kind && subject == other.subject && name.equals(other.name) && about.equals(other.about);
    }

    /** Whether it is about this source or deployment. */
    public boolean isOf(Standing.Subject which, String called) {
        return subject == which && name.equals(called);
    }
}
