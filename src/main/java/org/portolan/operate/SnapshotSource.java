package org.portolan.operate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.Observation;
import org.portolan.model.service.Desired;
import org.portolan.operate.RequestEvaluator.Evaluated;
import org.portolan.release.Installation;
import org.portolan.release.Reloads;
import org.portolan.release.RestartPolicies;
import org.portolan.release.Snapshot;

/**
 * Looks at store, engine and proxies for a run. One look outside of any lock serves all deployments of a file until the run
 * changes something; what is decided under a deployment's lock is looked at again, under it.
 */
final class SnapshotSource {
    private final Installation installation;
    private final Set<String> names = new HashSet<>();
    private @Nullable Snapshot shared;

    SnapshotSource(Installation installation) {
        this.installation = installation;
    }

    /** What was seen of the deployment since the run last changed something; all of its file are looked at together. */
    Snapshot shared(Evaluated asked) {
        Desired desired = asked.desired();
        Snapshot seen = shared;
        if (seen == null || !names.contains(desired.name())) {
            List<Desired> all = new ArrayList<>(asked.siblings());
            all.add(desired);
            seen = Snapshot.shared(installation, all);
            changed();
            shared = seen;
            all.forEach(one -> names.add(one.name()));
        }
        // An image that cannot be looked up costs the deployments that name it.
        return knowsImages(seen, desired) ? looked(seen, asked) : fresh(asked);
    }

    /** What there is of the deployment now. */
    Snapshot fresh(Evaluated asked) {
        return looked(Snapshot.of(installation, asked.desired()), asked);
    }

    /** The run changed something: what was seen before it is not taken for what is. */
    void changed() {
        shared = null;
        names.clear();
    }

    private static boolean knowsImages(Snapshot seen, Desired desired) {
        return seen.images().keySet().containsAll(Snapshot.references(List.of(desired)));
    }

    private Snapshot looked(Snapshot seen, Evaluated asked) {
        String own = installation.settings().installation();
        Desired desired = asked.desired();
        Observation policies =
                RestartPolicies.looked(installation.engine(), seen.observation(), own, seen.states(), desired.name());
        // What a person changed by hand is asked for only where that is the question: it is a call for each instance.
        Observation known = asked.change() instanceof Change.Repair
                ? RestartPolicies.settled(installation.engine(), policies, own, seen.states(), desired.name())
                : policies;
        return seen.with(Reloads.looked(installation.engine(), known, own, desired));
    }
}
