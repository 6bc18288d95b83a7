package org.portolan.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.Failure;

class LocalFilesTest {
    @TempDir
    Path temporary;

    private Path root;
    private LocalFiles files;

    @BeforeEach
    void layOut() throws IOException {
        Path real = temporary.toRealPath();
        root = Files.createDirectory(real.resolve("root"));
        Files.createDirectories(root.resolve("a/b"));
        Files.createDirectory(root.resolve(".git"));
        Files.writeString(root.resolve(".git/config"), "secret");
        Files.writeString(root.resolve("a/b/file"), "content");
        Files.writeString(real.resolve("outside"), "secret");
        Files.createSymbolicLink(root.resolve("inner"), Path.of("a/b/file"));
        Files.createSymbolicLink(root.resolve("out"), real.resolve("outside"));
        Files.createSymbolicLink(root.resolve("outFolder"), real);
        Files.createSymbolicLink(root.resolve("dangling"), real.resolve("nothing"));
        Files.createSymbolicLink(root.resolve("danglingInside"), Path.of("a/nothing"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(root.resolve("git"), Path.of(".git/config"));
        files = new LocalFiles(root, root.resolve("a"), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b/file", "a/../a/./b/file", "inner", "a//b/file"})
    void filesUnderTheRootAreRead(String path) {
        assertThat(files.read(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                .contains("content");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "a/nothing/file", "a/b/file/below", "danglingInside", "a\0b"})
    void whatIsNotThereIsEmpty(String path) {
        assertThat(files.read(path)).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside",
                "a/../../outside",
                "/etc/passwd",
                "out",
                "outFolder/outside",
                "dangling",
                ".git/config",
                "git"
            })
    void nothingOutsideIsRead(String path) {
        assertThatThrownBy(() -> files.read(path)).isInstanceOf(FileTree.OutsideTree.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "loop"})
    void whatIsNoFileIsRefused(String path) {
        assertThatThrownBy(() -> files.read(path)).isInstanceOf(Failure.class).hasMessageContaining("cannot read");
    }

    @Test
    void aPipeDoesNotBlock() throws Exception {
        Path pipe = root.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> files.read("pipe")).isInstanceOf(Failure.class).hasMessageContaining("regular");
    }

    @Test
    void sizeIsBounded() throws IOException {
        Files.write(root.resolve("most"), new byte[FileTree.MAX_FILE_BYTES]);
        Files.write(root.resolve("more"), new byte[FileTree.MAX_FILE_BYTES + 1]);

        assertThat(files.read("most")).isPresent();
        assertThatThrownBy(() -> files.read("more")).isInstanceOf(Failure.class).hasMessageContaining("1 MiB");
    }

    @Test
    void pathsAreShownAsTheUserSeesThem() {
        assertThat(files.shown("a/b/file")).isEqualTo("b/file");
        assertThat(files.shown("inner")).isEqualTo("../inner");
        assertThat(files.showing("inner", "x/inner").shown("inner")).isEqualTo("x/inner");
        assertThat(new LocalFiles(root, root, true).shown("inner")).isEqualTo(root + "/inner");
    }

    @Test
    void aCallerCannotChangeWhatWasRead() {
        files.read("inner").orElseThrow()[0] = 'X';

        assertThat(files.read("inner").orElseThrow()[0]).isEqualTo((byte) 'c');
        assertThat(files.contents()).containsOnlyKeys(root.resolve("a/b/file"));
    }

    @Test
    void aFolderIsListedWithoutGitsOwnAndAChangeOfItIsNoticed() throws IOException {
        assertThat(files.children("a")).contains(new TreeSet<>(Set.of("b")));
        assertThat(files.children("").orElseThrow()).contains("a", "inner").doesNotContain(".git");
        assertThat(files.children("a/b/file")).isEmpty();
        assertThat(files.children("none")).isEmpty();
        assertThatThrownBy(() -> files.children("outFolder")).isInstanceOf(FileTree.OutsideTree.class);
        assertThat(files.executable("a/b/file")).isFalse();
        assertThat(files.changed()).isFalse();
        Files.writeString(root.resolve("a/new"), "");
        assertThat(files.changed()).isTrue();
    }

    @Test
    void whatIsMountedLiesUnderTheRootAndHoldsNothingOfGit() throws IOException {
        assertThat(files.onDisk()).isTrue();
        assertThat(files.place("a/b")).contains(root.resolve("a/b"));
        assertThat(files.place("a/../inner")).contains(root.resolve("a/b/file"));
        assertThat(files.place("nothing")).isEmpty();
        assertThat(files.place("danglingInside")).isEmpty();
        for (String path : List.of("outFolder", "out", "dangling", "../outside", ".git", "git")) {
            assertThatThrownBy(() -> files.place(path)).as(path).isInstanceOf(FileTree.OutsideTree.class);
        }
        assertThatThrownBy(() -> files.place("")).isInstanceOf(Failure.class).hasMessageContaining("Git's own folder");
        Files.createDirectory(root.resolve("a/b/.git"));
        assertThatThrownBy(() -> files.place("a/b")).isInstanceOf(Failure.class);
    }
}
