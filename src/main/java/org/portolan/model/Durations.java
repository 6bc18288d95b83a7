package org.portolan.model;

import java.time.Duration;
import java.util.Optional;

/** Durations as people write them: {@code 250ms}, {@code 2s}, {@code 1m30s}, {@code 2h}. */
public final class Durations {
    private static final String[] UNITS = {"h", "m", "s", "ms"};
    private static final long[] UNIT_MILLIS = {3_600_000, 60_000, 1_000, 1};
    private static final int MAX_DIGITS = 9;

    private Durations() {}

    /** Reads a duration; empty when the text is not one (a bare number has no unit and is none, except {@code 0}). */
    public static Optional<Duration> parse(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        long millis = 0;
        int unit = -1;
        int at = 0;
        while (at < text.length()) {
            int digits = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            int word = at;
            while (at < text.length() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z') {
                at++;
            }
            int found = unit(text.substring(word, at));
            if (word == digits || word - digits > MAX_DIGITS || found <= unit) {
                return Optional.empty();
            }
            unit = found;
            millis += Long.parseLong(text.substring(digits, word)) * UNIT_MILLIS[unit];
        }
        return unit < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }

    /** The unit's place in the order of size, or -1. */
    private static int unit(String word) {
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(word)) {
                return i;
            }
        }
        return -1;
    }

    /** The shortest exact form: {@code 90s} is {@code 1m30s}, nothing is {@code 0s}. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.toString();
    }

    /** How long something took, for people: tenths of a second below a minute ({@code 4.8s}), whole seconds above. */
    public static String rough(Duration taken) {
        if (taken.toMinutes() > 0) {
            return format(Duration.ofSeconds(taken.toSeconds()));
        }
        return taken.toSeconds() + "." + taken.toMillisPart() / 100 + "s";
    }

    private static void append(StringBuilder text, long value, String unit) {
        if (value != 0) {
            text.append(value).append(unit);
        }
    }
}
