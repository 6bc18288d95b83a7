package org.portolan.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.query.ControllerStatus;

/**
 * The sources that the controller follows, and the file that says which.
 *
 * @param change what became of what who looks asked for; none or one
 * @param configuration how the file stands; none where who looks may not know, or nothing is known of it
 * @param notices what else is not as it should be with the controller
 * @param limited whether who looks may not know of the whole installation
 */
public record SourcesPage(
        PageFrame frame,
        List<ChangeNote> change,
        List<Source> sources,
        List<Configuration> configuration,
        List<Words> notices,
        boolean limited)
        implements PageBody {

    /**
     * A source.
     *
     * @param number of it on the page: its name may be one that a page cannot refer to
     */
    public record Source(
            int number,
            String name,
            StateMark state,
            String commit,
            Moment seen,
            List<Words> words,
            List<PageAction> actions) {
        /** Whether a commit of it was read. */
        public boolean committed() {
            return !commit.isEmpty();
        }
    }

    /**
     * The configuration's file.
     *
     * @param what is wrong with it; "" for nothing
     * @param since when it is as it is
     * @param todo what ends that
     */
    public record Configuration(String file, StateMark state, String what, Moment since, String todo) {
        static Configuration of(Standing standing) {
            boolean failing = standing.condition() == Condition.FAILING;
            boolean fine = standing.condition() == Condition.OK;
            return new Configuration(
                    standing.name(),
                    fine
                            ? new StateMark("ok", "in force")
                            : failing
                                    ? new StateMark("bad", "not taken over")
                                    : new StateMark("warn", "needs a restart"),
                    standing.what(),
                    Moment.at(standing.since()),
                    fine
                            ? ""
                            : failing
                                    ? "Correct the file; the controller takes it over within seconds."
                                    : "Restart the controller, or change these keys back.");
        }

        /** Whether something is wrong with it. */
        public boolean faulty() {
            return !what.isEmpty();
        }
    }

    /**
     * The page of what was observed last.
     *
     * @param may what who looks may do
     */
    public static SourcesPage of(
            PageFrame frame, Optional<ChangeNote> change, ControllerStatus status, List<String> notices, Rights may) {
        List<Source> sources = new ArrayList<>();
        for (Standing standing : status.sources()) {
            int number = sources.size() + 1;
            sources.add(new Source(
                    number,
                    standing.name(),
                    StateMark.of(standing),
                    standing.commit()
                            .substring(0, Math.min(10, standing.commit().length())),
                    Moment.at(standing.at()),
                    Words.all(status.words(Subject.SOURCE, standing.name())),
                    PageAction.steering(
                                    "/sources",
                                    Map.of("source", standing.name()),
                                    Optional.of(standing),
                                    status.suspended(Subject.SOURCE, standing.name()),
                                    "It is not read, and nothing of it is deployed, until it is resumed. What it deployed is kept"
                                            + " up.",
                                    "",
                                    may)
                            .stream()
                            .map(action -> action.of("s" + number + "-", standing.name()))
                            .toList()));
        }
        return new SourcesPage(
                frame,
                ChangeNote.all(change),
                sources,
                status.standings().stream()
                        .filter(standing -> standing.subject() == Subject.CONFIGURATION)
                        .map(Configuration::of)
                        .toList(),
                Words.all(notices),
                may.limited());
    }

    /** Whether it follows none. */
    public boolean empty() {
        return sources.isEmpty() && !limited;
    }
}
