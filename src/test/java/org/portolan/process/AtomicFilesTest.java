package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;

class AtomicFilesTest {
    @TempDir
    Path dir;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void replacesContentAndSetsPermissions() throws Exception {
        Path file = dir.resolve("file");
        AtomicFiles.write(file, bytes("one"), AtomicFiles.PRIVATE);
        AtomicFiles.write(file, bytes("two"), AtomicFiles.READABLE);
        assertThat(file).hasContent("two");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        assertThat(dir.toFile().list()).containsExactly("file");
    }

    @Test
    void aMarkIsEmptyItsOwnersAloneAndMadeOnce() throws Exception {
        Path mark = dir.resolve("mark");
        AtomicFiles.mark(mark);
        AtomicFiles.mark(mark);
        assertThat(mark).isEmptyFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mark)))
                .isEqualTo("rw-------");
        assertThat(dir.toFile().list()).containsExactly("mark");
    }

    @Test
    void aFolderInTheWayOfAMarkIsSetAside() throws Exception {
        Path mark = dir.resolve("mark");
        Files.createDirectory(mark);
        AtomicFiles.mark(mark);
        assertThat(mark).isEmptyFile();
    }

    @Test
    void createsOnlyOnce() {
        Path file = dir.resolve("file");
        assertThat(AtomicFiles.create(file, bytes("one"), AtomicFiles.PRIVATE)).isTrue();
        assertThat(AtomicFiles.create(file, bytes("two"), AtomicFiles.PRIVATE)).isFalse();
        assertThat(file).hasContent("one");
        assertThat(dir.toFile().list()).containsExactly("file");
    }

    @Test
    void whatIsReplacedStaysItsOwnersAndItsGroups() throws Exception {
        Assumptions.assumeTrue(Home.user() == 0, "only root can give a file away");
        Path file = Files.writeString(dir.resolve("file"), "one");
        Files.setAttribute(file, "unix:uid", 4711);
        Files.setAttribute(file, "unix:gid", 4712);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        AtomicFiles.replace(file, bytes("two"), Files.readAttributes(file, PosixFileAttributes.class));
        assertThat(file).hasContent("two");
        assertThat(Files.readAttributes(file, "unix:uid,gid"))
                .containsEntry("uid", 4711)
                .containsEntry("gid", 4712);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-rw----");
        assertThat(dir.toFile().list()).containsExactly("file");
    }

    @Test
    void whatCannotBeLeftToItsOwnerStaysAsItIs() throws Exception {
        Assumptions.assumeTrue(Home.user() != 0, "root can give every file away");
        Path file = Files.writeString(dir.resolve("file"), "one");
        PosixFileAttributes roots = Files.readAttributes(Path.of("/"), PosixFileAttributes.class);
        assertThatThrownBy(() -> AtomicFiles.replace(file, bytes("two"), roots))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot replace " + file + ": it is of root and the group root");
        assertThat(file).hasContent("one");
        assertThat(dir.toFile().list()).containsExactly("file");
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        assertThatThrownBy(() -> AtomicFiles.write(dir.resolve("no/file"), bytes("x"), AtomicFiles.PRIVATE))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot write " + dir.resolve("no/file"));
    }
}
