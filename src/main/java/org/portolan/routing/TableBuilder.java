package org.portolan.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.service.CheckRequest;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.routing.Frontend.Bind;

/** Makes the union of the parts. */
final class TableBuilder {
    private static final String TRIAL = "check::";

    private final List<RouteSet> parts;
    private final List<String> edgeAddresses;
    private final Optional<ControllerRoute> controller;
    private final SortedMap<String, MeshBackend> pools = new TreeMap<>();
    private final List<Frontend> frontends = new ArrayList<>();
    private final Map<String, Backend> backends = new HashMap<>();
    private final Map<String, List<String>> portsOfService = new HashMap<>();
    private final Map<String, String> bound = new HashMap<>();

    TableBuilder(List<RouteSet> parts, List<String> edgeAddresses, Optional<ControllerRoute> controller) {
        this.parts = parts;
        this.edgeAddresses = edgeAddresses;
        this.controller = controller;
    }

    RoutingTable build() {
        for (RouteSet part : parts) {
            for (Backend backend : part.backends()) {
                String name = poolName(part.deployment(), backend.service(), backend.port());
                backends.put(name, backend);
                portsOfService
                        .computeIfAbsent(part.deployment() + ":" + backend.service(), key -> new ArrayList<>())
                        .add(backend.port());
                pools.put(name, pool(name, backend, backend.http(), backend.sticky()));
                backend.trial().ifPresent(trial -> pools.put(TRIAL + name, trialPool(name, backend, trial)));
                listen("mesh::" + name, Frontend.Kind.MESH, backend.http(), meshBinds(backend), name);
                listen("wan::" + name, Frontend.Kind.OUTSIDE, backend.http(), outsideBinds(backend), name);
            }
        }
        DomainTable domains = DomainTable.merge(parts);
        domains.tcp().forEach((port, target) -> {
            String pool = poolFor(target, false, false);
            List<Bind> binds = new ArrayList<>();
            edgeAddresses.forEach(address -> binds.add(new Bind(Sanitizer.address(address), Sanitizer.port(port))));
            listen("tcp-domain::" + port, Frontend.Kind.OUTSIDE, false, binds, pool);
        });
        SortedMap<String, String> routes = new TreeMap<>();
        domains.routes().forEach((host, own) -> {
            boolean sticky = domains.sticky(host);
            own.forEach(
                    (path, route) -> routes.put(key(host, path), poolOf(domains.nameOf(host), path, route, sticky)));
            routes.putIfAbsent(key(host, ""), RoutingTable.NOWHERE);
        });
        domains.inherited().forEach((key, from) -> {
            String target = routes.get(from);
            if (target != null && !target.equals(RoutingTable.NOWHERE)) {
                routes.put(key, target);
            }
        });
        SortedMap<String, Site> sites = domains.sites();
        Optional<ControllerRoute> led = isLed() ? controller : Optional.empty();
        if (led.isPresent()) {
            lead(led.get(), sites, routes);
        }
        // The order of the parts changes with every application; what is rendered must not.
        frontends.sort((one, other) -> one.name().compareTo(other.name()));
        return new RoutingTable(pools, frontends, routes, sites, led);
    }

    /** Whether there is a name for the controller that no deployment has. */
    private boolean isLed() {
        if (controller.isEmpty()) {
            return false;
        }
        for (RouteSet part : parts) {
            if (controller.get().isClaimedBy(part)) {
                return false;
            }
        }
        return true;
    }

    /** HTTPS only, whole; what is too large, or sent too slowly, the controller itself refuses. */
    private static void lead(ControllerRoute route, SortedMap<String, Site> sites, SortedMap<String, String> routes) {
        String host = Sanitizer.host(route.domain());
        sites.put(
                host,
                new Site(
                        host,
                        new TreeMap<>(),
                        Optional.empty(),
                        true,
                        false,
                        true,
                        route.certificate(),
                        Domain.AccessLog.OFF));
        routes.put(key(host, ""), RoutingTable.CONTROLLER);
    }

    static String key(String host, String path) {
        return host + path + "/";
    }

    private static String poolName(String deployment, String service, String port) {
        String name = Sanitizer.name(deployment) + ":" + Sanitizer.name(service);
        return port.isEmpty() ? name : name + ":" + Sanitizer.name(port);
    }

    private static List<Bind> meshBinds(Backend backend) {
        List<Bind> binds = new ArrayList<>();
        for (String address : backend.meshAddresses()) {
            binds.add(new Bind(Sanitizer.address(address), Sanitizer.port(backend.meshPort())));
        }
        return binds;
    }

    private static List<Bind> outsideBinds(Backend backend) {
        List<Bind> binds = new ArrayList<>();
        for (String text : backend.bindings()) {
            int colon = text.lastIndexOf(':');
            String address = colon <= 0 ? "0.0.0.0" : text.substring(0, colon);
            String port = text.substring(colon + 1);
            try {
                binds.add(new Bind(Sanitizer.address(address), Sanitizer.port(Integer.parseInt(port))));
            } catch (NumberFormatException notNumber) {
                throw new Failure(
                        Kind.INVALID,
                        "wan_map of " + backend.service() + ": `" + Sanitizer.name(backend.service())
                                + "` has an address that is not address:port");
            }
        }
        return binds;
    }

