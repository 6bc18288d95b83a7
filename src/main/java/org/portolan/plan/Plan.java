package org.portolan.plan;

import java.util.List;
import org.portolan.model.Domain;
import org.portolan.model.Problem;

/**
 * What a deploy of one deployment would do.
 *
 * @param actions in order; empty means "No changes."
 * @param goal what they reach
 * @param domains the domains that the release will hold
 * @param warnings about the file; shown by {@code plan} and {@code validate}
 * @param consent what a person must agree to before it is done (a prune of half the services); empty: nothing
 * @param fingerprint of desired and observed together: a saved plan is refused when it differs
 */
public record Plan(
        String deployment,
        List<Action> actions,
        Goal goal,
        List<Domain> domains,
        List<Problem> warnings,
        List<String> consent,
        String fingerprint) {

    public boolean isEmpty() {
        return actions.isEmpty();
    }
}
