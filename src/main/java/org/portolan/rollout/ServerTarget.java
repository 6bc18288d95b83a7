package org.portolan.rollout;

import org.portolan.model.routing.RouteSet;

/**
 * What the proxy shall do with an instance.
 *
 * @param weight its share while READY, 0 to 256; 100 is the base
 */
public record ServerTarget(RouteSet.State state, int weight) {
    public static final int BASE_WEIGHT = 100;
    public static final ServerTarget READY = new ServerTarget(RouteSet.State.READY, BASE_WEIGHT);
    public static final ServerTarget DRAIN = new ServerTarget(RouteSet.State.DRAIN, BASE_WEIGHT);
    public static final ServerTarget OUT = new ServerTarget(RouteSet.State.MAINT, BASE_WEIGHT);

    public static ServerTarget ready(int weight) {
        return new ServerTarget(RouteSet.State.READY, weight);
    }
}
