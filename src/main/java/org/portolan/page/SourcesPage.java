package org.portolan.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.state.Standing.Subject;
import org.portolan.query.ControllerStatus;

/** The sources that the controller follows. */
public record SourcesPage(PageFrame frame, List<Source> sources) implements PageBody {

    /** A source. */
    public record Source(
            String name, StateMark state, String commit, String seen, List<String> words, List<PageAction> actions) {}

    /**
     * The page of what was observed last.
     *
     * @param deploys whether who looks may suspend and resume
     * @param approves whether who looks may give consent
     */
    public static SourcesPage of(PageFrame frame, ControllerStatus status, boolean deploys, boolean approves) {
        List<Source> sources = new ArrayList<>();
        status.sources()
                .forEach(standing -> sources.add(new Source(
                        standing.name(),
                        StateMark.of(standing),
                        standing.commit()
                                .substring(0, Math.min(10, standing.commit().length())),
                        PageFrame.time(standing.at()),
                        status.words(Subject.SOURCE, standing.name()),
                        PageAction.of(
                                "/sources/" + standing.name(),
                                Optional.of(standing),
                                status.suspended(Subject.SOURCE, standing.name()),
                                false,
                                deploys,
                                approves))));
        return new SourcesPage(frame, sources);
    }

    /** Whether it follows none. */
    public boolean empty() {
        return sources.isEmpty();
    }
}
