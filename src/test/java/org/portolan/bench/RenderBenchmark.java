package org.portolan.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;
import org.portolan.routing.HaproxyConfig;
import org.portolan.routing.NginxConfig;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.RenderContext;
import org.portolan.routing.RoutingTable;
import org.portolan.routing.Templates;
import org.portolan.sim.SimSite;

/** From the parts of 100 deployments with 500 services, 500 domains and 5,000 instances to both proxies' files. */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SingleShotTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RenderBenchmark {
    private static final int DEPLOYMENTS = 100;
    private static final int SERVICES = 5;
    private static final int INSTANCES = 10;

    private final List<RouteSet> parts = new ArrayList<>();
    private final Templates templates = Templates.shipped();
    private final ProxySettings settings = new ProxySettings(
            Path.of("/bench"),
            Optional.empty(),
            new ProxySettings.Edge(List.of("127.0.0.1"), 8080, 8443, 0),
            new ProxySettings.Statistics(List.of("127.0.0.1"), 8404, "portolan", Optional.of("bench")),
            ProxySettings.Timeouts.of(Duration.ofHours(1)),
            ProxySettings.Program.process("haproxy"),
            ProxySettings.Program.process("nginx"),
            Optional.empty());
    private final RenderContext local = new RenderContext(
            Path.of("/bench/pages"),
            Path.of("/bench/sites"),
            Path.of("/bench/run"),
            Path.of("/bench/maps"),
            8081,
            "edgetoken",
            "c2VjcmV0",
            "hash",
            Set.of("127.0.0.1"),
            Optional.empty(),
            4096,
            "1.22.1");

    @Setup
    public void prepare() {
        parts.clear();
        for (int d = 0; d < DEPLOYMENTS; d++) {
            parts.add(part("shop" + d, d));
        }
        int servers = bothFiles().split("\n    server ", -1).length - 1;
        if (servers < DEPLOYMENTS * SERVICES * INSTANCES) {
            throw new IllegalStateException("the benchmark renders only " + servers + " servers");
        }
    }

    @Benchmark
    public String bothFiles() {
        RoutingTable table = RoutingTable.of(parts);
        return HaproxyConfig.render(table, settings, local, templates).text()
                + NginxConfig.render(table, settings, local, templates);
    }

    private static RouteSet part(String deployment, int number) {
        List<RouteSet.Backend> backends = new ArrayList<>();
        List<Domain> domains = new ArrayList<>();
        for (int s = 0; s < SERVICES; s++) {
            String service = "web" + s;
            List<RouteSet.Server> servers = new ArrayList<>();
            for (int n = 1; n <= INSTANCES; n++) {
                int port = 20_000 + (number * SERVICES + s) * INSTANCES + n;
                servers.add(new RouteSet.Server(
                        new InstanceId(deployment, service, 1, n), "127.0.0.1", port, RouteSet.State.READY, 100));
            }
            backends.add(new RouteSet.Backend(
                    service,
                    "http",
                    true,
                    List.of("127.0.0.1"),
                    15_000 + number * SERVICES + s,
                    List.of(),
                    false,
                    Optional.empty(),
                    servers));
            domains.add(SimSite.domain(
                    service + "." + deployment + ".example", new Domain.Target(deployment, service, "http", 100)));
        }
        return new RouteSet(deployment, backends, domains);
    }
}
