package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;
import org.portolan.model.service.Version;
import org.portolan.model.state.DeploymentState;
import org.portolan.socket.SocketWatchdog;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreContract;
import org.portolan.store.StoreException;

/** Servers that go away, hang or hold rubbish, and holders of locks that die or are overtaken. */
@Tag("real")
class RedisFaultsTest {
    @TempDir
    Path directory;

    private final RedisServers servers = new RedisServers();
    private StoreSettings settings = RedisServers.settings(Optional.empty(), Path.of(""));
    private String url = "";

    @BeforeEach
    void start() throws Exception {
        url = servers.start(directory);
        settings = RedisServers.settings(Optional.of(url), directory);
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    private static void assertKind(Kind kind, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageNotContaining(RedisServers.PASSWORD)
                .hasMessageNotContaining("s3cret");
    }

    private static Duration time(Runnable call) {
        long start = System.nanoTime();
        call.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void signal(ProcessHandle process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void aServerThatIsGoneFailsAtOnce() {
        try (RedisStore store = RedisStore.open(settings)) {
            servers.close();
            assertThat(time(() -> assertKind(Kind.UNREACHABLE, store::deployments)))
                    .isLessThan(Duration.ofSeconds(1));
            assertKind(Kind.UNREACHABLE, () -> store.acquire("shop", ""));
        }
        assertKind(Kind.UNREACHABLE, () -> RedisStore.open(settings));
    }

    @Test
    void aServerThatHangsFailsByTheDeadlineAndIsUsedAgainAfterwards() throws Exception {
        try (RedisStore store = RedisStore.open(settings)) {
            signal(servers.last(), "STOP");
            assertThat(time(() -> assertKind(Kind.UNREACHABLE, store::deployments)))
                    .isBetween(Duration.ofMillis(1900), Duration.ofMillis(3500));
            assertKind(Kind.UNREACHABLE, () -> RedisStore.open(settings).deployments());
            signal(servers.last(), "CONT");
            assertThat(store.deployments()).isEmpty();
        } finally {
            signal(servers.last(), "CONT");
        }
    }

    @Test
    void aHangingServerOnAUnixSocketFailsByTheDeadlineToo() throws Exception {
        StoreSettings own = RedisServers.settings(Optional.empty(), directory.resolve("own"));
        EmbeddedRedis redis = new EmbeddedRedis(own.directory(), warning -> {});
        try (RedisStore store = RedisStore.open(own)) {
            ProcessHandle process = ProcessHandle.of(redis.pid().orElseThrow()).orElseThrow();
            signal(process, "STOP");
            assertThat(time(() -> assertKind(Kind.UNREACHABLE, store::deployments)))
                    .isBetween(Duration.ofMillis(1900), Duration.ofMillis(3500));
            signal(process, "CONT");
            assertThat(store.deployments()).isEmpty();
        } finally {
            redis.stop();
        }
    }

    @Test
    void aWrongPasswordIsSaidWithoutItAndAMissingOneToo() {
        String wrong = url.replace("s3cret", "wr0ng");
        assertThatThrownBy(() -> RedisStore.open(RedisServers.settings(Optional.of(wrong), directory)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("WRONGPASS")
                .hasMessageNotContaining("wr0ng");
        String none = url.replaceFirst("//.*@", "//");
        assertThatThrownBy(() -> RedisStore.open(RedisServers.settings(Optional.of(none), directory))
                        .deployments())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("NOAUTH");
    }

    @Test
    void theLockOfAKilledProcessIsTakenAtOnceThatOfALivingOneIsNot() throws Exception {
        try (StoreChild child = StoreChild.start(directory, url, "hold");
                RedisStore store = RedisStore.open(settings)) {
            child.awaitLine();
            assertThat(store.acquire("shop", "")).isEmpty();
            assertThat(store.holder("shop").orElseThrow()).contains("holds until it is killed");
            child.killNine();
            assertThat(store.holder("shop"))
                    .as("nobody: a dead process holds nothing")
                    .isEmpty();
            try (Lease lease = store.acquire("shop", "").orElseThrow()) {
                store.commit(lease, Commit.of(StoreContract.fullState("shop")));
            }
        }
    }

    @Test
    void theLockOfAnotherMachineStandsForItsTime() throws Exception {
        String owner =
                "5 {\"user\":\"u\",\"host\":\"far\",\"process\":\"1 1 elsewhere\",\"purpose\":\"p\",\"since\":\"1.000000000\",\"nonce\":\"n\"}";
        RedisServers.command(
                settings,
                Command.EVAL,
                "redis.call('SET', KEYS[1], ARGV[1], 'PX', 700)",
                "1",
                "portolan:test:lock:shop",
                owner);
        try (RedisStore store = RedisStore.open(settings)) {
            assertThat(store.acquire("shop", "")).isEmpty();
            assertThat(store.holder("shop").orElseThrow()).startsWith("u@far, process 1: p, since 1970-01-01 ");
            Thread.sleep(800);
            assertThat(store.acquire("shop", "")).isPresent();
        }
    }

    @Test
    void whoWasOvertakenIsRefusedAndLearnsIt() throws Exception {
        try (RedisStore one = RedisStore.open(settings);
                RedisStore two = RedisStore.open(settings);
                Lease old = one.acquire("shop", "one").orElseThrow()) {
            RedisServers.command(settings, Command.EVAL, "redis.call('DEL', KEYS[1])", "1", "portolan:test:lock:shop");
            try (Lease young = two.acquire("shop", "two").orElseThrow()) {
                assertThat(young.token()).isGreaterThan(old.token());
                assertKind(Kind.FENCED, () -> one.commit(old, Commit.of(StoreContract.fullState("shop"))));
                assertThat(two.deployments()).isEmpty();
                two.commit(young, Commit.of(StoreContract.fullState("shop")));
                StoreContract.await(() -> !old.held());
                assertThat(young.held()).isTrue();
            }
        }
    }

    @Test
    void aLeaseIsRenewedBeyondItsTimeAndEndsWhileTheServerIsAway() throws Exception {
        try (RedisStore store = RedisStore.open(settings);
                RedisStore other = RedisStore.open(settings);
                Lease lease = store.acquire("shop", "").orElseThrow()) {
            Thread.sleep(Store.LEASE_TIME.plusSeconds(1));
            assertThat(lease.held()).isTrue();
            assertThat(other.acquire("shop", "")).isEmpty();
            signal(servers.last(), "STOP");
            Instant stopped = Instant.now();
            StoreContract.awaitWithin(Duration.ofSeconds(12), () -> !lease.held());
            assertThat(Duration.between(stopped, Instant.now())).isGreaterThan(Duration.ofSeconds(4));
        } finally {
            signal(servers.last(), "CONT");
        }
    }

    @Test
    void aDamagedEntryCostsItsOwnDeploymentAndIsKeptWhenItIsWrittenAnew() throws Exception {
        RedisServers.command(
                settings,
                Command.EVAL,
                "redis.call('HSET', KEYS[1], 'shop', '{\"owner\": {\"location\": 5}}', 'zz', '{}')",
                "1",
                "portolan:test:deployments");
        List<String> warnings = new CopyOnWriteArrayList<>();
        try (RedisStore store = RedisStore.open(warning(warnings))) {
            write(store, "site");
            assertThat(store.deployments()).containsOnlyKeys("site");
            assertThat(store.deployment("shop")).isEmpty();
            assertThat(store.damaged()).containsExactly("shop", "zz");
            assertThat(warnings)
                    .hasSize(2)
                    .anyMatch(told -> told.startsWith("the store's entry portolan:test:deployments shop is damaged:"
                            + " owner.location should be a text; shop is restored from"));
            write(store, "shop");
            assertThat(store.deployments()).containsOnlyKeys("site", "shop");
            assertThat(store.damaged()).containsExactly("zz");
            try (RedisStore other = RedisStore.open(warning(warnings))) {
                write(other, "zz");
            }
            assertThat(store.deployments()).containsOnlyKeys("site", "shop", "zz");
            assertThat(store.damaged()).as("another process wrote it again").isEmpty();
        }
        assertThat(String.valueOf(RedisServers.command(settings, Command.HKEYS, "portolan:test:damaged")))
                .isNotEqualTo("[]");
    }

    /** A store remembers what it read, by its bytes: never in place of what another process wrote, or of what is damaged. */
    @Test
    void whatWasReadIsReadAgainOnlyWhenItChanged() throws Exception {
        try (RedisStore store = RedisStore.open(warning(new CopyOnWriteArrayList<>()));
                RedisStore other = RedisStore.open(settings)) {
            write(store, "shop");
            DeploymentState first = store.deployment("shop").orElseThrow();
            assertThat(store.deployments().get("shop")).isSameAs(first);
            try (Lease lease = other.acquire("shop", "tests").orElseThrow()) {
                other.commit(
                        lease,
                        Commit.of(first.change()
                                .lastRelease(first.lastRelease() + 1)
                                .build()));
            }
            assertThat(store.deployments().get("shop").lastRelease()).isEqualTo(first.lastRelease() + 1);
            RedisServers.command(settings, Command.HSET, "portolan:test:deployments", "shop", "{}");
            assertThat(store.deployments()).doesNotContainKey("shop");
            assertThat(store.deployment("shop")).isEmpty();
        }
    }

    @Test
    void whatCannotBeReadOfHistoryIsLeftOut() throws Exception {
        try (RedisStore store = RedisStore.open(settings)) {
            write(store, "shop");
        }
        RedisServers.command(
                settings,
                Command.EVAL,
                "redis.call('HSET', KEYS[1], '9', 'rubbish')",
                "1",
                "portolan:test:releases:shop");
        List<String> warnings = new CopyOnWriteArrayList<>();
        try (RedisStore store = RedisStore.open(warning(warnings))) {
            assertThat(store.releases("shop", 10)).isEmpty();
            assertKind(Kind.CORRUPT, () -> store.release("shop", 9));
        }
        assertThat(warnings).hasSize(1);
    }

    private StoreSettings warning(List<String> warnings) {
        return new StoreSettings(
                settings.server(), settings.prefix(), directory, settings.key(), settings.deadline(), warnings::add);
    }

    private static void write(Store store, String name) {
        try (Lease lease = store.acquire(name, "").orElseThrow()) {
            store.commit(lease, Commit.of(StoreContract.fullState(name)));
        }
    }

    @Test
    void aKeyOfTheWrongKindStopsAChangeBeforeItBegins() throws Exception {
        RedisServers.command(settings, Command.EVAL, "redis.call('SET', KEYS[1], 'x')", "1", "portolan:test:events");
        try (RedisStore store = RedisStore.open(settings);
                Lease lease = store.acquire("shop", "").orElseThrow()) {
            Commit commit =
                    Commit.of(StoreContract.fullState("shop")).withEvents(List.of(StoreContract.event(1, "happened")));
            assertThatThrownBy(() -> store.commit(lease, commit))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("portolan:test:events is a string, not a stream");
            assertThat(store.deployments()).isEmpty();
        }
    }

    @Test
    void whatAnotherKeyEncryptedIsLostAndSaidToBe() {
        try (RedisStore store = RedisStore.open(settings);
                Lease lease = store.acquire("shop", "").orElseThrow()) {
            store.commit(
                    lease,
                    Commit.of(StoreContract.fullState("shop"))
                            .with(List.of(new Version("web", 1, StoreContract.definition("x"), Instant.EPOCH))));
            assertThat(store.readable()).isTrue();
        }
        List<String> warnings = new CopyOnWriteArrayList<>();
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;
        StoreSettings other = new StoreSettings(
                settings.server(), settings.prefix(), directory, () -> otherKey, settings.deadline(), warnings::add);
        try (RedisStore store = RedisStore.open(other)) {
            assertThat(store.deployments()).containsOnlyKeys("shop");
            assertThat(store.readable()).isFalse();
            assertThat(store.definition("shop", "web", 1)).isEmpty();
            assertThat(store.definition("shop", "web", 1)).isEmpty();
        }
        assertThat(warnings).hasSize(1).first().asString().contains("cannot be decrypted with this installation's key");
    }

    /** The server's clock was set back and one stream was lost: the other has greater ids than the clock gives. */
    @Test
    void anEventIsWrittenToAStreamThatIsAheadOfTheClock() throws Exception {
        RedisServers.command(
                settings,
                Command.XADD,
                "portolan:test:log:shop",
                "99999999999999-0",
                "kind",
                "later",
                "at",
                "1.000000000");
        try (RedisStore store = RedisStore.open(settings);
                Lease lease = store.acquire("shop", "test").orElseThrow()) {
            store.commit(lease, Commit.events("shop", List.of(StoreContract.event(1, "after all"))));
            assertThat(store.log("shop", "")).extracting(Event::message).last().isEqualTo("after all");
            assertThat(store.events("", 10)).hasSize(1);
        }
    }

    /** Waits whoever interrupts. */
    private static void heedless(CountDownLatch end) {
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException goOn) {
                // As one that catches it somewhere deep.
            }
        }
    }

    @Test
    void whatCannotBeHandedOverHoldsUpNothing() throws Exception {
        List<String> warnings = new CopyOnWriteArrayList<>();
        List<String> seen = new CopyOnWriteArrayList<>();
        CountDownLatch busy = new CountDownLatch(1);
        StoreSettings telling = new StoreSettings(
                settings.server(),
                settings.prefix(),
                settings.directory(),
                settings.key(),
                settings.deadline(),
                warnings::add);
        RedisServers.command(settings, Command.XADD, "portolan:test:events", "*", "at", "never", "kind", "rubbish");
        try (RedisStore store = RedisStore.open(telling);
                Lease lease = store.acquire("shop", "test").orElseThrow()) {
            AutoCloseable following = store.follow(event -> {
                seen.add(event.message());
                if (event.message().equals("one")) {
                    throw new IllegalStateException("a fault of the listener");
                }
                if (event.message().equals("three")) {
                    heedless(busy);
                }
            });
            store.commit(lease, Commit.events("shop", List.of(StoreContract.event(1, "one"))));
            RedisServers.command(settings, Command.XADD, "portolan:test:events", "*", "at", "never", "kind", "rubbish");
            store.commit(lease, Commit.events("shop", List.of(StoreContract.event(1, "two"))));
            store.commit(lease, Commit.events("shop", List.of(StoreContract.event(1, "three"))));
            StoreContract.await(() -> seen.size() == 3);
            assertThat(seen).containsExactly("one", "two", "three");
            assertThat(warnings).singleElement().asString().contains("a fault of the listener");
            assertThat(time(() -> {
                        try {
                            following.close();
                        } catch (Exception impossible) {
                            throw new AssertionError(impossible);
                        }
                    }))
                    .isLessThan(Duration.ofSeconds(4));
        } finally {
            busy.countDown();
        }
    }

    @Test
    void aChangeThatIsAskedTwiceIsAppliedOnce() throws Exception {
        StateChange change = new StateChange();
        change.append(
                "portolan:test:events", 100, StateChange.NEW_ID, EventCodec.fields(StoreContract.event(1, "once")));
        byte[][] line = change.evaluation("portolan:test:fence:shop", "portolan:test:done:1", 5);
        try (SocketWatchdog watchdog = new SocketWatchdog();
                RedisLink link =
                        RedisLink.open(settings.server().orElseThrow().address(), Duration.ofSeconds(2), watchdog);
                RedisStore store = RedisStore.open(settings)) {
            assertThat(RedisLink.text(link.call(Duration.ofSeconds(2), Command.EVAL, line)))
                    .isEqualTo("applied");
            assertThat(RedisLink.text(link.call(Duration.ofSeconds(2), Command.EVAL, line)))
                    .isEqualTo("applied");
            assertThat(store.events("", 10)).hasSize(1);
        }
    }

    @Test
    void twoInstallationsOnOneServerDoNotMix() throws Exception {
        StoreSettings second = new StoreSettings(
                settings.server(), "portolan:other", directory, settings.key(), settings.deadline(), warning -> {});
        List<String> seen = new CopyOnWriteArrayList<>();
        try (RedisStore one = RedisStore.open(settings);
                RedisStore two = RedisStore.open(second);
                AutoCloseable following = two.follow(event -> seen.add(event.message()));
                Lease lease = one.acquire("shop", "").orElseThrow();
                Lease other = two.acquire("shop", "").orElseThrow()) {
            one.claim("11111111");
            two.claim("22222222");
            one.commit(
                    lease,
                    Commit.of(StoreContract.fullState("shop")).withEvents(List.of(StoreContract.event(1, "one"))));
            assertThat(two.deployments()).isEmpty();
            two.commit(other, Commit.events("shop", List.of(StoreContract.event(1, "two"))));
            StoreContract.await(() -> !seen.isEmpty());
            assertThat(seen).containsExactly("two");
        }
        Object keys = RedisServers.command(settings, Command.EVAL, "return redis.call('KEYS', '*')", "0");
        assertThat((List<?>) keys)
                .allSatisfy(key -> assertThat(RedisLink.text(key)).startsWith("portolan:"));
    }

    @Test
    void whoFollowsGoesOnAfterAnOutage() throws Exception {
        StoreSettings own = RedisServers.settings(Optional.empty(), directory.resolve("own"));
        EmbeddedRedis redis = new EmbeddedRedis(own.directory(), warning -> {});
        List<String> seen = new CopyOnWriteArrayList<>();
        try (RedisStore store = RedisStore.open(own);
                AutoCloseable following = store.follow(event -> seen.add(event.message()));
                Lease lease = store.acquire("shop", "").orElseThrow()) {
            store.commit(lease, Commit.events("shop", List.of(StoreContract.event(1, "before"))));
            redis.stop();
            store.commit(lease, Commit.events("shop", List.of(StoreContract.event(1, "after"))));
            StoreContract.await(() -> seen.size() == 2);
            assertThat(seen).containsExactly("before", "after");
        } finally {
            redis.stop();
        }
    }
}
