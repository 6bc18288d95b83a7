package org.portolan.model;

import java.time.ZonedDateTime;

/** Points in time as people read them. */
public final class LocalTimes {
    private LocalTimes() {}

    /** {@code 2026-11-01 09:05:00}, in the zone of the given time. */
    public static String toTheSecond(ZonedDateTime time) {
        return time.toLocalDate() + " " + two(time.getHour()) + ":" + two(time.getMinute()) + ":"
                + two(time.getSecond());
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : String.valueOf(number);
    }
}
