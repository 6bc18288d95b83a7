package org.portolan.model;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.portolan.model.Failure.Kind;

/**
 * Moments of the wall clock as cron writes them: minute, hour, day of the month, month, day of the week. Where both days are given
 * either is enough, as in cron. What a moment is in a time zone is not decided here.
 *
 * @param text as it was written
 * @param minutes a bit for each, as are the others
 * @param weekdays 0 is Sunday
 * @param anyDay whether every day of the month is meant, and only the weekday counts
 * @param anyWeekday whether every weekday is meant, and only the day of the month counts
 */
public record Cron(
        String text,
        long minutes,
        long hours,
        long days,
        long months,
        long weekdays,
        boolean anyDay,
        boolean anyWeekday) {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> WEEKDAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final int FIELDS = 5;
    private static final int MOST_LETTERS = 200;

    /** Days after which every date came once, the last of February of a leap year too. */
    private static final int CYCLE = 1461;

    private static final LocalDate BEGIN = LocalDate.of(2024, 1, 1);

    /**
     * Reads five fields of numbers, names, lists, ranges and steps.
     *
     * @throws Failure {@link Kind#INVALID} when it is none, or never comes
     */
    public static Cron parse(String text) {
        String[] fields = text.strip().split("\\s+", -1);
        if (fields.length != FIELDS || text.length() > MOST_LETTERS) {
            throw wrong("has five fields: minute, hour, day of the month, month, day of the week");
        }
        long weekdays = Field.WEEKDAY.bits(fields[4]);
        long sunday = weekdays >> 7 & 1;
        Cron cron = new Cron(
                text.strip(),
                Field.MINUTE.bits(fields[0]),
                Field.HOUR.bits(fields[1]),
                Field.DAY.bits(fields[2]),
                Field.MONTH.bits(fields[3]),
                (weekdays & 0x7f) | sunday,
                fields[2].startsWith("*"),
                fields[4].startsWith("*"));
        for (int day = 0; day < CYCLE; day++) {
            if (cron.on(BEGIN.plusDays(day))) {
                return cron;
            }
        }
        throw wrong("never comes: no month has that day");
    }

    private static Failure wrong(String what) {
        return new Failure(Kind.INVALID, what);
    }

    /** Whether it comes on a day. */
    public boolean on(LocalDate date) {
        boolean month = has(months, date.getMonthValue());
        boolean day = has(days, date.getDayOfMonth());
        boolean weekday = has(weekdays, date.getDayOfWeek().getValue() % 7);
        boolean both = anyDay || anyWeekday;
        return month && (both ? (day && weekday) : (day || weekday));
    }

    /** Whether it comes at a minute of the days on which it comes. */
    public boolean at(int hour, int minute) {
        return has(hours, hour) && has(minutes, minute);
    }

    private static boolean has(long bits, int number) {
        return (bits >> number & 1) == 1;
    }

    /** One of the five. */
    @SuppressWarnings("ImmutableEnumChecker") // The lists of names cannot be changed.
    private enum Field {
        MINUTE("minute", 0, 59, List.of()),
        HOUR("hour", 0, 23, List.of()),
        DAY("day of the month", 1, 31, List.of()),
        MONTH("month", 1, 12, MONTHS),
        /** 7 is Sunday as well. */
        WEEKDAY("day of the week", 0, 7, WEEKDAYS);

        private final String words;
        private final int least;
        private final int most;
        private final List<String> names;

        Field(String words, int least, int most, List<String> names) {
            this.words = words;
            this.least = least;
            this.most = most;
            this.names = names;
        }

        long bits(String text) {
            long bits = 0;
            for (String part : text.split(",", -1)) {
                bits |= part(part);
            }
            return bits;
        }

        private long part(String part) {
            int slash = part.indexOf('/');
            String range = slash < 0 ? part : part.substring(0, slash);
            int step = slash < 0 ? 1 : number(part.substring(slash + 1), 1, most);
            int first = least;
            int last = this == WEEKDAY ? most - 1 : most;
            if (!range.equals("*")) {
                int dash = range.indexOf('-');
                first = number(dash < 0 ? range : range.substring(0, dash), least, most);
                last = dash < 0 ? (slash < 0 ? first : last) : number(range.substring(dash + 1), least, most);
            }
            if (last < first) {
                throw wrong("has the " + words + " '" + part + "', which ends before it begins");
            }
            long bits = 0;
            for (int number = first; number <= last; number += step) {
                bits |= 1L << number;
            }
            return bits;
        }

        private int number(String text, int from, int to) {
            int name = names.indexOf(text.toLowerCase(Locale.ROOT));
            if (name >= 0) {
                return name + least;
            }
            boolean digits = !text.isEmpty()
                    && text.length() <= 2
                    && text.chars().allMatch(letter -> letter >= '0' && letter <= '9');
            int number = digits ? Integer.parseInt(text) : -1;
            if (number < from || number > to) {
                throw wrong("has the " + words + " '" + text + "'; it should be " + from + " to " + to
                        + (names.isEmpty() ? "" : " or a name such as " + names.get(1)));
            }
            return number;
        }
    }
}
