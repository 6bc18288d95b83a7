package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** A Cluster of three: whichever is asked first, the store finds the one that has its keys. */
@Tag("real")
class ClusterTest {
    @TempDir
    Path directory;

    private final List<ProcessHandle> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(process -> StoreProcesses.end(process, Duration.ofSeconds(5)));
    }

    @Test
    void everyNodeLeadsToTheKeys() throws Exception {
        assertThat(System.getenv("PORTOLAN_SANDBOX"))
                .as("run this in scripts/sandbox")
                .isNotNull();
        Optional<Path> client = Programs.find("redis-cli");
        Assumptions.assumeTrue(client.isPresent(), "redis-cli is not installed");
        List<Integer> ports = new ArrayList<>();
        List<String> create = new ArrayList<>(List.of(client.orElseThrow().toString(), "--cluster", "create"));
        for (int i = 0; i < 3; i++) {
            Path folder = Files.createDirectories(directory.resolve("node" + i));
            int port = 21000 + (int) (ProcessHandle.current().pid() % 1000) * 4 + i;
            ports.add(port);
            Daemon daemon = Daemon.start(
                    List.of(
                            Programs.find("redis-server").orElseThrow().toString(),
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--cluster-enabled",
                            "yes"),
                    folder,
                    folder.resolve("log"),
                    Map.of());
            started.add(ProcessHandle.of(daemon.pid()).orElseThrow());
            create.add("127.0.0.1:" + port);
        }
        create.add("--cluster-yes");
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!Commands.run(create, Duration.ofSeconds(20)).output().contains("All 16384 slots covered")) {
            assertThat(System.nanoTime() - end).as("the cluster is not made").isNegative();
            Thread.sleep(200);
        }
        for (int port : ports) {
            RedisAddress address = RedisAddress.parse("cluster://127.0.0.1:" + port);
            StoreSettings settings = StoreSettings.of(
                    Home.of(Map.of("PORTOLAN_HOME", directory.resolve("home").toString())),
                    Optional.of(new StoreSettings.Server(address, "redis")),
                    Optional.empty(),
                    warning -> {
                        throw new AssertionError(warning);
                    });
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
}
