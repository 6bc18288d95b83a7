package org.portolan.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.rollout.RolloutProgress;
import org.portolan.store.Store;

/**
 * A canary of the release in progress at one of its steps.
 *
 * @param step from 1
 * @param weight the step's share of the traffic in percent
 * @param waits whether it continues only when somebody promotes it
 * @param promoted whether somebody has
 * @param words where it stands, for people
 */
public record CanaryStatus(
        String service, int version, int step, int weight, boolean waits, boolean promoted, String words) {

    /** Those that carry their share now, by service. */
    public static List<CanaryStatus> of(Store store, String deployment, DeploymentState.Running running) {
        Optional<Release> release = store.readableRelease(deployment, running.release());
        List<CanaryStatus> canaries = new ArrayList<>();
        running.progress().forEach((service, text) -> {
            Release.Placed placed =
                    release.map(known -> known.services().get(service)).orElse(null);
            if (placed != null) {
                store.definition(deployment, service, placed.version())
                        .map(definition ->
                                ServiceSpec.from(service, definition).rollout().steps())
                        .flatMap(steps -> of(deployment, service, placed.version(), RolloutProgress.parse(text), steps))
                        .ifPresent(canaries::add);
            }
        });
        return canaries;
    }

    private static Optional<CanaryStatus> of(
            String deployment,
            String service,
            int version,
            RolloutProgress stands,
            List<ServiceSpec.CanaryStep> steps) {
        return stands.describe(deployment, steps).map(words -> {
            ServiceSpec.CanaryStep now = steps.get(stands.step());
            boolean promoted = stands.promoted() >= stands.step();
            return new CanaryStatus(
                    service,
                    version,
                    stands.step() + 1,
                    now.weight(),
                    !promoted && now.bake().isEmpty(),
                    promoted,
                    words);
        });
    }
}
