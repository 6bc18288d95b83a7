package org.portolan.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.portolan.model.Durations;
import org.portolan.model.LocalTimes;
import org.portolan.model.container.Container;
import org.portolan.model.state.Release;

/** Small texts that several commands print. */
final class Show {
    private static final int SHORT_COMMIT = 7;

    private Show() {}

    /** {@code running}, {@code exited (1)}, … */
    static String state(Container container) {
        String word = container.state().name().toLowerCase(Locale.ROOT);
        if (container.oomKilled()) {
            return word + " (out of memory)";
        }
        return switch (container.state()) {
            case EXITED, DEAD, RESTARTING -> word + " (" + container.exitCode() + ")";
            case CREATED, RUNNING, PAUSED, REMOVING -> word;
        };
    }

    /** Local time to the second. */
    static String time(Instant instant) {
        return LocalTimes.toTheSecond(instant.atZone(ZoneId.systemDefault()));
    }

    /** The first digits of a commit, or a dash. */
    static String commit(Release release) {
        Optional<String> commit = release.origin().commit();
        if (commit.isEmpty()) {
            return "-------";
        }
        String id = commit.get();
        return id.substring(0, Math.min(SHORT_COMMIT, id.length()))
                + (release.origin().dirty() ? "+" : "");
    }

    /** How long the release took, or how long it has been running. */
    static String duration(Release release, Instant now) {
        return Durations.rough(
                Duration.between(release.started(), release.ended().orElse(now)));
    }

    /**
     * How a release ended: {@code done}, …; {@code interrupted} when it has no end and nobody brings it about.
     *
     * @param held whether somebody holds the deployment's lock; asked only where it matters
     */
    static String outcome(Release release, BooleanSupplier held) {
        return release.outcome() == Release.Outcome.RUNNING && !held.getAsBoolean()
                ? "interrupted"
                : release.outcome().name().toLowerCase(Locale.ROOT);
    }

    /** How long a release took; of one that was interrupted nobody knows. */
    static String duration(Release release, BooleanSupplier held, Instant now) {
        return release.ended().isEmpty() && !held.getAsBoolean() ? "-" : duration(release, now);
    }

    /** The text, filled with blanks to a width. */
    static String wide(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    /** {@code 1 service}, {@code 2 services}. */
    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
