package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
    @TempDir
    Path dir;

    @Test
    void runsInASessionOfItsOwnWithoutTheStartersVariables() throws Exception {
        Path log = dir.resolve("log");
        Daemon daemon = Daemon.start(
                List.of("sh", "-c", "cut -d' ' -f1,6 /proc/self/stat; echo $$; env; cat; exec sleep 60"),
                dir,
                log,
                Map.of("GIVEN", "yes"));
        try {
            while (daemon.lastLines(100).stream().noneMatch("GIVEN=yes"::equals)) {
                Thread.sleep(10);
            }
            List<String> lines = daemon.lastLines(100);
            assertThat(lines.get(0)).as("session").endsWith(" " + daemon.pid());
            assertThat(lines.get(1)).isEqualTo(Long.toString(daemon.pid()));
            assertThat(lines).noneMatch(line -> line.startsWith("PORTOLAN_") || line.startsWith("JAVA_"));
            assertThat(daemon.exitCode()).isEmpty();
            ProcessIdentity identity = ProcessIdentity.of(daemon.pid()).orElseThrow();
            daemon.release();
            while (daemon.exitCode().isEmpty()) {
                Thread.sleep(10);
            }
            assertThat(identity.life()).isEqualTo(ProcessIdentity.Life.ALIVE);
        } finally {
            ProcessHandle.of(daemon.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void tellsTheExitCodeAndTheLastLines() throws Exception {
        Daemon daemon = Daemon.start(List.of("sh", "-c", "echo broken; exit 3"), dir, dir.resolve("log"), Map.of());
        while (daemon.exitCode().isEmpty()) {
            Thread.sleep(10);
        }
        assertThat(daemon.exitCode()).isEqualTo(Optional.of(3));
        assertThat(daemon.lastLines(5)).containsExactly("broken");
    }

    @Test
    void aLargeLogIsCutToItsEnd() throws Exception {
        Path log = dir.resolve("log");
        Files.writeString(log, "x".repeat((int) Daemon.LOG_LIMIT) + "\nthe end\n");
        Daemon.trim(log);
        assertThat(Files.size(log)).isLessThan(Daemon.LOG_LIMIT / 10);
        assertThat(Daemon.lastLines(log, 1)).containsExactly("the end");
    }
}
