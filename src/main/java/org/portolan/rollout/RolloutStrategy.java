package org.portolan.rollout;

import org.portolan.model.service.ServiceSpec.Strategy;

/** How instances of one version take over from those of another: what is seen of the service, to what is wanted of it. Pure. */
@FunctionalInterface
interface RolloutStrategy {
    ServiceTargets targets(ServiceView seen);

    /** The function of a strategy that a file names. */
    static RolloutStrategy of(Strategy named) {
        return switch (named) {
            case ROLLING -> Rolling::targets;
            case BLUE_GREEN -> BlueGreen::targets;
            case CANARY -> Canary::targets;
            case RECREATE -> Recreate::targets;
        };
    }
}
