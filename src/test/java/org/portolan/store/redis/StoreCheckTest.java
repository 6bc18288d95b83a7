package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.store.StoreFinding;

/** Real servers in states that do not suit a release. */
@Tag("real")
class StoreCheckTest {
    @TempDir
    Path directory;

    private final RedisServers servers = new RedisServers();

    @AfterEach
    void stop() {
        servers.close();
    }

    private List<StoreFinding> check(String... options) throws Exception {
        String url = servers.start(directory, options);
        try (RedisStore store = RedisStore.open(RedisServers.settings(Optional.of(url), directory))) {
            List<StoreFinding> findings = store.check();
            assertThat(RedisServers.command(
                            RedisServers.settings(Optional.of(url), directory),
                            Command.EVAL,
                            "return #redis.call('KEYS','*')",
                            "0"))
                    .as("what was written is gone")
                    .isEqualTo(0L);
            return findings;
        }
    }

    @Test
    void anAppendOnlyPrimaryIsWell() throws Exception {
        assertThat(check("--appendonly", "yes", "--dir", directory.toString())).isEmpty();
    }

    @Test
    void aReplicaIsSaidAndRefusesTheWrite() throws Exception {
        assertThat(check("--replicaof", "127.0.0.1", "1"))
                .anyMatch(found -> found.fault() && found.found().contains("replica of 127.0.0.1:1"))
                .anyMatch(found -> found.fault() && found.found().contains("READONLY"));
    }

    @Test
    void aFullServerThatEvictsIsSaid() throws Exception {
        assertThat(check("--maxmemory", "100kb", "--maxmemory-policy", "volatile-lru"))
                .anyMatch(found -> found.fault() && found.found().contains("memory is full"))
                .anyMatch(found -> found.fault() && found.found().contains("OOM"));
    }

    @Test
    void aServerThatSavesNothingIsSaid() throws Exception {
        assertThat(check("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"))
                .anyMatch(found -> found.found().contains("no persistence"))
                .anyMatch(found -> found.fault() && found.found().contains("allkeys-lru"));
    }

    @Test
    void writesThatAreRefusedForLackOfReplicasAreSaid() throws Exception {
        assertThat(check("--min-replicas-to-write", "1", "--appendonly", "yes", "--dir", directory.toString()))
                .singleElement()
                .matches(found -> found.fault() && found.found().contains("NOREPLICAS"));
    }

    @Test
    void aClusterIsSaid() throws Exception {
        String url = servers.start(directory, "--cluster-enabled", "yes", "--dir", directory.toString());
        try (RedisStore store = RedisStore.open(RedisServers.settings(Optional.of(url), directory))) {
            assertThat(store.check())
                    .anyMatch(found -> found.fault() && found.found().contains("Redis cluster"));
        }
    }
}
