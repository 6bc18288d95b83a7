package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.event.Event;
import org.portolan.model.event.UnknownEvent;
import org.portolan.model.service.Definition;
import org.portolan.model.service.SourceId;
import org.portolan.model.service.Version;
import org.portolan.model.state.DeploymentState;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/** State and history go from the embedded server to another one, whole or not at all. */
@Tag("real")
class StoreMoveTest {
    private static final String INSTALLATION = "cafe0001";

    @TempDir
    Path directory;

    private final RedisServers servers = new RedisServers();

    @AfterEach
    void stop() {
        servers.close();
        new EmbeddedRedis(directory.resolve("own"), warning -> {}).stop();
    }

    private StoreSettings embedded() {
        return RedisServers.settings(Optional.empty(), directory.resolve("own"));
    }

    private StoreSettings server() throws Exception {
        StoreSettings same = RedisServers.settings(Optional.of(servers.start(directory)), directory);
        return new StoreSettings(
                same.server(), "portolan:" + INSTALLATION, directory, same.key(), same.deadline(), same.warnings());
    }

    private static void fill(StoreSettings settings) {
        try (RedisStore store = RedisStore.open(settings)) {
            store.claim(INSTALLATION);
            try (Lease lease = store.acquire("shop", "test").orElseThrow()) {
                Event event = new Event(Instant.EPOCH, "shop", 0, new UnknownEvent("told", "", "", "hello"));
                store.commit(
                        lease,
                        Commit.of(DeploymentState.empty("shop", SourceId.HAND, Instant.EPOCH))
                                .with(List.of(
                                        new Version("web", 1, Definition.of(Map.of("image", "web:1")), Instant.EPOCH)))
                                .withEvents(List.of(event)));
            }
        }
    }

    @Test
    void stateHistoryAndSealedDefinitionsGoAlong() throws Exception {
        fill(embedded());
        RedisServers.command(embedded(), Command.HSET, "portolan:test:standings", "source/site", "{}");
        RedisServers.command(embedded(), Command.HSET, "portolan:test:of-another-part", "ci", "hash");
        StoreSettings target = server();
        assertThat(StoreMove.leftIn(embedded()).orElseThrow()).contains("shop");

        assertThat(StoreMove.move(embedded(), target, INSTALLATION, "me").deployments())
                .isEqualTo(1);
        assertThat(StoreMove.retire(embedded())).exists();
        assertThat(StoreMove.leftIn(embedded())).isEmpty();

        String there = target.prefix() + ":";
        assertThat(RedisServers.command(target, Command.HGET, there + "standings", "source/site"))
                .isEqualTo(RedisLink.bytes("{}"));
        assertThat(RedisServers.command(target, Command.HGET, there + "of-another-part", "ci"))
                .isEqualTo(RedisLink.bytes("hash"));
        try (RedisStore store = RedisStore.open(target)) {
            assertThat(store.deployments()).containsOnlyKeys("shop");
            assertThat(store.installation()).contains(INSTALLATION);
            assertThat(store.definition("shop", "web", 1)).contains(Definition.of(Map.of("image", "web:1")));
            assertThat(store.events("", 10)).extracting(Event::message).containsExactly("hello");
            assertThat(store.acquire("shop", "next")).isPresent();
        }
    }

    @Test
    void aTargetWithDeploymentsIsRefusedAndAForeignSourceToo() throws Exception {
        fill(embedded());
        StoreSettings target = server();
        fill(target);
        assertThatThrownBy(() -> StoreMove.move(embedded(), target, INSTALLATION, "me"))
                .hasMessageContaining("already has shop");
        assertThatThrownBy(() -> StoreMove.move(embedded(), target, "beef0002", "me"))
                .hasMessageContaining("belongs to installation " + INSTALLATION);
    }

    @Test
    void nothingIsMovedWhileADeploymentIsChanged() throws Exception {
        fill(embedded());
        StoreSettings target = server();
        try (RedisStore store = RedisStore.open(embedded());
                Lease lease = store.acquire("shop", "deploy by somebody").orElseThrow()) {
            assertThat(lease.name()).isEqualTo("shop");
            assertThatThrownBy(() -> StoreMove.move(embedded(), target, INSTALLATION, "me"))
                    .hasMessageContaining("shop is locked by");
        }
        try (RedisStore store = RedisStore.open(target)) {
            assertThat(store.deployments()).isEmpty();
        }
    }
}
