package org.portolan.plan;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.ServiceSpec;

/** Knows which instances belong on the deployment's network. */
public final class Attachment {
    private Attachment() {}

    /** Whether a service's instances are attached to the deployment's network: not where `docker` says something of networks. */
    public static boolean wanted(ServiceSpec spec) {
        return spec.ownNetwork() && !namesNetwork(spec.options().docker());
    }

    private static boolean namesNetwork(@Nullable Object overlay) {
        if (!(overlay instanceof Map<?, ?> map)) {
            return false;
        }
        return map.containsKey("NetworkingConfig")
                || map.containsKey("NetworkMode")
                || map.containsKey("NetworkDisabled")
                || namesNetwork(map.get("HostConfig"));
    }
}
