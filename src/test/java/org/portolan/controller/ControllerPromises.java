package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.FreezeWindow;
import org.portolan.model.event.ControllerEvent.ControllerLeads;
import org.portolan.model.event.DeploymentEvent.DeploymentRemoved;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventKind;
import org.portolan.model.event.ReleaseEvent.ReleaseStarted;
import org.portolan.reconcile.Pace;
import org.portolan.sim.SimSite;

/** What holds of a whole history of controllers, by what it left: how much was done, and when. */
final class ControllerPromises {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /**
     * Of a release of four instances and a store: five made with four calls each, and five taken away with two. So many that three
     * deployments are released in one minute, or one of them is rolled back as well.
     */
    private static final int MOST_CHANGES = 3 * (5 * 4 + 5 * 2);

    /** As many repairs of a deployment as are made at once ({@link Pace}), and one more after a first wait. */
    private static final int MOST_RELEASES = Pace.USUAL.free() + 1;

    /** Between the look at the windows and the release's first line calls of the engine may take their time. */
    private static final Duration BEGUN_BEFORE = Duration.ofSeconds(10);

    private final SimSite site;
    private final List<Instant> asked;

    /**
     * @param asked when somebody wanted something new
     */
    ControllerPromises(SimSite site, List<Instant> asked) {
        this.site = site;
        this.asked = asked;
    }

    /** How many have begun. */
    int releases() {
        return (int) site.reports.stream().filter(ControllerPromises::begins).count();
    }

    private static boolean begins(Event event) {
        return event.data().kind() == EventKind.RELEASE_STARTED;
    }

    /** What one minute may change on the engine. */
    void assertBoundedActions() {
        List<SimEngine.Call> changes = site.engine.changes();
        int first = 0;
        for (int i = 0; i < changes.size(); i++) {
            while (changes.get(first).at().plus(MINUTE).isBefore(changes.get(i).at())) {
                first++;
            }
            assertThat(i - first)
                    .as(
                            "changes of the engine in the minute before %s",
                            changes.get(i).at())
                    .isLessThan(MOST_CHANGES);
        }
    }

    /** In any minute a few attempts of each deployment, and what was asked for. One who begins to lead continues what the one before left. */
    void assertNoHotLoop() {
        for (Event event : site.reports) {
            if (begins(event)) {
                Instant from = event.at();
                Predicate<Instant> within = at -> !at.isBefore(from) && at.isBefore(from.plus(MINUTE));
                long begun = site.reports.stream()
                        .filter(other -> begins(other)
                                && other.deployment().equals(event.deployment())
                                && within.test(other.at()))
                        .count();
                // A push is seen by a poll.
                long news = asked.stream()
                        .filter(at ->
                                !at.isBefore(from.minus(MINUTE.multipliedBy(2))) && at.isBefore(from.plus(MINUTE)))
                        .count();
                assertThat(begun)
                        .as("releases of %s in the minute from %s", event.deployment(), from)
                        .isLessThanOrEqualTo(MOST_RELEASES + news + leaders(within));
            }
        }
    }

    private long leaders(Predicate<Instant> within) {
        return site.reports.stream()
                .filter(event -> event.data() instanceof ControllerLeads && within.test(event.at()))
                .count();
    }

    /** What a source says is not deployed, and nothing of it removed, while a window is open; repairs and people's commands are free. */
    void assertFreezeWindowsHold() {
        for (Event event : site.reports) {
            boolean removed = event.data() instanceof DeploymentRemoved;
            boolean deployed = event.data() instanceof ReleaseStarted started
                    && started.who().startsWith("controller@")
                    && !started.reason().startsWith("drift")
                    && !started.reason().startsWith("continues release");
            if (removed || deployed) {
                assertThat(FreezeWindow.of(site.freezes, event.deployment(), event.at())
                                .flatMap(open -> FreezeWindow.of(
                                        site.freezes,
                                        event.deployment(),
                                        event.at().minus(BEGUN_BEFORE))))
                        .as("freeze windows in which %s of %s at %s", event.data(), event.deployment(), event.at())
                        .isEmpty();
            }
        }
    }
}
