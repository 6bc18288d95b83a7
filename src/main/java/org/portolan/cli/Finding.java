package org.portolan.cli;

import java.util.Optional;

/**
 * What one check of {@code doctor} found.
 *
 * @param what what was looked at, one word or two
 * @param text what was found
 * @param advice what to do, when there is something
 */
record Finding(Level level, String what, String text, Optional<String> advice) {
    /** How bad it is. */
    enum Level {
        OK,
        WARNING,
        FAULT
    }

    static Finding ok(String what, String text) {
        return new Finding(Level.OK, what, text, Optional.empty());
    }

    static Finding warning(String what, String text, String advice) {
        return new Finding(Level.WARNING, what, text, Optional.of(advice));
    }

    static Finding fault(String what, String text, String advice) {
        return new Finding(Level.FAULT, what, text, Optional.of(advice));
    }
}
