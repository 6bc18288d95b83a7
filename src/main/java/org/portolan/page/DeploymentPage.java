package org.portolan.page;

import java.util.List;
import org.portolan.model.service.SourceId;
import org.portolan.query.DeploymentStatus;

/**
 * One deployment.
 *
 * @param change what became of what who looks asked for; none or one
 * @param seen its state in a few letters, which the forms of its services send back
 * @param steps what runs otherwise than deployed, with what repairs it
 * @param trouble why that is not known; "" when it is
 * @param releasing whether a release is in progress, so that nobody has compared
 * @param next what its files say that is not deployed; none or one
 * @param timeline the last release's number; "" for none
 * @param events of the last release, newest last
 * @param mayChange whether who looks may change it
 * @param actions what else they may do
 */
public record DeploymentPage(
        PageFrame frame,
        String name,
        StateMark state,
        List<ChangeNote> change,
        List<Words> words,
        String owner,
        List<String> domains,
        List<ServiceRow> services,
        String seen,
        List<PlanStep> steps,
        String trouble,
        boolean releasing,
        List<NextPlan> next,
        List<History> releases,
        String timeline,
        List<EventRow> events,
        boolean mayChange,
        List<PageAction> actions)
        implements PageBody {

    /**
     * A release in the history.
     *
     * @param actions the way back to it; none or one
     */
    public record History(ReleaseRow release, List<PageAction> actions) {}

    /** The page of what is known. */
    public static DeploymentPage of(PageFrame frame, DeploymentLook look) {
        DeploymentStatus status = look.status();
        OverviewPage.Card card = OverviewPage.Card.of(status, look.standing(), look.now());
        String seen = look.seen().state();
        return new DeploymentPage(
                frame,
                status.name(),
                card.state(),
                ChangeNote.all(look.change()),
                Words.all(status.conditions()),
                status.state().map(state -> owner(state.owner())).orElse(""),
                status.domains().stream()
                        .map(claim -> claim.host() + (claim.path().equals("/") ? "" : claim.path()))
                        .toList(),
                card.services(),
                seen,
                look.drift().map(PlanStep::all).orElse(List.of()),
                look.trouble(),
                look.releasing(),
                look.next().map(List::of).orElse(List.of()),
                look.releases().stream()
                        .map(release -> ReleaseRow.of(release, look.current(), look.now()))
                        .map(row -> new History(
                                row,
                                DeploymentActions.rollback(
                                        look.name(), row, seen, look.may().deploys())))
                        .toList(),
                look.releases().isEmpty()
                        ? ""
                        : "Release " + look.releases().getFirst().release().number(),
                look.events().stream()
                        .filter(EventRow::telling)
                        .map(EventRow::inRelease)
                        .toList(),
                look.may().deploys(),
                DeploymentActions.whole(look));
    }

    private static String owner(SourceId owner) {
        return owner.equals(SourceId.HAND) ? "made by hand, from no files" : owner.toString();
    }

    /** Whether all runs as deployed. */
    public boolean settled() {
        return deployed() && !releasing && steps.isEmpty() && trouble.isEmpty();
    }

    /** Whether its drift is not known. */
    public boolean unknown() {
        return !trouble.isEmpty();
    }

    /** What the paths of its forms begin with. */
    public String base() {
        return "/deployments/" + name;
    }

    /** Whether it was ever deployed. */
    public boolean deployed() {
        return !releases.isEmpty();
    }

    /** Whether it has no service. */
    public boolean bare() {
        return services.isEmpty();
    }

    /** Whether its last release has no events any more. */
    public boolean silent() {
        return events.isEmpty();
    }

    /** Whether there is something to be done besides. */
    public boolean acting() {
        return !actions.isEmpty();
    }
}
