package org.portolan.deploy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.deploy.RequestEvaluator.Evaluated;
import org.portolan.model.Desired;

/**
 * Looks at store, engine and proxies for a run. One look outside of any lock serves all deployments of a file until the run
 * changes something; what is decided under a deployment's lock is looked at anew, under it.
 */
final class Looks {
    private final Installation installation;
    private final Set<String> names = new HashSet<>();
    private @Nullable Situation shared;

    Looks(Installation installation) {
        this.installation = installation;
    }

    /** What was seen of the deployment since the run last changed something; all of its file are looked at together. */
    Situation shared(Evaluated asked) {
        Desired desired = asked.desired();
        Situation seen = shared;
        if (seen == null || !names.contains(desired.name())) {
            List<Desired> all = new ArrayList<>(asked.siblings());
            all.add(desired);
            seen = Situation.shared(installation, all);
            changed();
            shared = seen;
            all.forEach(one -> names.add(one.name()));
        }
        // An image that cannot be looked up costs the deployments that name it.
        return knowsImages(seen, desired) ? looked(seen, desired) : fresh(desired);
    }

    /** What there is of the deployment now. */
    Situation fresh(Desired desired) {
        return looked(Situation.of(installation, desired), desired);
    }

    /** The run changed something: what was seen before it is not taken for what is. */
    void changed() {
        shared = null;
        names.clear();
    }

    private static boolean knowsImages(Situation seen, Desired desired) {
        return seen.images().keySet().containsAll(Situation.references(List.of(desired)));
    }

    private Situation looked(Situation seen, Desired desired) {
        return seen.with(RestartPolicies.looked(
                installation.engine(),
                seen.observation(),
                installation.settings().installation(),
                seen.states(),
                desired.name()));
    }
}
