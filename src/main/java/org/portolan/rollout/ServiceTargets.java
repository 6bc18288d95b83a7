package org.portolan.rollout;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.labels.InstanceId;

/**
 * What a strategy wants of a service at one moment.
 *
 * @param instances what is wanted of each instance that was seen
 * @param create how many instances of the goal's version to make
 * @param waits what keeps the strategy from going on, beyond what each instance waits for
 * @param progress what to remember from now on, if it changed
 * @param analysis the step whose gates are to be tried now
 * @param baked whether the strategy itself has nothing left to wait for
 */
public record ServiceTargets(
        Map<InstanceId, InstanceTarget> instances,
        int create,
        List<WaitReason> waits,
        Optional<RolloutProgress> progress,
        Optional<Integer> analysis,
        boolean baked) {
    /** What a service waits for while the gates of {@link #analysis} are tried. */
    static final String GATES = "checking the gates";

    /** What is wanted of one; whatever the strategy does not name stays as it is. */
    InstanceTarget of(InstanceView view) {
        return instances.getOrDefault(view.id(), InstanceTarget.Unchanged.IT);
    }
}
