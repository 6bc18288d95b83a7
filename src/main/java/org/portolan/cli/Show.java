package org.portolan.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.portolan.model.LocalTimes;
import org.portolan.model.PlainText;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.model.state.Release;

/** Small texts that several commands print. */
final class Show {
    private static final int SHORT_COMMIT = 7;
    private static final int MOST_PORTS = 8;
    private static final int SHOWN_PORTS = 4;

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

    /** An event's message, with what it is about where the message does not say so, and who asked for it. */
    static String event(Event event) {
        String subject = PlainText.of(event.subject());
        String who = PlainText.of(event.data().who());
        return (subject.isEmpty() ? "" : subject + "  ")
                + PlainText.lines(event.message())
                + (who.isEmpty() ? "" : "  by " + who);
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
        return commit(commit.get()) + (release.origin().dirty() ? "+" : "");
    }

    /** The first digits of a commit. */
    static String commit(String id) {
        return id.substring(0, Math.min(SHORT_COMMIT, id.length()));
    }

    /** The text, filled with blanks to a width. */
    static String wide(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    /** A list as a line has room for it: a range of ports has up to a hundred; {@code --json} has them all. */
    static String some(List<String> texts) {
        return texts.size() <= MOST_PORTS
                ? String.join(", ", texts)
                : String.join(", ", texts.subList(0, SHOWN_PORTS)) + " and " + (texts.size() - SHOWN_PORTS) + " more";
    }

    /** {@code 1 service}, {@code 2 services}. */
    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
