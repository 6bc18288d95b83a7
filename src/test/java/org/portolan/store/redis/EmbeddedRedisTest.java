package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.Failure;
import org.portolan.process.Programs;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.StoreContract;
import org.portolan.store.StoreException;

/** Starting, adopting and losing the server that Portolan has for itself. */
@Tag("real")
class EmbeddedRedisTest {
    @TempDir
    Path temporary;

    private Path directory = Path.of("");
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void choose() {
        assertThat(System.getenv("PORTOLAN_SANDBOX"))
                .as("run this in scripts/sandbox")
                .isNotNull();
        directory = temporary.resolve("store");
    }

    @AfterEach
    void stop() {
        new EmbeddedRedis(directory, warnings::add).stop();
    }

    private RedisStore open() {
        return RedisStore.open(settings());
    }

    private StoreSettings settings() {
        return new StoreSettings(
                Optional.empty(), "portolan", directory, RedisServers.KEY::clone, Duration.ofSeconds(2), warnings::add);
    }

    private long pid() {
        return new EmbeddedRedis(directory, warnings::add).pid().orElseThrow();
    }

    private void fill() {
        try (RedisStore store = open();
                Lease lease = store.acquire("shop", "").orElseThrow()) {
            for (int n = 0; n < 50; n++) {
                store.commit(lease, Commit.of(StoreContract.fullState("shop")));
            }
        }
    }

    private void kill(long pid) throws InterruptedException {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        StoreProcesses.end(process, Duration.ofSeconds(5));
    }

    @Test
    void outlivesItsKilledStarterAndIsAdopted() throws Exception {
        String started;
        try (StoreChild child = StoreChild.start(directory, "", "hold")) {
            started = child.awaitLine();
            child.killNine();
        }
        try (RedisStore store = RedisStore.open(RedisServers.settings(Optional.empty(), directory))) {
            assertThat(store.deployments()).containsOnlyKeys("shop");
            assertThat(store.acquire("shop", "after").map(Lease::held)).contains(true);
        }
        assertThat(pid()).isEqualTo(Long.parseLong(started));
    }

    @Test
    void manyProcessesAtOnceShareOne() throws Exception {
        List<StoreChild> children = new ArrayList<>();
        for (int n = 0; n < 10; n++) {
            children.add(StoreChild.start(directory, "", "read"));
        }
        TreeSet<String> servers = new TreeSet<>();
        for (StoreChild child : children) {
            servers.add(child.awaitLine());
            child.close();
        }
        assertThat(servers).containsExactly(Long.toString(pid()));
    }

