package org.portolan.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.portolan.query.ReleaseSummary;

/** One release with all that happened. */
public record ReleasePage(
        PageFrame frame,
        String deployment,
        ReleaseRow release,
        List<String> services,
        List<EventRow> events,
        boolean mayChange)
        implements PageBody {

    /**
     * One of what is kept of it.
     *
     * @param current the release that is in place
     */
    public static ReleasePage of(PageFrame frame, ReleaseSummary summary, int current, boolean mayChange, Instant now) {
        List<String> services = new ArrayList<>();
        summary.release()
                .services()
                .forEach((name, placed) -> services.add(name + " v" + placed.version() + " × " + placed.scale()));
        return new ReleasePage(
                frame,
                summary.release().deployment(),
                ReleaseRow.of(summary, current, now),
                services,
                summary.release().events().stream()
                        .filter(EventRow::telling)
                        .map(EventRow::of)
                        .toList(),
                mayChange);
    }
}
