package org.portolan.release;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.portolan.model.container.Container;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.release.ReleaseRequest.Direction;
import org.portolan.rollout.HostAddresses;
import org.portolan.rollout.InstanceFactory;
import org.portolan.rollout.SeenContainers;

/** Runs that bring version 2 of {@code web} of {@code shop} about, for tests. */
final class Runs {
    private Runs() {}

    static ServiceSpec spec(Map<String, Object> keys) {
        Map<String, Object> all = new TreeMap<>(keys);
        all.putIfAbsent("ports", Map.of("http", 80L));
        return ServiceSpec.from("web", Definition.of(all));
    }

    static ReleaseRequest of(ServiceSpec spec) {
        return of(spec, true, container -> false);
    }

    static ReleaseRequest of(ServiceSpec spec, boolean forward, Predicate<Container> suspect) {
        ServiceGoal service = new ServiceGoal("web", 2, true, "hash", Definition.of(Map.of()), spec, 1, "localhost");
        DesiredRelease goal = new DesiredRelease(
                "shop",
                new TreeMap<>(Map.of("web", service)),
                new TreeSet<>(),
                new TreeMap<>(Map.of("web/http", 15000)));
        HostAddresses addresses = new HostAddresses("10.1.0.1", List.of("10.1.0.1"), "10.1.0.1");
        InstanceFactory factory = new InstanceFactory(
                goal,
                Map.of(Labels.INSTALLATION, SeenContainers.INSTALLATION, Labels.DEPLOYMENT, "shop"),
                "shop",
                addresses,
                Map.of("web", "web:2"),
                Optional.empty());
        return new ReleaseRequest(
                1,
                goal,
                factory,
                List.of(),
                Map.of(),
                forward ? new Direction.Forward(Set.of(), Map.of(), Orders.NONE, () -> false) : new Direction.Back(),
                suspect,
                false,
                32,
                Map.of());
    }
}
