package org.portolan.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.ReleaseSummary;

/**
 * All deployments.
 *
 * @param notices what is not as it should be with the controller itself
 * @param limited whether who looks sees some deployments only
 * @param tallies how many there are in each state; none where that is plain to see
 */
public record OverviewPage(
        PageFrame frame, List<Words> notices, boolean limited, List<Tally> tallies, List<Card> deployments)
        implements PageBody {
    private static final int FEW = 3;
    private static final int NAMED = 6;

    /** The page of these. */
    public static OverviewPage of(PageFrame frame, List<String> notices, Rights may, List<Card> cards) {
        return new OverviewPage(frame, Words.all(notices), may.limited(), Tally.of(cards), cards);
    }

    /**
     * So many deployments are in a state.
     *
     * @param named which they are; none where they are many, or nothing is to be done about them
     */
    public record Tally(StateMark state, int count, List<String> named) {
        static List<Tally> of(List<Card> cards) {
            if (cards.size() <= FEW) {
                return List.of();
            }
            Map<StateMark, List<String>> names = new LinkedHashMap<>();
            for (Card card : cards) {
                names.computeIfAbsent(card.state(), state -> new ArrayList<>()).add(card.name());
            }
            return names.entrySet().stream()
                    .sorted(Comparator.comparingInt((Map.Entry<StateMark, List<String>> entry) ->
                            entry.getKey().weight()))
                    .map(entry -> new Tally(
                            entry.getKey(),
                            entry.getValue().size(),
                            entry.getKey().good() || entry.getValue().size() > NAMED ? List.of() : entry.getValue()))
                    .toList();
        }

        /** Whether they are named. */
        public boolean names() {
            return !named.isEmpty();
        }
    }

    /**
     * A deployment.
     *
     * @param release its last release; "" for none
     * @param since when that ended, or began; none where there is none
     * @param words what is to be said of it
     */
    public record Card(
            String name,
            String href,
            StateMark state,
            String release,
            String commit,
            String subject,
            List<Moment> since,
            List<ServiceRow> services,
            List<Words> words) {

        /** One of what is known of it. */
        public static Card of(DeploymentStatus status, Optional<Standing> standing, Instant now) {
            List<ServiceRow> services = new ArrayList<>();
            status.services().forEach(service -> services.add(ServiceRow.of(service)));
            boolean lacking = services.stream().anyMatch(ServiceRow::lacking);
            Optional<Release> last = status.last().map(summary -> summary.release());
            return new Card(
                    status.name(),
                    "/deployments/" + status.name(),
                    StateMark.of(status, standing, lacking),
                    status.last().map(OverviewPage::release).orElse("not deployed yet"),
                    last.map(ReleaseRow::commit).orElse(""),
                    last.flatMap(release -> release.origin().subject()).orElse(""),
                    last.map(release -> Moment.ago(release.ended().orElse(release.started()), now)).stream()
                            .toList(),
                    services,
                    Words.all(status.conditions()));
        }

        /** Whether it comes from Git. */
        public boolean committed() {
            return !commit.isEmpty();
        }
    }

    /** Its number, and how it ended unless it is in place. */
    private static String release(ReleaseSummary last) {
        String outcome = last.outcome();
        String number = "release " + last.release().number();
        return outcome.equals("done") || outcome.equals("running") ? number : number + " " + outcome;
    }

    /** Whether there is none. */
    public boolean empty() {
        return deployments.isEmpty() && !limited;
    }

    /** Whether there is none of those that who looks sees. */
    public boolean none() {
        return deployments.isEmpty() && limited;
    }

    /** Whether something is not as it should be with the controller. */
    public boolean noticed() {
        return !notices.isEmpty();
    }

    /** Whether they are counted. */
    public boolean counted() {
        return !tallies.isEmpty();
    }
}
