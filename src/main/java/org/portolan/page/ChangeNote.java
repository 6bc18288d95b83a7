package org.portolan.page;

import java.util.List;

/**
 * What became of a change that who looks asked for.
 *
 * @param state in a word
 * @param text more of it
 */
public record ChangeNote(StateMark state, String text) {

    /** One that is not over. */
    public static ChangeNote running(String text) {
        return new ChangeNote(new StateMark("busy", "in progress"), text);
    }

    /** One that came to its end. */
    public static ChangeNote done(String text) {
        return new ChangeNote(new StateMark("ok", "done"), text);
    }

    /** One that stopped on the way. */
    public static ChangeNote stopped(String text) {
        return new ChangeNote(new StateMark("warn", "not done"), text);
    }

    /** One that failed. */
    public static ChangeNote failed(String text) {
        return new ChangeNote(new StateMark("bad", "failed"), text);
    }

    /** For templates. */
    static List<ChangeNote> all(java.util.Optional<ChangeNote> one) {
        return one.map(List::of).orElse(List.of());
    }
}
