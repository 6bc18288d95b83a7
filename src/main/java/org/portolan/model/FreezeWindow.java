package org.portolan.model;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;

/**
 * A time that comes again and again in which nothing new is deployed. It is one of the wall clock: from Friday 18:00 for 62 hours is until
 * Monday 08:00, also in the nights in which the clock is changed. A moment that such a night leaves out is the one at which the clock is
 * put forward; of one that comes twice a window begins at the first and ends at the second.
 *
 * @param name what the configuration calls it
 * @param from when it begins
 * @param lasts how long, at most {@link #LONGEST}
 * @param zone whose wall clock is meant
 * @param deployments names that it holds for, with {@code *} for any letters
 * @param reason why, for people; "" for none
 */
public record FreezeWindow(
        String name, Cron from, Duration lasts, ZoneId zone, List<String> deployments, String reason) {
    /** What a window lasts at most: it is sought backwards day by day. */
    public static final Duration LONGEST = Duration.ofDays(92);

    private static final int HOURS = 24;
    private static final int MINUTES = 60;

    public FreezeWindow {
        deployments = List.copyOf(deployments);
    }

    /** Whether it holds for a deployment. */
    public boolean isFor(String deployment) {
        return deployments.stream().anyMatch(pattern -> matches(pattern, deployment));
    }

    /** By looking back at the last star only: never more than the product of both lengths. */
    private static boolean matches(String pattern, String name) {
        int at = 0;
        int star = -1;
        int from = 0;
        int tried = 0;
        while (from < name.length()) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                tried = from;
            } else if (at < pattern.length() && pattern.charAt(at) == name.charAt(from)) {
                at++;
                from++;
            } else if (star >= 0) {
                at = star + 1;
                from = ++tried;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }

    /** When the window ends that is open at a moment; empty: none is. */
    public Optional<Instant> openUntil(Instant at) {
        LocalDate today = at.atZone(zone).toLocalDate();
        // A day more on either side: the clock of a zone can be put forward or back by up to a day.
        for (long back = -1; back <= lasts.toDays() + 2; back++) {
            LocalDate day = today.minusDays(back);
            for (int minute = from.on(day) ? HOURS * MINUTES - 1 : -1; minute >= 0; minute--) {
                if (from.at(minute / MINUTES, minute % MINUTES)) {
                    LocalDateTime begins = day.atTime(minute / MINUTES, minute % MINUTES);
                    if (!moment(begins, true).isAfter(at)) {
                        // The last that has begun is also the last that ends.
                        Instant ends = moment(begins.plus(lasts), false);
                        return ends.isAfter(at) ? Optional.of(ends) : Optional.empty();
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Instant moment(LocalDateTime wall, boolean first) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(wall);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition gap = zone.getRules().getTransition(wall);
            return gap.getInstant();
        }
        return wall.toInstant(first ? offsets.getFirst() : offsets.getLast());
    }

    /** The last to end of those that are open for a deployment at a moment. */
    public static Optional<Open> of(List<FreezeWindow> all, String deployment, Instant at) {
        Open last = null;
        for (FreezeWindow window : all) {
            Optional<Instant> until = window.isFor(deployment) ? window.openUntil(at) : Optional.empty();
            if (until.isPresent() && (last == null || until.get().isAfter(last.until()))) {
                last = new Open(window, until.get());
            }
        }
        return Optional.ofNullable(last);
    }

    /** One that is open. */
    public record Open(FreezeWindow window, Instant until) {
        /** Until when and why, in the window's own time. */
        public String words() {
            return "frozen until " + LocalTimes.toTheSecond(until.atZone(window.zone())) + " " + window.zone()
                    + " (freeze " + window.name() + (window.reason().isEmpty() ? "" : ": " + window.reason()) + ")";
        }
    }
}
