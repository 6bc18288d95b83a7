package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which changes of the proxies' files are reported, how often, and that this process's own are not. */
class ProxyFileWatchTest {
    private static final Duration STEP = Duration.ofMillis(500);

    @TempDir
    Path folder;

    private final ProxyFileWatch.Changes changes = new ProxyFileWatch.Changes();
    private ProxyFileWatch watch;
    private long now = 1_000_000_000L;
    private int told;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("haproxy.cfg"), "global\n");
        for (String name : List.of("parts", "policies", "policies/one")) {
            Files.createDirectory(folder.resolve(name));
        }
        Files.writeString(folder.resolve("parts/shop.json"), "{}");
        Files.writeString(folder.resolve("policies/one/users"), "ada:1\n");
        ProxyFileStamps stamps = new ProxyFileStamps(
                List.of(folder.resolve("haproxy.cfg"), folder.resolve("nginx.conf")),
                List.of(folder.resolve("parts")),
                List.of(folder.resolve("policies")),
                List.of(folder.resolve("haproxy.pid")));
        watch = new ProxyFileWatch(stamps, changes, () -> told++);
        step();
    }

    private void step() {
        now += STEP.toNanos();
        watch.step(now);
    }

    /** File systems tell times by the tick of the kernel. */
    private static void tick() throws InterruptedException {
        Thread.sleep(15);
    }

    private void append(String file) throws IOException {
        Files.writeString(folder.resolve(file), "more\n", StandardOpenOption.APPEND);
    }

    private void assertTold(String what) {
        told = 0;
        now += ProxyFileWatch.GAP.toNanos();
        step();
        assertThat(told).as(what).isEqualTo(1);
        now += ProxyFileWatch.GAP.toNanos();
        step();
        assertThat(told).as(what + ", once").isEqualTo(1);
    }

    @Test
    void eachFileThatIsWrittenReplacedOrRemovedIsToldOnce() throws Exception {
        step();
        assertThat(told).as("nothing was done").isZero();
        for (String file : List.of("haproxy.cfg", "parts/shop.json", "policies/one/users")) {
            tick();
            append(file);
            assertTold(file);
        }
        Path beside = Files.writeString(folder.resolve("beside"), "global\n");
        Files.move(beside, folder.resolve("haproxy.cfg"), StandardCopyOption.REPLACE_EXISTING);
        assertTold("replaced");
        Files.delete(folder.resolve("policies/one/users"));
        assertTold("removed");
        tick();
        Files.writeString(folder.resolve("parts/other.json"), "{}");
        assertTold("new");
        tick();
        Files.writeString(folder.resolve("nginx.conf"), "");
        assertTold("one that was not there");
    }

    @Test
    void whatThisProcessDoesIsNotTold() throws Exception {
        changes.begin();
        append("haproxy.cfg");
        step();
        append("haproxy.cfg");
        changes.end();
        step();
        step();
        changes.begin();
        Files.writeString(folder.resolve("parts/blog.json"), "{}");
        changes.end();
        step();
        step();
        assertThat(told).isZero();
        tick();
        append("parts/blog.json");
        assertTold("somebody else after it");
    }

    @Test
    void whoWritesAgainAndAgainIsToldOfNowAndThen() throws Exception {
        for (int i = 0; i < 41; i++) {
            tick();
            append("haproxy.cfg");
            step();
        }
        assertThat(told).as("in twenty seconds").isEqualTo(11);
    }

    @Test
    void aProcessThatEndsIsTold() throws Exception {
        Process process = new ProcessBuilder("sleep", "100").start();
        try {
            changes.begin();
            Files.writeString(folder.resolve("haproxy.pid"), process.pid() + "\n");
            changes.end();
            step();
            step();
            assertThat(told).isZero();
        } finally {
            process.destroyForcibly();
        }
        process.waitFor();
        assertTold("killed");
    }

    /** More than are asked for at once: each is within a few rounds. */
    @Test
    void ofVeryManyFilesEachIsAskedForInItsTurn() throws Exception {
        changes.begin();
        for (int i = 0; i < 3 * ProxyFileStamps.MOST; i++) {
            Files.writeString(folder.resolve("parts/" + i + ".json"), "{}");
        }
        changes.end();
        step();
        for (int i : List.of(0, ProxyFileStamps.MOST, 3 * ProxyFileStamps.MOST - 1)) {
            tick();
            append("parts/" + i + ".json");
            told = 0;
            now += ProxyFileWatch.GAP.toNanos();
            for (int round = 0; round < 5; round++) {
                step();
            }
            assertThat(told).as("%s", i).isEqualTo(1);
        }
    }
}