    private void listen(String name, Frontend.Kind kind, boolean http, List<Bind> binds, String pool) {
        if (binds.isEmpty()) {
            return;
        }
        List<Bind> own = new ArrayList<>();
        for (Bind bind : binds) {
            String before = bound.putIfAbsent(bind.toString(), pool);
            if (before != null && !before.equals(pool)) {
                throw new Failure(Kind.INVALID, before + " and " + pool + " cannot both listen on " + bind)
                        .withHint("change the port of one of them (wan_map or a TCP domain)");
            }
            if (before == null) {
                own.add(bind);
            }
        }
        if (!own.isEmpty()) {
            frontends.add(new Frontend(name, kind, http, own, pool));
        }
    }

    private MeshBackend pool(String name, Backend backend, boolean http, boolean sticky) {
        List<MeshBackend.Entry> entries = new ArrayList<>();
        for (Server server : backend.servers()) {
            entries.add(entry(
                    Sanitizer.name(server.instance().name()), server, backend, Sanitizer.weight(server.weight())));
        }
        return new MeshBackend(name, http, sticky && http, check(backend), entries);
    }

    /** Servers that nothing is sent to: only what their check says is wanted. */
    private static MeshBackend trialPool(String name, Backend backend, RouteSet.Trial trial) {
        List<MeshBackend.Entry> entries = new ArrayList<>();
        for (Server server : backend.servers()) {
            if (server.instance().version() == trial.version()) {
                String own = Sanitizer.name(server.instance().name());
                entries.add(entry(own, server, backend, Sanitizer.weight(server.weight()))
                        .unlimited());
            }
        }
        return new MeshBackend(TRIAL + name, backend.http(), false, Optional.of(check(trial.health())), entries);
    }

    static MeshBackend.Entry entry(String name, Server server, Backend backend, int weight) {
        return new MeshBackend.Entry(
                name,
                server.instance(),
                backend.port(),
                Sanitizer.address(server.address()),
                Sanitizer.port(server.port()),
                server.state(),
                weight,
                backend.checked(),
                Sanitizer.connections(backend.maxConnections()));
    }

    private static Optional<MeshBackend.Check> check(Backend backend) {
        return backend.health().filter(Health::asksPort).map(TableBuilder::check);
    }

    private static MeshBackend.Check check(Health health) {
        return new MeshBackend.Check(
                health.type() == Health.Type.HTTP ? Optional.of(CheckRequest.of(health)) : Optional.empty(),
                Math.max(100, health.interval().toMillis()),
                Math.clamp(
                        health.startInterval().toMillis(),
                        100,
                        Math.max(100, health.interval().toMillis())),
                Math.max(100, health.timeout().toMillis()),
                Math.max(1, health.healthy()),
                Math.max(1, health.unhealthy()));
    }

    private String poolOf(String host, String path, Domain.Route route, boolean sticky) {
        if (route.targets().size() == 1) {
            return poolFor(route.targets().getFirst(), true, sticky);
        }
        String name = "mix::" + Hashes.shortHex(host + path);
        boolean anySticky = sticky;
        List<MeshBackend.Entry> entries = new ArrayList<>();
        Map<String, Domain.Target> targets = new LinkedHashMap<>();
        route.targets().forEach(target -> targets.put(nameOf(target), target));
        Optional<MeshBackend.Check> common = Optional.empty();
        boolean first = true;
        for (Map.Entry<String, Domain.Target> target : targets.entrySet()) {
            Backend backend = backends.get(target.getKey());
            if (backend == null) {
                continue;
            }
            anySticky |= backend.sticky();
            common = first || common.equals(check(backend)) ? check(backend) : Optional.empty();
            first = false;
            entries.addAll(
                    WeightScaler.of(backend, Sanitizer.weight(target.getValue().weight())));
        }
        List<MeshBackend.Member> members = targets.values().stream()
                .map(target -> new MeshBackend.Member(target.deployment(), target.service()))
                .distinct()
                .toList();
        pools.put(name, new MeshBackend(name, true, anySticky, common, WeightScaler.scale(entries), members));
        return name;
    }

    private String poolFor(Domain.Target target, boolean http, boolean sticky) {
        String natural = nameOf(target);
        Backend backend = backends.get(natural);
        if (backend == null) {
            // Declared, but not (or no longer) there: a backend without servers answers 503.
            String name = (http ? "http::" : "tcp::") + natural;
            pools.putIfAbsent(name, new MeshBackend(name, http, false, Optional.empty(), List.of()));
            return name;
        }
        boolean wantsCookie = http && sticky && !backend.sticky();
        if (backend.http() == http && !wantsCookie) {
            return natural;
        }
        String name = (wantsCookie ? "sticky::" : http ? "http::" : "tcp::") + natural;
        pools.computeIfAbsent(name, key -> pool(key, backend, http, wantsCookie || backend.sticky()));
        return name;
    }

    /** The pool's name of a target; a target that names no port means the service's only one, else its HTTP port. */
    private String nameOf(Domain.Target target) {
        @Nullable List<String> ports = portsOfService.get(target.deployment() + ":" + target.service());
        String port = target.port();
        if (port.isEmpty() && ports != null && !ports.contains("")) {
            port = ports.contains("http") ? "http" : ports.contains("web") ? "web" : ports.getFirst();
        }
        return poolName(target.deployment(), target.service(), port);
    }
}
