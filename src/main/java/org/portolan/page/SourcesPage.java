package org.portolan.page;

import java.util.ArrayList;
import java.util.List;
import org.portolan.model.state.Standing.Subject;
import org.portolan.query.ControllerStatus;

/** The sources that the controller follows. */
public record SourcesPage(PageFrame frame, List<Source> sources) implements PageBody {

    /** A source. */
    public record Source(String name, StateMark state, String commit, String seen, List<String> words) {}

    /** The page of what was observed last. */
    public static SourcesPage of(PageFrame frame, ControllerStatus status) {
        List<Source> sources = new ArrayList<>();
        status.sources()
                .forEach(standing -> sources.add(new Source(
                        standing.name(),
                        StateMark.of(standing),
                        standing.commit()
                                .substring(0, Math.min(10, standing.commit().length())),
                        PageFrame.time(standing.at()),
                        status.words(Subject.SOURCE, standing.name()))));
        return new SourcesPage(frame, sources);
    }

    /** Whether it follows none. */
    public boolean empty() {
        return sources.isEmpty();
    }
}
