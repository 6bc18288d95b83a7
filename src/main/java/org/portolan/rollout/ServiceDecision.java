package org.portolan.rollout;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.portolan.model.labels.InstanceId;

/**
 * What is to be done next for one service.
 *
 * @param steps things to do on the engine, all at once
 * @param serverTargets what the proxy shall do with each instance; one that is not named leaves the proxy
 * @param waits what is waited for, the nearest first
 * @param serving whether the goal's instances all serve (those that leave may still be there)
 * @param reached whether nothing is left to do
 * @param failure why it cannot be reached
 * @param gates the step whose gates shall be tried now
 * @param progress what must be remembered from now on, if it changed
 */
public record ServiceDecision(
        List<Step> steps,
        SortedMap<InstanceId, ServerTarget> serverTargets,
        List<WaitReason> waits,
        boolean serving,
        boolean reached,
        Optional<Failed> failure,
        Optional<Integer> gates,
        Optional<RolloutProgress> progress) {

    /** The instance that failed, and why. */
    public record Failed(InstanceId instance, String container, String cause) {}

    /** Whether it waits on purpose. */
    public boolean rests() {
        return waits.stream().anyMatch(WaitReason::onPurpose);
    }
}
