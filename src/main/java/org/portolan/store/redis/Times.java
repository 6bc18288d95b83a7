package org.portolan.store.redis;

import java.time.Instant;
import org.portolan.json.StrictJson;

/**
 * Moments as {@code seconds.nanoseconds} since 1970, exact and readable. The JDK's own text form would load its formatters,
 * some twenty milliseconds in every command.
 */
final class Times {
    private static final int NANO_DIGITS = 9;

    private Times() {}

    static String write(Instant at) {
        String nanos = Integer.toString(at.getNano());
        return at.getEpochSecond() + "." + "0".repeat(NANO_DIGITS - nanos.length()) + nanos;
    }

    static Instant read(StrictJson node) {
        String text = node.text();
        int point = text.indexOf('.');
        try {
            if (point > 0 && text.length() - point - 1 == NANO_DIGITS) {
                return Instant.ofEpochSecond(
                        Long.parseLong(text.substring(0, point)), Integer.parseInt(text.substring(point + 1)));
            }
        } catch (NumberFormatException notNumber) {
            // Told below, as every other wrong form is.
        }
        throw node.wrong("a time, seconds.nanoseconds");
    }
}
