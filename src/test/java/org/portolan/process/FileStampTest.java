package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStampTest {
    @TempDir
    Path folder;

    @Test
    void otherPermissionsAreNoticed() throws Exception {
        Path file = folder.resolve("key");
        assertThat(FileStamp.of(file)).isEqualTo("none");
        Files.writeString(file, "x");
        String before = FileStamp.of(file);
        assertThat(FileStamp.of(file)).isEqualTo(before);
        // The clock of a file system has ticks.
        Thread.sleep(30);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String closed = FileStamp.of(file);
        assertThat(closed).isNotEqualTo(before);
        Files.writeString(file, "xy");
        assertThat(FileStamp.of(file)).isNotEqualTo(closed);
    }
}
