package org.portolan.rollout;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Which services need not listen. Ports that a file names must be reached by the proxy before an instance serves. One that
 * only the image exposes may be unused, as where a worker runs another command of a web server's image: it must be reached
 * when a domain, a check, a wan_map or another service's {@code require} needs it, or when an instance of the service is
 * reached there already; else the proxy tries for {@link #PATIENCE}. Pure.
 */
public final class Listening {
    /** How long an instance is waited for that need not listen, in case it does. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Set<String> optional = new HashSet<>();

    /** @param domains all that may lead to the goal's services, whichever deployment declares them */
    public Listening(DesiredRelease goal, Collection<Domain> domains) {
        Set<String> needed = new HashSet<>();
        domains.stream()
                .flatMap(Listening::targets)
                .filter(target -> target.deployment().equals(goal.deployment()))
                .forEach(target -> needed.add(target.service()));
        goal.services().values().forEach(service -> needed.addAll(service.spec().require()));
        for (ServiceGoal service : goal.services().values()) {
            ServiceSpec spec = service.spec();
            boolean named = !ServiceSpec.from(service.name(), service.definition())
                    .ports()
                    .isEmpty();
            boolean asked = spec.health().filter(Health::asksPort).isPresent();
            if (!named && !asked && spec.wanMap().isEmpty() && !needed.contains(service.name())) {
                optional.add(service.name());
            }
        }
    }

    private static Stream<Domain.Target> targets(Domain domain) {
        return Stream.concat(
                domain.routes().values().stream().flatMap(route -> route.targets().stream()),
                domain.tcp().stream().map(Domain.TcpRoute::target));
    }

    /** Whether a service's port is one that its image exposes and that nothing is known to need. */
    public boolean optional(String service) {
        return optional.contains(service);
    }
}
