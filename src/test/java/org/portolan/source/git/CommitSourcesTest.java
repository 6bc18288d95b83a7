package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.source.FileTree;
import org.portolan.source.GitSettings;
import org.portolan.source.Located;
import org.portolan.source.Sources;

/** Every way to name a commit and a file in it, and what is said of one that is not there. */
@Tag("real")
class CommitSourcesTest extends GitSourcesCase {
    @Test
    void aPathAnItsFileAddressAreOneSource() {
        git.commit("first");
        Located byPath = sources.git(work.toString(), Optional.empty(), "");

        assertThat(sources.git("file://" + work, Optional.empty(), "Servicefile")
                        .source())
                .isEqualTo(byPath.source())
                .isEqualTo(sources.local(Path.of("Servicefile")).source());
        assertThat(sources.git(".", Optional.empty(), "").source()).isEqualTo(byPath.source());
    }

    @Test
    void everyWayToNameACommitWorks() {
        String first = git.commit("first");
        git.run("tag", "light");
        git.run("tag", "-a", "-m", "noted", "annotated");
        git.run("checkout", "-q", "-b", "branch");
        String second = git.write("Servicefile", "web: {scale: 2}\n").commit("second");
        git.run("checkout", "-q", "main");
        String address = git.folder().toString();

        for (String revision : new String[] {
            first, first.substring(0, 7), "light", "annotated", "main", "HEAD", "@", "branch~1", "refs/tags/light"
        }) {
            Located located = sources.git(address, Optional.of(revision), "");
            assertThat(located.origin().commit()).as(revision).contains(first);
            assertThat(text(located, "Servicefile")).isEqualTo("web: {}\n");
        }
        Located located = sources.git(address, Optional.of("branch"), "");
        assertThat(located.origin().commit()).contains(second);
        assertThat(located.tree().describe()).isEqualTo(address + " at branch (" + second.substring(0, 7) + ")");
        assertThat(located.tree().onDisk())
                .as("nothing of a commit can be mounted")
                .isFalse();
        assertThat(sources.git(address, Optional.empty(), "").tree().onDisk()).isFalse();
        assertThat(sources.local(git.folder().resolve("Servicefile")).tree().onDisk())
                .isTrue();
    }

    @Test
    void whatARevisionNamesIsLookedUpAgain() {
        String first = git.commit("first");
        Located branch = sources.git(work.toString(), Optional.of("main"), "");
        Located commit = sources.git(work.toString(), Optional.of(first), "");
        assertThat(branch.moved()).isEmpty();

        String second = git.write("Servicefile", "web: {scale: 2}\n").commit("second");

        Located moved = branch.moved().orElseThrow();
        assertThat(moved.origin().commit()).contains(second);
        assertThat(text(moved, "Servicefile")).isEqualTo("web: {scale: 2}\n");
        assertThat(moved.moved()).isEmpty();
        assertThat(commit.moved()).isEmpty();
        git.run("reset", "-q", "--hard", first);
        assertThat(moved.moved().orElseThrow().origin().commit()).contains(first);
    }

    @Test
    void aDetachedHeadAndAHiddenCommitAreFound() {
        git.commit("first");
        git.run("checkout", "-q", "--detach");
        String detached = git.write("Servicefile", "detached: {}\n").commit("on no branch");

        assertThat(sources.git(work.toString(), Optional.empty(), "").origin().commit())
                .contains(detached);

        git.run("update-ref", "refs/pull/1/head", detached);
        git.run("checkout", "-q", "main");
        Sources others = new GitSources(GitSettings.of(home.resolve("other"), Map.of()), work);
        assertThat(others.git(work.toString(), Optional.of("refs/pull/1/head"), "")
                        .origin()
                        .commit())
                .contains(detached);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "deadbeef",
                "0123456789012345678901234567890123456789",
                "main:Servicefile",
                "a b",
                "..",
                "--x",
                "refs/heads/none",
                " "
            })
    void aMissingRevisionIsSaid(String revision) {
        git.commit("first");

        Failure failure = failure(() -> sources.git(work.toString(), Optional.of(revision), ""));

        assertThat(failure.kind()).isIn(Kind.INVALID, Kind.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "sub/nothing",
                "../site/Servicefile",
                "/etc/passwd",
                "Servicefile/below",
                "empty",
                "sub/../../x"
            })
    void aMissingPathIsSaid(String path) {
        git.write("empty/.keep", "").commit("first");

        Failure failure = failure(() -> sources.git(work.toString(), Optional.empty(), path));

        assertThat(failure.kind()).isIn(Kind.INVALID, Kind.NOT_FOUND);
        assertThat(failure.what()).contains(work.toString());
    }

    @Test
    void aMissingRepositoryIsSaid() {
        assertThat(failure(() -> sources.git(home.resolve("no").toString(), Optional.empty(), ""))
                        .what())
                .contains("is not a Git repository");
        assertThat(failure(() -> sources.git(home.toString(), Optional.empty(), ""))
                        .what())
                .contains("is not a Git repository");
    }

    @Test
    void linksStayInTheCommit() throws IOException {
        Files.writeString(home.resolve("outside"), "secret");
        Files.createSymbolicLink(work.resolve("in"), Path.of("sub/Servicefile"));
        Files.createSymbolicLink(work.resolve("up"), Path.of("sub/../in"));
        Files.createSymbolicLink(work.resolve("folder"), Path.of("sub"));
        Files.createSymbolicLink(work.resolve("out"), Path.of("../outside"));
        Files.createSymbolicLink(work.resolve("absolute"), work.resolve("Servicefile"));
        Files.createSymbolicLink(work.resolve("loop"), Path.of("loop"));
        git.commit("links");
        Located located = sources.git(work.toString(), Optional.of("HEAD"), "up");

        assertThat(located.path()).isEqualTo("sub/Servicefile");
        assertThat(text(located, "folder/Servicefile")).isEqualTo("sub: {}\n");
        assertThat(text(located, "sub/../in")).isEqualTo("sub: {}\n");
        for (String path : new String[] {"out", "absolute", "../outside", "sub/../../outside"}) {
            assertThatThrownBy(() -> located.tree().read(path)).isInstanceOf(FileTree.OutsideTree.class);
        }
        assertThatThrownBy(() -> located.tree().read("loop")).hasMessageContaining("symbolic link loop");
        assertThatThrownBy(() -> located.tree().read("sub")).hasMessageContaining("folder");
        assertThat(located.tree().read("sub/none")).isEmpty();
    }

    @Test
    void aFolderOfACommitIsListedWithItsPrograms() throws IOException {
        git.write("conf/sub/a", "A");
        Files.setPosixFilePermissions(
                Files.writeString(git.folder().resolve("conf/run"), "#!/bin/sh\n"),
                java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        git.commit("first");
        FileTree tree =
                sources.git(git.folder().toString(), Optional.of("HEAD"), "").tree();
        assertThat(tree.children("conf").orElseThrow()).containsExactly("run", "sub");
        assertThat(tree.children("conf/sub/a")).isEmpty();
        assertThat(tree.children("none")).isEmpty();
        assertThat(tree.executable("conf/run")).isTrue();
        assertThat(tree.executable("conf/sub/a")).isFalse();
    }
}
