package org.portolan.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;
import org.portolan.query.DeploymentStatus;

/** All deployments. */
public record OverviewPage(PageFrame frame, List<Card> deployments) implements PageBody {

    /**
     * A deployment.
     *
     * @param release its last release; "" for none
     * @param since when that began
     * @param words what is to be said of it
     */
    public record Card(
            String name,
            String href,
            StateMark state,
            String release,
            String commit,
            String subject,
            String since,
            List<ServiceRow> services,
            List<String> words) {

        /** One of what is known of it. */
        public static Card of(DeploymentStatus status, Optional<Standing> standing) {
            List<ServiceRow> services = new ArrayList<>();
            status.services().forEach(service -> services.add(ServiceRow.of(service)));
            boolean lacking = services.stream().anyMatch(ServiceRow::lacking);
            Optional<Release> last = status.last().map(summary -> summary.release());
            return new Card(
                    status.name(),
                    "/deployments/" + status.name(),
                    StateMark.of(status, standing, lacking),
                    last.map(release -> "release " + release.number()).orElse("not deployed yet"),
                    last.map(ReleaseRow::commit).orElse(""),
                    last.flatMap(release -> release.origin().subject()).orElse(""),
                    last.map(release -> PageFrame.time(release.ended().orElse(release.started())))
                            .orElse(""),
                    services,
                    status.conditions());
        }

        /** Whether it comes from Git. */
        public boolean committed() {
            return !commit.isEmpty();
        }
    }

    /** Whether there is none. */
    public boolean empty() {
        return deployments.isEmpty();
    }
}
