package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.portolan.model.Problem;
import org.portolan.model.service.Domain;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;

/**
 * What a deploy of one deployment would do.
 *
 * @param actions in order; empty means "No changes."
 * @param goal what they reach
 * @param domains the domains that the release will hold
 * @param warnings about the file; shown by {@code plan} and {@code validate}
 * @param consent what a person must agree to before it is done (a prune of half the services); empty: nothing
 * @param fingerprint of desired and observed together: a saved plan is refused when it differs
 * @param settlement what the deployment's state says once the goal is reached
 */
public record Plan(
        String deployment,
        List<Action> actions,
        DesiredRelease goal,
        List<Domain> domains,
        List<Problem> warnings,
        List<String> consent,
        String fingerprint,
        Settlement settlement) {

    /**
     * What the deployment's state says of its ownership and its domains once the goal is reached.
     *
     * @param owner whose files declare it
     * @param byHand services that belong to the hand
     * @param claims the domains, paths and outside ports that lead here
     * @param domainsHash of the domains, secrets included
     * @param lastVersion the highest number that was seen of each service, on containers too
     * @param allows the deployments whose services may join its network
     * @param adopted whether containers of other installations with this deployment's label are this release's to replace
     *     and to remove ({@code --adopt})
     */
    public record Settlement(
            SourceId owner,
            SortedSet<String> byHand,
            List<DeploymentState.Claim> claims,
            String domainsHash,
            SortedMap<String, Integer> lastVersion,
            SortedSet<String> allows,
            boolean adopted) {}

    /** A copy whose words went through a filter: it holds no known secret. */
    public Plan saying(UnaryOperator<String> filter) {
        List<Action> told = actions.stream()
                .map(action -> new Action(
                        action.kind(),
                        action.subject(),
                        filter.apply(action.summary()),
                        action.reasons().stream().map(filter).toList()))
                .toList();
        List<Problem> warned =
                warnings.stream().map(warning -> warning.saying(filter)).toList();
        return new Plan(deployment, told, goal, domains, warned, consent, fingerprint, settlement);
    }

    /** As somebody is shown it who sees these deployments. */
    public Plan seenBy(Predicate<String> sees) {
        List<Problem> seen = warnings.stream()
                .flatMap(warning -> warning.seenBy(sees).stream())
                .toList();
        return new Plan(deployment, actions, goal, domains, seen, consent, fingerprint, settlement);
    }

    /** The same with these actions instead; what a saved plan is compared by stays. */
    public Plan with(List<Action> others) {
        return new Plan(deployment, List.copyOf(others), goal, domains, warnings, consent, fingerprint, settlement);
    }

    /** The same with more warnings. */
    public Plan warning(List<Problem> more) {
        List<Problem> all = new ArrayList<>(warnings);
        all.addAll(more);
        return new Plan(deployment, actions, goal, domains, List.copyOf(all), consent, fingerprint, settlement);
    }

    /** The same with more that a person must agree to. */
    public Plan needing(List<String> more) {
        List<String> all = new ArrayList<>(consent);
        all.addAll(more);
        return new Plan(deployment, actions, goal, domains, warnings, List.copyOf(all), fingerprint, settlement);
    }

    public boolean isEmpty() {
        return actions.isEmpty();
    }

    /** Whether anything is to be done that a release must hold: proxies are repaired without one. */
    public boolean needsRelease() {
        return actions.stream().anyMatch(action -> action.kind() != Action.Kind.REPAIR_PROXIES);
    }

    /** The parts of the state that this plan decides, laid over {@code base}. */
    public DeploymentState.Builder settle(DeploymentState base) {
        SortedMap<String, Integer> lastVersion = new TreeMap<>(base.lastVersion());
        settlement.lastVersion().forEach((service, number) -> lastVersion.merge(service, number, Math::max));
        return base.change()
                .lastVersion(lastVersion)
                .owner(settlement.owner())
                .byHand(settlement.byHand())
                .claims(settlement.claims())
                .domainsHash(settlement.domainsHash())
                .allows(settlement.allows())
                .meshPorts(goal.meshPorts());
    }
}
