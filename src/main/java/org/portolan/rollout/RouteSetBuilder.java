package org.portolan.rollout;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.Trial;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** Makes a deployment's part of the routing out of the goal and of what each instance shall get. Pure. */
public final class RouteSetBuilder {
    private final DesiredRelease goal;
    private final Map<String, Backend> before = new TreeMap<>();
    private final HostAddresses addresses;
    private final List<Domain> domains;
    private final List<Domain> coming;
    private final boolean settled;

    /**
     * @param before the part that the proxies have
     * @param domains those that the proxies shall have now
     * @param coming those that they shall have in the end: they decide which ports speak HTTP
     * @param settled whether the release is over; until then an old version's servers are not judged by a new check
     */
    public RouteSetBuilder(
            DesiredRelease goal,
            Optional<RouteSet> before,
            HostAddresses addresses,
            List<Domain> domains,
            List<Domain> coming,
            boolean settled) {
        this.goal = goal;
        before.ifPresent(part -> part.backends().forEach(backend -> this.before.put(key(backend), backend)));
        this.addresses = addresses;
        this.domains = domains;
        this.coming = coming;
        this.settled = settled;
    }

    /** Whether a port speaks HTTP as far as the service itself says: by its name or by its check. */
    static boolean http(ServiceSpec spec, String port) {
        boolean named = port.equals("http") || port.equals("web") || port.startsWith("http-") || RouteSet.http2(port);
        boolean checked = spec.health()
                .filter(health -> health.type() == Health.Type.HTTP)
                .map(health -> health.port().isEmpty()
                        ? !spec.ports().isEmpty()
                                && spec.ports().getFirst().name().equals(port)
                        : health.port().equals(port))
                .orElse(false);
        return named || checked;
    }

    /** The routes, with every instance that has a target. */
    public RouteSet part(Collection<InstanceState> instances, Map<InstanceId, ServerTarget> serverTargets) {
        SortedMap<String, SortedMap<String, List<Server>>> servers = new TreeMap<>();
        for (InstanceState instance : instances) {
            ServerTarget serverTarget = serverTargets.get(instance.id());
            if (serverTarget == null) {
                continue;
            }
            instance.ports().forEach((name, pair) -> servers.computeIfAbsent(
                            instance.id().service(), key -> new TreeMap<>())
                    .computeIfAbsent(name, key -> new ArrayList<>())
                    .add(new Server(
                            instance.id(),
                            instance.address(addresses.publish()),
                            pair.host(),
                            serverTarget.state(),
                            serverTarget.weight())));
        }
        List<Backend> backends = new ArrayList<>();
        for (ServiceGoal service : goal.services().values()) {
            SortedSet<String> names = new TreeSet<>();
            service.spec().ports().forEach(port -> names.add(port.name()));
            SortedMap<String, List<Server>> own = servers.getOrDefault(service.name(), new TreeMap<>());
            names.addAll(own.keySet());
            for (String name : names) {
                backend(service, name, own.getOrDefault(name, List.of())).ifPresent(backends::add);
            }
        }
        for (Backend leaving : before.values()) {
            if (!goal.services().containsKey(leaving.service())) {
                List<Server> left = servers.getOrDefault(leaving.service(), new TreeMap<>())
                        .getOrDefault(leaving.port(), List.of());
                if (!left.isEmpty()) {
                    backends.add(leaving.with(left));
                }
            }
        }
        return new RouteSet(goal.deployment(), backends, domains);
    }

    private Optional<Backend> backend(ServiceGoal service, String port, List<Server> servers) {
        ServiceSpec spec = service.spec();
        Backend old = before.get(service.name() + "/" + port);
        boolean declared = spec.ports().stream().anyMatch(known -> known.name().equals(port));
        Integer mesh = goal.meshPorts().get(service.name() + "/" + port);
        if (!declared || mesh == null) {
            // A port that the new version no longer has lives as long as its servers.
            return old == null || servers.isEmpty() ? Optional.empty() : Optional.of(old.with(servers));
        }
        List<String> bindings = new ArrayList<>();
        spec.wanMap().forEach((binding, name) -> {
            if (name.equals(port)) {
                bindings.add(binding);
            }
        });
        Optional<Health> check = asked(spec, port);
        Optional<Trial> trial = Optional.empty();
        if (!settled && !judgesAll(check, old, servers, service.version())) {
            trial = check.map(own -> new Trial(service.version(), own));
            check = Optional.empty();
        }
        return Optional.of(new Backend(
                service.name(),
                port,
                http(spec, port) || routedByHttp(service.name(), port, spec),
                addresses.mesh(),
                mesh,
                bindings,
                sticky(service.name(), port, spec),
                check,
                trial,
                spec.ports().stream().noneMatch(known -> known.name().equals(port) && known.occasional())
                        || asked(spec, port).isPresent(),
                spec.maxConnections(),
                servers));
    }

    /** The check of a port by the proxy, where it is that port which the service's check asks. */
    private static Optional<Health> asked(ServiceSpec spec, String port) {
        return spec.health()
                .filter(Health::asksPort)
                .filter(health -> health.port().isEmpty()
                        ? spec.ports().getFirst().name().equals(port)
                        : health.port().equals(port));
    }

    /** Whether the new version's check is that of all servers: no other version's is judged by a request that it does not know. */
    private static boolean judgesAll(Optional<Health> check, @Nullable Backend old, List<Server> servers, int version) {
        return old == null
                ? servers.stream().allMatch(server -> server.instance().version() == version)
                : old.health().equals(check) && old.trial().isEmpty();
    }

    private boolean routedByHttp(String service, String port, ServiceSpec spec) {
        return Stream.concat(domains.stream(), coming.stream())
                .flatMap(domain -> domain.routes().values().stream())
                .flatMap(route -> route.targets().stream())
                .anyMatch(target -> targets(target, service, port, spec));
    }

    private boolean sticky(String service, String port, ServiceSpec spec) {
        return coming.stream()
                .filter(Domain::sticky)
                .flatMap(domain -> domain.routes().values().stream())
                .flatMap(route -> route.targets().stream())
                .anyMatch(target -> targets(target, service, port, spec));
    }

    private boolean targets(Domain.Target target, String service, String port, ServiceSpec spec) {
        boolean same = target.deployment().equals(goal.deployment())
                && target.service().equals(service);
        boolean only = target.port().isEmpty() && spec.ports().size() == 1;
        return same && (only || target.port().equals(port));
    }

    private static String key(Backend backend) {
        return backend.service() + "/" + backend.port();
    }
}
