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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.process.Daemon;
import org.portolan.process.Programs;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.StoreException;
import org.portolan.store.StoreFinding;

/** Three Sentinels, a primary and a replica: a fail-over under a lock that is held. */
@Tag("real")
class SentinelTest {
    @TempDir
    Path directory;

    private final RedisServers servers = new RedisServers();
    private final List<ProcessHandle> sentinels = new ArrayList<>();
    private final List<ProcessHandle> redis = new ArrayList<>();
    private int primary;
    private StoreSettings settings;

    @BeforeEach
    void start() throws Exception {
        String first = servers.start(folder("one"), "--masterauth", RedisServers.PASSWORD, "--appendonly", "yes");
        primary = port(first);
        redis.add(servers.last());
        servers.start(
                folder("two"),
                "--masterauth",
                RedisServers.PASSWORD,
                "--appendonly",
                "yes",
                "--replicaof",
                "127.0.0.1 " + primary);
        redis.add(servers.last());
        StringBuilder url = new StringBuilder("sentinel://:s3cret%3Awith%2Fodd%40characters@");
        for (int i = 0; i < 3; i++) {
            Path folder = folder("sentinel" + i);
            int port = RedisServers.freePort();
            Path file = Files.writeString(
                    folder.resolve("sentinel.conf"), """
                    port %d
                    bind 127.0.0.1
                    sentinel monitor shop 127.0.0.1 %d 2
                    sentinel auth-pass shop %s
                    sentinel down-after-milliseconds shop 1000
                    sentinel failover-timeout shop 5000
                    """.formatted(port, primary, RedisServers.PASSWORD));
            Daemon daemon = Daemon.start(
                    List.of(Programs.find("redis-server").orElseThrow().toString(), file.toString(), "--sentinel"),
                    folder,
                    folder.resolve("log"),
                    Map.of());
            sentinels.add(ProcessHandle.of(daemon.pid()).orElseThrow());
            url.append(i == 0 ? "" : ",").append("127.0.0.1:").append(port);
        }
        settings = RedisServers.settings(Optional.of(url + "/shop"), directory);
        StoreSettings alone = RedisServers.settings(Optional.of(first), directory);
        until(() -> RedisServers.command(alone, Command.ROLE) instanceof List<?> role
                && role.getLast() instanceof List<?> replicas
                && !replicas.isEmpty());
        // Sentinels find each other and the replica through the primary.
        until(() -> Files.readString(folder("sentinel0").resolve("log")).split("\\+sentinel ", -1).length > 2
                && Files.readString(folder("sentinel0").resolve("log")).contains("+slave "));
    }

    @AfterEach
    void stop() {
        sentinels.forEach(process -> StoreProcesses.end(process, Duration.ofSeconds(5)));
        redis.forEach(process -> StoreProcesses.end(process, Duration.ofSeconds(5)));
        servers.close();
    }

    private Path folder(String name) throws Exception {
        return Files.createDirectories(directory.resolve(name));
    }

    private static int port(String url) {
        return Integer.parseInt(url.replaceAll(".*:([0-9]+)/.*", "$1"));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void until(Condition condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - end)
                    .as(
                            "it does not come about: %s",
                            Files.readString(folder("sentinel0").resolve("log")))
                    .isNegative();
            Thread.sleep(50);
        }
    }

    private static Commit commit(String name) {
        return Commit.of(DeploymentState.empty(name, SourceId.HAND, Instant.EPOCH));
    }

    @Test
    void aLockIsHeldOverAFailOverAndNothingConfirmedIsLost() throws Exception {
        try (RedisStore store = RedisStore.open(settings);
                RedisStore other = RedisStore.open(settings);
                Lease lease = store.acquire("shop", "test").orElseThrow()) {
            store.commit(lease, commit("shop"));
            assertThat(store.describe()).contains("sentinel://127.0.0.1:");
            redis.getFirst().destroyForcibly();
            // A call that comes meanwhile waits for the new primary, at most its own time.
            until(() -> {
                try {
                    return store.deployments().containsKey("shop");
                } catch (StoreException failingOver) {
                    return false;
                }
            });
            assertThat(lease.held()).isTrue();
            assertThat(other.acquire("shop", "another")).isEmpty();
            store.commit(lease, commit("shop"));
            assertThat(other.deployments()).containsOnlyKeys("shop");
            assertThat(store.check())
                    .extracting(StoreFinding::found)
                    .anyMatch(found -> found.contains("has no replica"))
                    .anyMatch(found -> found.contains("without a replica"));
        }
    }

    @Test
    void whatNoReplicaConfirmsIsNotTakenForWritten() throws Exception {
        try (RedisStore store = RedisStore.open(settings);
                Lease lease = store.acquire("shop", "test").orElseThrow()) {
            new ProcessBuilder("kill", "-STOP", String.valueOf(redis.getLast().pid()))
                    .start()
                    .waitFor();
            try {
                assertThat(failure(() -> store.commit(lease, commit("shop")))).contains("no replica");
                assertThat(failure(() -> store.acquire("blog", "test"))).contains("no replica");
            } finally {
                new ProcessBuilder(
                                "kill", "-CONT", String.valueOf(redis.getLast().pid()))
                        .start()
                        .waitFor();
            }
            until(() -> failure(() -> store.commit(lease, commit("shop"))).isEmpty());
        }
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
