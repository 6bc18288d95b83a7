package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
    @TempDir
    private Path folder;

    /** An upgrade may move a program while a process that found it runs on. */
    @Test
    void aProgramThatIsGoneIsNotRemembered() throws IOException {
        Path program = Files.createFile(
                folder.resolve("program"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThat(Programs.find(program.toString())).contains(program);
        Files.delete(program);
        assertThat(Programs.find(program.toString())).isEmpty();
    }
}
