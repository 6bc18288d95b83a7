package org.portolan.page;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Subject;

/** The sources that the controller follows. */
public record SourcesPage(PageFrame frame, List<Source> sources) implements PageBody {

    /** A source. */
    public record Source(String name, StateMark state, String commit, String seen, List<String> words) {}

    /** The page of what was observed last. */
    public static SourcesPage of(PageFrame frame, Collection<Standing> standings) {
        List<Source> sources = new ArrayList<>();
        standings.stream()
                .filter(standing -> standing.subject() == Subject.SOURCE)
                .sorted(Comparator.comparing(Standing::name))
                .forEach(standing -> sources.add(new Source(
                        standing.name(),
                        StateMark.of(standing),
                        standing.commit()
                                .substring(0, Math.min(10, standing.commit().length())),
                        PageFrame.time(standing.at()),
                        StateMark.words(java.util.Optional.of(standing)))));
        return new SourcesPage(frame, sources);
    }

    /** Whether it follows none. */
    public boolean empty() {
        return sources.isEmpty();
    }
}
