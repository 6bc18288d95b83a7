package org.portolan.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.portolan.query.ReleaseSummary;

/**
 * One release with all that happened.
 *
 * @param actions the way back to it; none or one
 */
public record ReleasePage(
        PageFrame frame,
        String deployment,
        ReleaseRow release,
        List<String> services,
        List<EventRow> events,
        List<PageAction> actions)
        implements PageBody {

    /**
     * One of what is kept of it.
     *
     * @param current the release that is in place
     * @param seen the deployment's state in a few letters, which forms send back
     */
    public static ReleasePage of(
            PageFrame frame, ReleaseSummary summary, int current, String seen, Rights may, Instant now) {
        String deployment = summary.release().deployment();
        ReleaseRow row = ReleaseRow.of(summary, current, now);
        List<String> services = new ArrayList<>();
        summary.release()
                .services()
                .forEach((name, placed) -> services.add(name + " v" + placed.version() + " × " + placed.scale()));
        return new ReleasePage(
                frame,
                deployment,
                row,
                services,
                summary.release().events().stream()
                        .filter(EventRow::telling)
                        .map(EventRow::inRelease)
                        .toList(),
                DeploymentActions.rollback(deployment, row, seen, may.deploys()));
    }

    /** Whether there is a way back to it. */
    public boolean acting() {
        return !actions.isEmpty();
    }

    /** Whether it has no events any more. */
    public boolean silent() {
        return events.isEmpty();
    }
}
