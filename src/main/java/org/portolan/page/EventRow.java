package org.portolan.page;

import org.portolan.model.event.Event;
import org.portolan.model.event.EventKind;
import org.portolan.model.event.EventLevel;

/**
 * An event in a timeline.
 *
 * @param kind {@code ok}, {@code warn} or {@code bad}
 */
public record EventRow(String id, String kind, Moment time, String deployment, String href, String text) {

    /** One among those of other days. */
    static EventRow of(Event event) {
        return of(event, Moment.at(event.at()));
    }

    /** One of a release, of which the day is known. */
    static EventRow inRelease(Event event) {
        return of(event, Moment.clock(event.at()));
    }

    private static EventRow of(Event event, Moment time) {
        EventLevel level = event.level();
        String subject = event.subject();
        String who = event.data().who();
        return new EventRow(
                event.id(),
                level == EventLevel.ERROR || event.data().kind() == EventKind.RELEASE_FAILED
                        ? "bad"
                        : level == EventLevel.WARNING ? "warn" : "ok",
                time,
                event.deployment(),
                event.deployment().isEmpty() ? "" : "/deployments/" + event.deployment(),
                (subject.isEmpty() ? "" : subject + "  ") + event.message() + (who.isEmpty() ? "" : "  by " + who));
    }

    /** Whether it is shown where everything that matters is. */
    static boolean telling(Event event) {
        return event.level() != EventLevel.TRACE && event.level() != EventLevel.PROGRESS;
    }

    /** Whether it is about a deployment. */
    public boolean about() {
        return !deployment.isEmpty();
    }

    /** Whether it is more than news. */
    public boolean grave() {
        return !kind.equals("ok");
    }

    /** That, in a word. */
    public String gravity() {
        return kind.equals("bad") ? "Error" : "Warning";
    }
}
