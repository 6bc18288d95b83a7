package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.process.Commands;
import org.portolan.process.Daemon;
import org.portolan.process.Home;
import org.portolan.process.Programs;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.RedisAddress;
import org.portolan.store.StoreException;

/** A Cluster: whichever node is asked first, the store finds the one that has its keys, also when that one is replaced. */
@Tag("real")
class ClusterTest {
    @TempDir
    Path directory;

    private final SortedMap<Integer, ProcessHandle> started = new TreeMap<>();

    @AfterEach
    void stop() {
        started.values().forEach(process -> StoreProcesses.end(process, Duration.ofSeconds(5)));
    }

    /** Starts nodes and makes them a Cluster; gives the client's program. */
    private Path cluster(int nodes, List<String> ofEach, String... options) throws Exception {
        assertThat(System.getenv("PORTOLAN_SANDBOX"))
                .as("run this in scripts/sandbox")
                .isNotNull();
        Optional<Path> client = Programs.find("redis-cli");
        Assumptions.assumeTrue(client.isPresent(), "redis-cli is not installed");
        List<String> create = new ArrayList<>(List.of(client.orElseThrow().toString(), "--cluster", "create"));
        for (int i = 0; i < nodes; i++) {
            Path folder = Files.createDirectories(directory.resolve("node" + i));
            int port = 16000 + (int) (ProcessHandle.current().pid() % 500) * 12 + nodes + i;
            List<String> line = new ArrayList<>(List.of(
                    Programs.find("redis-server").orElseThrow().toString(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--cluster-enabled",
                    "yes"));
            line.addAll(ofEach);
            Daemon daemon = Daemon.start(line, folder, folder.resolve("log"), Map.of());
            started.put(port, ProcessHandle.of(daemon.pid()).orElseThrow());
            create.add("127.0.0.1:" + port);
        }
        create.addAll(List.of(options));
        create.add("--cluster-yes");
        until(
                () -> "",
                () -> Commands.run(create, Duration.ofSeconds(20)).output().contains("All 16384 slots covered"));
        return client.orElseThrow();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Supplier<String> state, Condition condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - end)
                    .as("it does not come about: %s", state.get())
                    .isNegative();
            Thread.sleep(200);
        }
    }

    private StoreSettings settings(String url) throws RedisAddress.Malformed {
        return StoreSettings.of(
                Home.of(Map.of("PORTOLAN_HOME", directory.resolve("home").toString())),
                Optional.of(new StoreSettings.Server(RedisAddress.parse(url), "redis")),
                Optional.empty(),
                warning -> {
                    throw new AssertionError(warning);
                });
    }

    @Test
    void everyNodeLeadsToTheKeys() throws Exception {
        cluster(3, List.of());
        List<Integer> ports = List.copyOf(started.keySet());
        for (int port : ports) {
            StoreSettings settings = settings("cluster://127.0.0.1:" + port);
            assertThat(settings.prefix()).startsWith("{portolan:").endsWith("}");
            try (RedisStore store = RedisStore.open(settings)) {
                String name = "shop" + port;
                try (Lease lease = store.acquire(name, "test").orElseThrow()) {
                    store.commit(lease, Commit.of(DeploymentState.empty(name, SourceId.HAND, Instant.EPOCH)));
                }
                assertThat(store.deployments()).hasSize(ports.indexOf(port) + 1);
            }
            assertThat(new RedisContent(settings).read()).isNotEmpty();
        }
    }

    @Test
    void aLockIsHeldOverAFailOverAndNothingConfirmedIsLost() throws Exception {
        Path client =
                cluster(6, List.of("--appendonly", "yes", "--cluster-node-timeout", "2000"), "--cluster-replicas", "1");
        // Two of the six are named: neither need be the primary that has the keys, nor live on.
        List<Integer> ports = List.copyOf(started.keySet());
        StoreSettings settings = settings("cluster://127.0.0.1:" + ports.getFirst() + ",127.0.0.1:" + ports.getLast());
        try (RedisStore store = RedisStore.open(settings);
                RedisStore other = RedisStore.open(settings)) {
            Supplier<String> read = () -> failure(store::deployments);
            until(read, () -> read.get().isEmpty());
            try (Lease lease = store.acquire("shop", "test").orElseThrow()) {
                store.commit(lease, Commit.of(DeploymentState.empty("shop", SourceId.HAND, Instant.EPOCH)));
                int primary = primary(client, settings);
                // A replica that has not all yet would not take its place.
                List<String> ask = List.of(client.toString(), "-p", String.valueOf(primary), "info", "replication");
                Supplier<String> replicas =
                        () -> Commands.run(ask, Duration.ofSeconds(5)).output();
                until(replicas, () -> replicas.get().contains("state=online"));
                store.commit(lease, Commit.of(DeploymentState.empty("shop", SourceId.HAND, Instant.EPOCH)));
                Objects.requireNonNull(started.get(primary)).destroyForcibly();
                until(read, () -> read.get().isEmpty());
                assertThat(lease.held()).isTrue();
                assertThat(store.deployments()).containsOnlyKeys("shop");
                assertThat(other.acquire("shop", "another")).isEmpty();
                store.commit(lease, Commit.of(DeploymentState.empty("shop", SourceId.HAND, Instant.EPOCH)));
            }
        }
    }

    /** The port of the one node that says itself that it has the store's keys. */
    private int primary(Path client, StoreSettings settings) throws Exception {
        for (int port : started.keySet()) {
            List<String> ask = List.of(
                    client.toString(), "-p", String.valueOf(port), "exists", settings.prefix() + ":deployments");
            if (Commands.run(ask, Duration.ofSeconds(5)).output().strip().equals("1")) {
                return port;
            }
        }
        throw new AssertionError("none has the keys");
    }

    private static String failure(Runnable call) {
        try {
            call.run();
            return "";
        } catch (StoreException failure) {
            return failure.what();
        }
    }
}
