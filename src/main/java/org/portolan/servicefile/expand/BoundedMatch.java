package org.portolan.servicefile.expand;

import java.util.Optional;
import java.util.regex.Pattern;

/** Matches a foreign pattern with a bound on the work, so that one that backtracks for ever ends. */
final class BoundedMatch {
    private static final int MOST_STEPS = 500_000;

    private BoundedMatch() {}

    /** Whether the whole text matches; empty when that takes too long to find out. */
    static Optional<Boolean> matches(Pattern pattern, String text) {
        try {
            return Optional.of(pattern.matcher(new Counted(text)).matches());
        } catch (TooLong | StackOverflowError endless) {
            return Optional.empty();
        }
    }

    /** A text that counts how often it is looked at. */
    private static final class Counted implements CharSequence {
        private final String text;
        private int left = MOST_STEPS;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Ends a match. */
    private static final class TooLong extends RuntimeException {
        TooLong() {
            super("too long", null, false, false);
        }
    }
}
