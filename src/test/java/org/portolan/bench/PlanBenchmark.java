package org.portolan.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
import org.portolan.model.Position;
import org.portolan.model.container.Container;
import org.portolan.model.container.Image;
import org.portolan.model.container.Network;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.plan.Basis;
import org.portolan.plan.Plan;
import org.portolan.plan.PlanInput;
import org.portolan.plan.PlanOptions;
import org.portolan.plan.Planner;

/** Planning 1,000 services against 1,000 running instances: nothing changed, everything changed. */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SingleShotTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlanBenchmark {
    private static final int SERVICES = 1_000;
    private static final String IMAGE = "example/app:1";

    private Optional<PlanInput> unchanged = Optional.empty();
    private Optional<PlanInput> changed = Optional.empty();

    @Setup
    public void prepare() {
        unchanged = Optional.of(input("a"));
        changed = Optional.of(input("b"));
        if (!Planner.plan(unchanged.get()).isEmpty()
                || Planner.plan(changed.get()).actions().size() != SERVICES) {
            throw new IllegalStateException("the plans are not what the benchmark measures");
        }
    }

    @Benchmark
    public Plan noChange() {
        return Planner.plan(unchanged.orElseThrow());
    }

    @Benchmark
    public Plan everyServiceChanged() {
        return Planner.plan(changed.orElseThrow());
    }

    private static PlanInput input(String value) {
        SortedMap<String, Desired.DesiredService> services = new TreeMap<>();
        SortedMap<String, Release.Placed> placed = new TreeMap<>();
        SortedMap<String, List<DeploymentState.VersionRef>> versions = new TreeMap<>();
        SortedMap<String, Integer> mesh = new TreeMap<>();
        List<Container> containers = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            String name = "service-" + i;
            Definition running = definition(i, "a");
            Definition resolved = running.with("image_id", "sha256:content");
            services.put(
                    name,
                    new Desired.DesiredService(name, definition(i, value), 1, new Position("Servicefile", i + 1, 1)));
            placed.put(name, new Release.Placed(1, 1));
            versions.put(name, List.of(new DeploymentState.VersionRef(1, resolved.hash(), Instant.EPOCH, "localhost")));
            mesh.put(name + "/http", 15_000 + i);
            containers.add(container(name, resolved.hash()));
        }
        DeploymentState state = DeploymentState.empty("bench", new SourceId("file", "Servicefile"), Instant.EPOCH)
                .change()
                .services(placed)
                .versions(versions)
                .meshPorts(mesh)
                .build();
        Network network = new Network(
                "n", "portolan-bench", Map.of(Labels.INSTALLATION, "here", Labels.DEPLOYMENT, "bench"), "", "");
        Image image = new Image("sha256:content", List.of(), List.of(), List.of(), Optional.empty());
        return new PlanInput(
                new Desired("bench", Origin.of(new SourceId("file", "Servicefile")), services, List.of(), ""),
                List.of(),
                Optional.of(state),
                Map.of("bench", state),
                new Observation(containers, List.of(network), List.of(), Set.of()),
                "here",
                Map.of(IMAGE, Optional.of(image)),
                (service, version) ->
                        Optional.of(definition(Integer.parseInt(service.substring("service-".length())), "a")
                                .with("image_id", "sha256:content")),
                Optional.empty(),
                new PlanOptions(Basis.Files.ORDINARY, 15_000, 19_999));
    }

    private static Definition definition(int number, String value) {
        return Definition.of(Map.of(
                "image", IMAGE,
                "cmd", List.of("/bin/sh", "-c", "exec serve --number " + number),
                "env", Map.of("NUMBER", String.valueOf(number), "VALUE", value, "CACHE", "redis://{REDIS_HOST}"),
                "ports", Map.of("http", 8000),
                "health", Map.of("http", "/up", "interval", "2s")));
    }

    private static Container container(String service, String hash) {
        return new Container(
                "id-of-" + service,
                "bench-" + service + "-1-1",
                Map.of(
                        Labels.INSTALLATION, "here",
                        Labels.DEPLOYMENT, "bench",
                        Labels.SERVICE, service,
                        Labels.VERSION, "1",
                        Labels.INSTANCE, "1",
                        Labels.HASH, hash,
                        Labels.SOURCE, "file:Servicefile"),
                Container.State.RUNNING,
                0,
                Optional.empty(),
                0,
                false,
                "sha256:content");
    }
}
