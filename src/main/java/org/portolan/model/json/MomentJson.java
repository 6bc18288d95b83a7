package org.portolan.model.json;

import java.time.DateTimeException;
import java.time.Instant;
import org.portolan.json.StrictJson;

/**
 * Moments as {@code seconds.nanoseconds} since 1970, exact and readable. The JDK's own text form would load its formatters,
 * some twenty milliseconds in every command.
 */
public final class MomentJson {
    private static final int NANO_DIGITS = 9;

    private MomentJson() {}

    public static String write(Instant at) {
        String nanos = Integer.toString(at.getNano());
        return at.getEpochSecond() + "." + "0".repeat(NANO_DIGITS - nanos.length()) + nanos;
    }

    public static Instant read(StrictJson node) {
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

    /** Reads one as programs are shown it: {@code 2026-11-28T05:00:00Z}. */
    public static Instant parse(StrictJson node) {
        try {
            return Instant.parse(node.text());
        } catch (DateTimeException otherForm) {
            throw node.wrong("a time");
        }
    }
}
