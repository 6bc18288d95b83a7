package org.portolan.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.portolan.model.service.ServiceSpec;

/**
 * What is known of a service that leaves its deployment.
 *
 * @param stop how its instances are stopped
 * @param require the services that it required: they are stopped after it
 */
public record Leaving(ServiceSpec.Stop stop, List<String> require) {
    /** For a service whose definition is not kept: the defaults, and no order. */
    public static final Leaving UNKNOWN = new Leaving(
            new ServiceSpec.Stop(Duration.ofSeconds(30), Duration.ofSeconds(10), Optional.empty()), List.of());
}
