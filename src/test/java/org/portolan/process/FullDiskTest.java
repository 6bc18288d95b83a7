package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.testing.SmallDisk;

/** State files on a disk without room, and on one that cannot be written. */
@Tag("real")
class FullDiskTest {
    @TempDir
    Path dir;

    private SmallDisk disk;

    @BeforeEach
    void mount() throws IOException {
        disk = new SmallDisk(dir.resolve("disk"), "64k");
    }

    @AfterEach
    void unmount() {
        disk.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theOldContentStaysAndNothingIsLeftBehind() {
        Path file = disk.folder().resolve("file");
        AtomicFiles.write(file, bytes("old"), AtomicFiles.PRIVATE);
        assertThatThrownBy(() -> AtomicFiles.write(file, new byte[1 << 20], AtomicFiles.PRIVATE))
                .isInstanceOfSatisfying(
                        Failure.class,
                        e -> assertThat(e.hint()).get().asString().contains("the disk is full"))
                .hasMessageContaining("cannot write " + file);
        assertThat(file).hasContent("old");
        assertThat(disk.folder().toFile().list()).containsExactly("file");
    }

    @Test
    void aStateDirectoryThatCannotBeWrittenIsNamed() {
        disk.readOnly();
        Home home =
                Home.of(Map.of("PORTOLAN_HOME", disk.folder().resolve("home").toString()));
        assertThatThrownBy(home::installation)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(home.root().toString())
                .hasMessageContaining("read-only");
    }
}