    @Test
    void isClosedToOthersAndListensOnNoPort() throws Exception {
        open().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("redis.sock"))))
                .isEqualTo("rwx------");
        try (Stream<String> listening = Files.lines(Path.of("/proc/net/tcp"))) {
            assertThat(listening.filter(line -> line.contains(" 0A "))).isEmpty();
        }
    }

    @Test
    void killedWithItsDataItIsStartedAgainInTheMiddleOfWork() throws Exception {
        try (RedisStore store = open();
                Lease lease = store.acquire("shop", "").orElseThrow()) {
            store.commit(lease, Commit.of(StoreContract.fullState("shop")));
            kill(pid());
            store.commit(lease, Commit.of(StoreContract.fullState("shop")));
            assertThat(lease.held()).isTrue();
            kill(pid());
            assertThat(store.deployments()).containsOnlyKeys("shop");
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void oneWhoseSocketIsGoneIsReplacedAndKeepsItsData() throws Exception {
        fill();
        long first = pid();
        Files.delete(directory.resolve("redis.sock"));
        try (RedisStore store = open()) {
            assertThat(store.deployments()).containsOnlyKeys("shop");
        }
        assertThat(pid()).isNotEqualTo(first);
        assertThat(ProcessHandle.of(first)).isEmpty();
    }

    @Test
    void oneWhoseFolderIsGoneIsEnded() throws Exception {
        fill();
        long first = pid();
        deleteAll(directory);
        try (RedisStore store = open()) {
            assertThat(store.deployments()).isEmpty();
        }
        assertThat(ProcessHandle.of(first)).isEmpty();
    }

    @Test
    void aTornLastWriteLosesOnlyThat() throws Exception {
        fill();
        stop();
        Path file = newestDataFile();
        byte[] content = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(content, content.length - 7));
        try (RedisStore store = open()) {
            assertThat(store.deployments()).containsOnlyKeys("shop");
        }
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"installed", "bundled"})
    void filesThatCannotBeReadArePutAsideAndSaid(String which) throws Exception {
        EmbeddedRedis redis = which.equals("bundled") ? bundled() : new EmbeddedRedis(directory, warnings::add);
        redis.ensure();
        fill();
        redis.stop();
        Path file = newestDataFile();
        byte[] content = Files.readAllBytes(file);
        String text = new String(content, StandardCharsets.ISO_8859_1);
        content[text.indexOf("\r\n*", content.length / 2) + 2] = '!';
        Files.write(file, content);

        redis.ensure();
        try (RedisStore store = open()) {
            assertThat(store.deployments()).isEmpty();
        }
        assertThat(warnings).singleElement().asString().contains("moved to " + directory.resolve("broken-"));
        try (Stream<Path> kept = Files.list(directory)
                .filter(path -> path.getFileName().toString().startsWith("broken-"))) {
            assertThat(kept).singleElement().satisfies(folder -> assertThat(DataFiles.present(folder))
                    .isTrue());
        }
    }

    private EmbeddedRedis bundled() {
        return new EmbeddedRedis(directory, warnings::add, new RedisPrograms(directory, Optional.empty()));
    }

    @Test
    void theBundledProgramServesWhereNoneIsInstalled() {
        bundled().ensure();
        fill();
        try (RedisStore store = open()) {
            assertThat(store.describe()).contains("Redis 6.2").contains("append-only file");
            assertThat(store.deployments()).containsOnlyKeys("shop");
        }
    }

    @Test
    void filesOfANewerServerAreNotOverlookedSilently() {
        fill();
        stop();
        bundled().ensure();
        assertThat(warnings).singleElement().asString().contains("newer redis-server");
    }

    @Test
    void aLongPathPutsTheSocketElsewhere() throws Exception {
        directory = temporary.resolve("x".repeat(120)).resolve("store");
        fill();
        Path socket = SocketPath.of(directory);
        assertThat(socket).doesNotHaveToString(directory.resolve("redis.sock").toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.resolveSibling(""))))
                .isEqualTo("rwx------");
        try (RedisStore store = open()) {
            assertThat(store.deployments()).containsOnlyKeys("shop");
        }
        stop();
        deleteAll(socket.resolveSibling(""));
    }

    @Test
    void whatCannotBeStartedSaysWhy() throws Exception {
        Path broken = temporary.resolve("redis-server");
        Files.writeString(broken, "#!/bin/sh\necho 'libfoo.so.3: error while loading shared libraries'; exit 127\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwx------"));
        EmbeddedRedis redis =
                new EmbeddedRedis(directory, warnings::add, new RedisPrograms(directory, Optional.of(broken)));
        assertThatThrownBy(redis::ensure)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("libfoo.so.3")
                .satisfies(
                        e -> assertThat(((Failure) e).hint()).get().asString().contains("install redis-server"));
    }

    @Test
    void aFileInTheFoldersPlaceIsAStoreThatCannotBeReached() throws Exception {
        Files.writeString(directory, "");
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining(directory.toString());
        Files.delete(directory);
    }

    @Test
    void noSecretLiesOnTheDiskInClear() throws Exception {
        String marker = "m4rk3r-of-a-secret";
        try (RedisStore store = open();
                Lease lease = store.acquire("shop", "").orElseThrow()) {
            store.commit(
                    lease,
                    Commit.of(StoreContract.fullState("shop"))
                            .with(List.of(new org.portolan.model.service.Version(
                                    "web", 1, StoreContract.definition(marker), java.time.Instant.EPOCH)))
                            .with(StoreContract.release(1, List.of(StoreContract.domain(marker)))));
            assertThat(store.definition("shop", "web", 1)).contains(StoreContract.definition(marker));
        }
        stop();
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty().allSatisfy(file -> assertThat(
                            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                    .doesNotContain(marker));
        }
    }

    @Test
    void aFullDiskIsSaidAndNothingIsLost() throws Exception {
        Path small = Files.createDirectory(temporary.resolve("small"));
        directory = small.resolve("store");
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString());
        try {
            fill();
            Path filler = directory.resolveSibling("filler");
            assertThatThrownBy(() -> {
                        try (var out = Files.newOutputStream(filler, StandardOpenOption.CREATE)) {
                            for (int n = 0; n < 4096; n++) {
                                out.write(new byte[1024]);
                            }
                        }
                    })
                    .isInstanceOf(IOException.class);
            stop();
            assertThatThrownBy(this::fill).isInstanceOf(Failure.class);
            Files.delete(filler);
            try (RedisStore store = open()) {
                assertThat(store.deployments()).containsOnlyKeys("shop");
            }
            assertThat(warnings).isEmpty();
        } finally {
            stop();
            run("umount", "-l", small.toString());
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(Programs.find(command[0])).isPresent();
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private Path newestDataFile() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".incr.aof")
                            || file.getFileName().toString().equals("appendonly.aof"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(java.util.Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException problem) {
                    throw new UncheckedIOException(problem);
                }
            });
        }
    }
}
