package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.service.Definition;
import org.portolan.model.service.SourceId;
import org.portolan.model.service.Version;
import org.portolan.model.state.DeploymentState;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoredKey;

/** What a store holds is read as one and comes back in another, whoever wrote it. */
@Tag("real")
class RedisContentTest {
    private static final String INSTALLATION = "cafe0001";

    @TempDir
    Path directory;

    private final RedisServers servers = new RedisServers();

    @AfterEach
    void stop() {
        servers.close();
    }

    private StoreSettings at(Optional<String> url, String prefix, int key) {
        StoreSettings same = RedisServers.settings(url, directory);
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) key);
        return new StoreSettings(same.server(), prefix, directory, () -> bytes, same.deadline(), same.warnings());
    }

    private static void fill(StoreSettings settings) throws Exception {
        try (RedisStore store = RedisStore.open(settings)) {
            store.claim(INSTALLATION);
            try (Lease lease = store.acquire("shop", "test").orElseThrow()) {
                store.commit(
                        lease,
                        Commit.of(DeploymentState.empty("shop", SourceId.HAND, Instant.EPOCH))
                                .with(List.of(new Version(
                                        "web", 1, Definition.of(Map.of("image", "web:1")), Instant.EPOCH))));
            }
        }
        String prefix = settings.prefix();
        RedisServers.command(settings, Command.HSET, prefix + ":tokens", "ci", "hash", "ops", "other");
        RedisServers.command(settings, Command.SADD, prefix + ":some:set", "a", "b");
        RedisServers.command(settings, Command.RPUSH, prefix + ":some:list", "a", "b", "a");
        RedisServers.command(settings, Command.ZADD, prefix + ":some:order", "2.5", "a", "1", "b");
        RedisServers.command(settings, Command.XADD, prefix + ":some:log", "5-1", "k", "v", "k2", "v2");
        RedisServers.command(settings, Command.SET, prefix + ":some:text", "text");
        RedisServers.command(settings, Command.PEXPIRE, prefix + ":some:text", "60000");
        // Of others on the same server: a prefix that begins in the same way, and one that a pattern would match.
        RedisServers.command(settings, Command.SET, prefix + "x:text", "another's");
    }

    @Test
    void everyKindOfKeyComesBackSealedForItsNewPlaceAndKey() throws Exception {
        String url = servers.start(directory);
        StoreSettings from = at(Optional.of(url), "portolan:old", 1);
        StoreSettings to = at(Optional.of(url), "portolan:new", 2);
        fill(from);
        List<StoredKey> saved = new RedisContent(from).read();
        assertThat(saved)
                .extracting(StoredKey::name)
                .contains("deployments", "definitions:shop", "tokens", "some:text")
                .noneMatch(
                        name -> name.startsWith("lock:") || name.startsWith("fence:") || name.equals("installation"));

        new RedisContent(to).restore(saved, "portolan:old", from.key().get(), INSTALLATION, false);
        List<StoredKey> restored = new RedisContent(to).read();
        assertThat(restored)
                .extracting(StoredKey::name)
                .isEqualTo(saved.stream().map(StoredKey::name).toList());
        for (int i = 0; i < saved.size(); i++) {
            assertThat(restored.get(i).type()).isEqualTo(saved.get(i).type());
            if (!saved.get(i).name().startsWith("definitions:")) {
                assertThat(texts(restored.get(i))).isEqualTo(texts(saved.get(i)));
            }
        }
        assertThat(restored.stream().filter(key -> key.expires() > 0)).hasSize(1);
        try (RedisStore store = RedisStore.open(to)) {
            assertThat(store.installation()).contains(INSTALLATION);
            assertThat(store.definition("shop", "web", 1)).contains(Definition.of(Map.of("image", "web:1")));
            assertThat(store.acquire("shop", "next")).isPresent();
        }
    }

    private static List<List<String>> texts(StoredKey key) {
        return key.items().stream()
                .map(item -> item.stream().map(RedisLink::text).toList())
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .toList();
    }

    @Test
    void aStoreThatIsInUseIsNotOverwritten() throws Exception {
        String url = servers.start(directory);
        StoreSettings from = at(Optional.of(url), "portolan:old", 1);
        fill(from);
        RedisContent content = new RedisContent(from);
        List<StoredKey> saved = content.read();
        assertThatThrownBy(
                        () -> content.restore(saved, "portolan:old", from.key().get(), INSTALLATION, false))
                .hasMessageContaining("already holds");
        try (RedisStore store = RedisStore.open(from);
                Lease leads = store.acquire(Store.LEADER, "controller").orElseThrow()) {
            assertThat(leads.held()).isTrue();
            assertThatThrownBy(() ->
                            content.restore(saved, "portolan:old", from.key().get(), INSTALLATION, true))
                    .hasMessageContaining("a controller works with the store");
        }
        RedisServers.command(from, Command.SET, "portolan:old:later", "x");
        content.restore(saved, "portolan:old", from.key().get(), INSTALLATION, true);
        assertThat(content.read())
                .extracting(StoredKey::name)
                .isEqualTo(saved.stream().map(StoredKey::name).toList());
        assertThat(RedisServers.command(from, Command.GET, "portolan:oldx:text"))
                .isEqualTo(RedisLink.bytes("another's"));
    }

    @Test
    void aChangeIsInItWholeOrNotAtAll() throws Exception {
        String url = servers.start(directory);
        StoreSettings settings = at(Optional.of(url), "portolan:busy", 1);
        String both = "redis.call('SET', KEYS[1], ARGV[1]) redis.call('SET', KEYS[2], ARGV[1]) return 1";
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; !Thread.interrupted(); i++) {
                try {
                    RedisServers.command(
                            settings, Command.EVAL, both, "2", "portolan:busy:a", "portolan:busy:z", String.valueOf(i));
                } catch (Exception ended) {
                    return;
                }
            }
        });
        try {
            for (int i = 0; i < 200; i++) {
                List<StoredKey> read = new RedisContent(settings).read();
                if (read.size() == 2) {
                    assertThat(texts(read.get(0))).isEqualTo(texts(read.get(1)));
                }
            }
        } finally {
            writer.interrupt();
            writer.join();
        }
    }
}
