package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;

/** State files on a disk without room, and on one that cannot be written. */
@Tag("real")
class FullDiskTest {
    @TempDir
    Path dir;

    private Path disk = Path.of("");

    @BeforeEach
    void mount() throws Exception {
        assertThat(System.getenv("PORTOLAN_SANDBOX"))
                .as("run this in scripts/sandbox")
                .isNotNull();
        disk = Files.createDirectory(dir.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString());
    }

    @AfterEach
    void unmount() {
        run("umount", disk.toString());
    }

    private static void run(String... command) {
        assertThat(Commands.run(List.of(command), Duration.ofSeconds(10)))
                .extracting(Commands.Result::exitCode)
                .isEqualTo(0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theOldContentStaysAndNothingIsLeftBehind() {
        Path file = disk.resolve("file");
        AtomicFiles.write(file, bytes("old"), AtomicFiles.PRIVATE);
        assertThatThrownBy(() -> AtomicFiles.write(file, new byte[1 << 20], AtomicFiles.PRIVATE))
                .isInstanceOfSatisfying(
                        Failure.class,
                        e -> assertThat(e.hint()).get().asString().contains("the disk is full"))
                .hasMessageContaining("cannot write " + file);
        assertThat(file).hasContent("old");
        assertThat(disk.toFile().list()).containsExactly("file");
    }

    @Test
    void aStateDirectoryThatCannotBeWrittenIsNamed() {
        run("mount", "-o", "remount,ro", disk.toString());
        Home home = Home.of(Map.of("PORTOLAN_HOME", disk.resolve("home").toString()));
        assertThatThrownBy(home::installation)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(home.root().toString())
                .hasMessageContaining("read-only");
    }
}
