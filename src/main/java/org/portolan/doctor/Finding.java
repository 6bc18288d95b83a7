package org.portolan.doctor;

import java.util.Optional;
import org.portolan.model.Remedy;

/**
 * What one check of {@code doctor} found.
 *
 * @param what what was looked at, one word or two
 * @param text what was found
 * @param advice what to do, when there is something
 */
public record Finding(Level level, String what, String text, Optional<Remedy> advice) {
    /** How bad it is. */
    public enum Level {
        OK,
        WARNING,
        FAULT
    }

    /** Whether something does not work. */
    public boolean isFault() {
        return level == Level.FAULT;
    }

    public static Finding ok(String what, String text) {
        return new Finding(Level.OK, what, text, Optional.empty());
    }

    public static Finding warning(String what, String text, String advice) {
        return warning(what, text, Remedy.of(advice));
    }

    public static Finding warning(String what, String text, Remedy advice) {
        return new Finding(Level.WARNING, what, text, Optional.of(advice));
    }

    public static Finding fault(String what, String text, String advice) {
        return fault(what, text, Remedy.of(advice));
    }

    public static Finding fault(String what, String text, Remedy advice) {
        return new Finding(Level.FAULT, what, text, Optional.of(advice));
    }
}
