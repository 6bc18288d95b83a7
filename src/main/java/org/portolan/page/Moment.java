package org.portolan.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.portolan.model.LocalTimes;

/**
 * A point in time as a page shows it.
 *
 * @param text as people read it where it stands
 * @param machine as programs read it
 * @param full with its date and its zone, for whoever points at it
 */
public record Moment(String text, String machine, String full) {
    private static final int DAYS = 14;

    /** With its date. */
    public static Moment at(Instant at) {
        return of(at, LocalTimes.toTheSecond(zoned(at)));
    }

    /** Where the date is said elsewhere. */
    public static Moment clock(Instant at) {
        String whole = LocalTimes.toTheSecond(zoned(at));
        return of(at, whole.substring(whole.indexOf(' ') + 1));
    }

    /** How long ago it is. */
    public static Moment ago(Instant at, Instant now) {
        Duration past = Duration.between(at, now);
        String text = past.toMinutes() < 1
                ? "just now"
                : past.toHours() < 1
                        ? past.toMinutes() + " min ago"
                        : past.toDays() < 1
                                ? past.toHours() + " h ago"
                                : past.toDays() < DAYS
                                        ? past.toDays() + (past.toDays() == 1 ? " day ago" : " days ago")
                                        : zoned(at).toLocalDate().toString();
        return of(at, text);
    }

    private static Moment of(Instant at, String text) {
        ZonedDateTime zoned = zoned(at);
        String offset = zoned.getOffset().getId();
        return new Moment(
                text, at.toString(), LocalTimes.toTheSecond(zoned) + (offset.equals("Z") ? " UTC" : " UTC" + offset));
    }

    private static ZonedDateTime zoned(Instant at) {
        return at.atZone(ZoneId.systemDefault());
    }
}
