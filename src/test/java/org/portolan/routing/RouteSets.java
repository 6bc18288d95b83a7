package org.portolan.routing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Position;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec.Health;

/** Parts of the routing for tests. */
final class RouteSets {
    static final Position AT = new Position("Servicefile", 1, 1);
    static final String HASH = "$6$rounds=1000$salt$hash";

    private RouteSets() {}

    static Server server(String service, int n, State state, int weight) {
        return new Server(new InstanceId("shop", service, 1, n), "172.19.0.1", 20_000 + n, state, weight);
    }

    static Backend backend(String service, boolean http, int meshPort, Server... servers) {
        return new Backend(
                service,
                "",
                http,
                List.of("172.19.0.1"),
                meshPort,
                List.of(),
                false,
                Optional.empty(),
                List.of(servers));
    }

    static Backend checked(Backend backend, String path) {
        Health health = new Health(
                Health.Type.HTTP,
                path,
                "example.org",
                new TreeMap<>(),
                "",
                List.of(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                2,
                3,
                Duration.ofMillis(250),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60));
        return checked(backend, health);
    }

    static Backend checked(Backend backend, Health health) {
        return new Backend(
                backend.service(),
                backend.port(),
                backend.http(),
                backend.meshAddresses(),
                backend.meshPort(),
                backend.bindings(),
                backend.sticky(),
                Optional.of(health),
                backend.servers());
    }

    static Domain domain(String host, SortedMap<String, Domain.Route> routes, SortedMap<String, String> auth) {
        return new Domain(host, List.of(), routes, Optional.empty(), Optional.empty(), false, false, false, auth, AT);
    }

    /** The same domain with another access log. */
    static Domain logging(Domain domain, Domain.AccessLog log) {
        return new Domain(
                domain.host(),
                domain.aliases(),
                domain.routes(),
                domain.tcp(),
                domain.certificate(),
                domain.redirectHttps(),
                domain.maintenance(),
                domain.sticky(),
                domain.streamUploads(),
                domain.auth(),
                domain.digestRealm(),
                log,
                domain.at());
    }

    static Domain domain(String host, String path, Domain.Target... targets) {
        SortedMap<String, Domain.Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        routes.put(path, new Domain.Route(List.of(targets), AT));
        return domain(host, routes, new TreeMap<>());
    }

    static Domain.Target target(String service, int weight) {
        return new Domain.Target("shop", service, "", weight);
    }

    static RouteSet part(List<Backend> backends, Domain... domains) {
        return new RouteSet("shop", backends, List.of(domains));
    }

    static ProxySettings settings(Optional<Path> templates) {
        return new ProxySettings(
                Path.of("/home/me/.portolan/proxies"),
                templates,
                new ProxySettings.Edge(List.of("127.0.0.1"), 8080, 8443, 0),
                new ProxySettings.Statistics(List.of("127.0.0.1"), 8404, "portolan", Optional.empty()),
                ProxySettings.Timeouts.of(Duration.ofHours(1)),
                ProxySettings.Program.process("haproxy"),
                ProxySettings.Program.process("nginx"),
                Optional.empty());
    }

    static RenderContext local() {
        Path folder = Path.of("/home/me/.portolan/proxies");
        return new RenderContext(
                folder.resolve("sites/pages"),
                folder.resolve("sites"),
                folder.resolve("run"),
                folder.resolve("maps"),
                14_001,
                "0123456789abcdef",
                "c2VjcmV0",
                HASH,
                Set.of("127.0.0.1", "172.19.0.1"),
                Optional.empty(),
                20_000,
                "1.22.1");
    }
}
