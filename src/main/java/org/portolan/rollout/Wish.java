package org.portolan.rollout;

import org.portolan.proxy.DeploymentRoutes;

/**
 * What the proxy shall do with an instance.
 *
 * @param weight its share while READY, 0 to 256; 100 is the base
 */
public record Wish(DeploymentRoutes.State state, int weight) {
    public static final int BASE_WEIGHT = 100;
    public static final Wish READY = new Wish(DeploymentRoutes.State.READY, BASE_WEIGHT);
    public static final Wish DRAIN = new Wish(DeploymentRoutes.State.DRAIN, BASE_WEIGHT);
    public static final Wish OUT = new Wish(DeploymentRoutes.State.MAINT, BASE_WEIGHT);

    public static Wish ready(int weight) {
        return new Wish(DeploymentRoutes.State.READY, weight);
    }
}
