package org.portolan.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.portolan.model.service.Desired;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;

/**
 * The deployments that a source's rollouts named before and no longer do: they are removed, volumes kept, under the same
 * guard as services. Pure.
 *
 * @param names of those that left
 * @param consent what a person must agree to; empty: nothing
 */
public record Departed(List<String> names, List<String> consent) {

    /**
     * Finds them.
     *
     * @param declared everything that the file declares now
     */
    public static Departed of(Map<String, DeploymentState> states, SourceId source, Collection<Desired> declared) {
        return of(states, source, declared, name -> false);
    }

    /**
     * Finds those that may go.
     *
     * @param kept whether a deployment stays although the file no longer declares it
     */
    public static Departed of(
            Map<String, DeploymentState> states,
            SourceId source,
            Collection<Desired> declared,
            Predicate<String> kept) {
        TreeSet<String> own = new TreeSet<>();
        new TreeMap<>(states).forEach((name, state) -> {
            if (state.owner().equals(source)) {
                own.add(name);
            }
        });
        TreeSet<String> left = new TreeSet<>(own);
        declared.forEach(desired -> left.remove(desired.name()));
        left.removeIf(kept);
        if (!PruneGuard.needsConsent(own.size(), left.size())) {
            return new Departed(List.copyOf(left), List.of());
        }
        String text = "removes " + left.size() + " of " + PlanWording.count(own.size(), "deployment") + " of " + source
                + ": " + String.join(", ", left);
        return new Departed(List.copyOf(left), List.of(text));
    }

    /** What will be done, as a plan shows it. */
    public List<Action> actions(Map<String, DeploymentState> states) {
        List<Action> actions = new ArrayList<>();
        for (String name : names) {
            DeploymentState state = states.get(name);
            int services = state == null ? 0 : state.services().size();
            actions.add(new Action(
                    Action.Kind.REMOVE_DEPLOYMENT,
                    name,
                    "deployment " + name + "  " + PlanWording.count(services, "service") + "; volumes are kept",
                    List.of("no longer declared by its source")));
        }
        return actions;
    }
}
