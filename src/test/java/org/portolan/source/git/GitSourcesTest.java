package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.source.FileTree;
import org.portolan.source.GitSettings;
import org.portolan.source.Located;
import org.portolan.source.Sources;

@Tag("real")
class GitSourcesTest {
    @TempDir
    Path temporary;

    private Path home;
    private Path work;
    private GitProgram git;
    private Sources sources;

    @BeforeEach
    void makeRepository() throws IOException {
        home = temporary.toRealPath();
        work = home.resolve("site");
        git = GitProgram.repository(work).write("Servicefile", "web: {}\n").write("sub/Servicefile", "sub: {}\n");
        sources = sources(work);
    }

    private Sources sources(Path workingDirectory) {
        return new GitSources(settings(), workingDirectory);
    }

    private GitSettings settings() {
        return GitSettings.of(home.resolve("state"), Map.of("HOME", home.toString()));
    }

    private static String text(Located located, String path) {
        return located.tree()
                .read(path)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("missing");
    }

    private static Failure failure(Supplier<?> call) {
        try {
            return new Failure(ExitStatus.DONE, "no failure, but " + call.get());
        } catch (Failure failure) {
            assertThat(failure.hint()).as(failure.what()).isPresent();
            return failure;
        }
    }

    @Test
    void aFileOutsideGitIsOwnedByItsRealPath() throws IOException {
        Path plain = Files.createDirectory(home.resolve("plain"));
        Files.writeString(plain.resolve("my.yaml"), "web: {}\n");
        Files.createSymbolicLink(home.resolve("link.yaml"), plain.resolve("my.yaml"));

        Located located = sources(home).local(Path.of("link.yaml"));

        assertThat(located.source().toString()).isEqualTo(plain + "/my.yaml");
        assertThat(located.origin().commit()).isEmpty();
        assertThat(located.path()).isEqualTo("my.yaml");
        assertThat(located.tree().shown("my.yaml")).isEqualTo("link.yaml");
        assertThat(located.tree().shown("other")).isEqualTo("plain/other");
        assertThatThrownBy(() -> located.tree().read("../site/Servicefile")).isInstanceOf(FileTree.OutsideTree.class);
    }

    @Test
    void aFolderMeansItsServicefileAndIncludesMayLieAnywhereInTheWorkTree() {
        git.commit("first");

        Located located = sources.local(Path.of("sub"));

        assertThat(located.path()).isEqualTo("sub/Servicefile");
        assertThat(located.source().location()).isEqualTo(work.toString());
        assertThat(located.source().path()).isEqualTo("sub/Servicefile");
        assertThat(text(located, "Servicefile")).isEqualTo("web: {}\n");
        assertThat(located.tree().shown("Servicefile")).isEqualTo("Servicefile");
        assertThat(sources.local(work.resolve("sub")).tree().shown("Servicefile"))
                .isEqualTo(work + "/Servicefile");
    }

    @Test
    void whatIsNotThereIsSaid() {
        GitProgram.bare(home.resolve("bare.git"));

        assertThat(failure(() -> sources.local(Path.of("nothing"))).what()).contains("no file nothing");
        assertThat(failure(() -> sources.local(home)).what()).contains("no file " + home + "/Servicefile");
        assertThat(failure(() -> sources.local(home.resolve("bare.git"))).hint())
                .hasValueSatisfying(hint -> assertThat(hint).contains("--git"));
    }

    @Test
    void aWorkTreeIsOwnedByItsOrigin() {
        String commit = git.commit("Serve the site\n\nand more");
        git.run("remote", "add", "origin", "https://bob:hunter2@Example.org/team/site.git");

        Located located = sources.local(Path.of("Servicefile"));

        assertThat(located.source().toString()).isEqualTo("https://example.org/team/site:Servicefile");
        assertThat(located.origin().commit()).contains(commit);
        assertThat(located.origin().author()).contains("Ada Lovelace <ada@example.org>");
        assertThat(located.origin().subject()).contains("Serve the site");
        assertThat(located.origin().dirty()).isFalse();
    }

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
    void dirtySpeaksOfTheFilesThatWereRead() {
        git.write("template", "a").write("unread", "a").commit("first");
        git.write("unread", "b");
        Located clean = sources.local(Path.of("Servicefile"));
        assertThat(clean.origin().dirty()).isFalse();

        git.write("template", "b");
        Located located = sources.local(Path.of("Servicefile"));
        assertThat(located.origin().dirty()).isFalse();
        assertThat(text(located, "Servicefile") + text(located, "template")).endsWith("b");
        assertThat(located.origin().dirty()).isTrue();

        git.write("untracked", "x");
        Located untracked = sources.local(Path.of("untracked"));
        assertThat(untracked.origin().dirty()).isTrue();
    }

    @Test
    void lineEndsThatGitChangesAreNoChange() throws IOException {
        git.write(".gitattributes", "Servicefile text eol=crlf\n").commit("first");
        Files.delete(work.resolve("Servicefile"));
        git.run("checkout", "-q", "--", ".");

        Located located = sources.local(Path.of("Servicefile"));

        assertThat(text(located, "Servicefile")).contains("\r\n");
        assertThat(located.origin().dirty()).isFalse();
    }

    @Test
    void anUnbornWorkTreeIsReadButHasNoCommit() {
        Located located = sources.local(Path.of("Servicefile"));

        assertThat(located.origin().commit()).isEmpty();
        assertThat(located.origin().dirty()).isTrue();
        assertThat(failure(() -> sources.git(work.toString(), Optional.empty(), ""))
                        .what())
                .contains("has no commit yet");
    }

    @Test
    void linkedWorkTreesAndSubmodulesAreTheirRepositories() {
        String commit = git.commit("first");
        git.run("worktree", "add", "-q", "-b", "other", home.resolve("linked").toString());
        Located linked = sources.local(home.resolve("linked"));
        assertThat(linked.source()).isEqualTo(sources.local(work).source());
        assertThat(linked.origin().commit()).contains(commit);

        GitProgram outer = GitProgram.repository(home.resolve("outer"));
        outer.run("-c", "protocol.file.allow=always", "submodule", "add", "-q", work.toString(), "module");
        Located inner = sources.local(home.resolve("outer/module"));
        assertThat(inner.source()).isEqualTo(sources.local(work).source());
        assertThat(inner.path()).isEqualTo("Servicefile");

        outer.commit("with a submodule");
        assertThat(failure(() -> sources.git(outer.folder().toString(), Optional.empty(), "module/Servicefile"))
                        .what())
                .contains("submodule");
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

    @Test
    void whatMovesIsFollowed() {
        git.commit("first");
        GitProgram.bare(home.resolve("bare.git"));
        String bare = home.resolve("bare.git").toString();
        git.run("push", "-q", bare, "main", "main:gone");
        sources.git(bare, Optional.of("gone"), "");

        String rewritten = git.write("Servicefile", "new: {}\n").commit("second");
        git.run("commit", "-q", "--amend", "-m", "amended");
        git.run("push", "-q", "--force", bare, "main", ":gone");

        assertThat(sources.git(bare, Optional.of("main"), "").origin().subject())
                .contains("amended");
        assertThat(rewritten).isNotEmpty();
        assertThat(failure(() -> sources.git(bare, Optional.of("gone"), "")).hint())
                .hasValueSatisfying(hint -> assertThat(hint).contains("main"));
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

        assertThat(failure.status()).isEqualTo(ExitStatus.INVALID);
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

        assertThat(failure.status()).isEqualTo(ExitStatus.INVALID);
        assertThat(failure.what()).contains(work.toString());
    }

    @Test
    void aMissingRepositoryIsSaid() {
        assertThat(failure(() -> sources.git(home.resolve("no").toString(), Optional.empty(), ""))
                        .what())
                .contains("no Git repository");
        assertThat(failure(() -> sources.git(home.toString(), Optional.empty(), ""))
                        .what())
                .contains("no Git repository");
    }

    @Test
    void idsThatJGitDoesNotKnowAreSaid() {
        GitProgram other = new GitProgram(home.resolve("sha256"));
        if (other.attempt("init", "-q", "-b", "main", "--object-format=sha256").status() != 0) {
            throw new AssertionError("this git makes no SHA-256 repositories");
        }
        other.write("Servicefile", "web: {}\n").commit("first");

        Located located = sources.local(other.folder());

        assertThat(text(located, "Servicefile")).isEqualTo("web: {}\n");
        assertThat(located.origin().commit()).isEmpty();
        assertThat(failure(() -> sources.git(other.folder().toString(), Optional.empty(), ""))
                        .what())
                .contains("SHA-256");
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
        assertThatThrownBy(() -> located.tree().read("loop")).hasMessageContaining("circle");
        assertThatThrownBy(() -> located.tree().read("sub")).hasMessageContaining("folder");
        assertThat(located.tree().read("sub/none")).isEmpty();
    }

    @Test
    void sizesAreBounded() {
        git.write("big", "x".repeat(FileTree.MAX_FILE_BYTES + 1))
                .write("pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n")
                .commit("big");
        Located located = sources.git(work.toString(), Optional.of("HEAD"), "");

        assertThatThrownBy(() -> located.tree().read("big")).hasMessageContaining("larger than 1 MiB");
        assertThatThrownBy(() -> located.tree().read("pointer")).hasMessageContaining("Git LFS");
        GitSettings small = new GitSettings(
                home.resolve("small"), home, Optional.empty(), Duration.ofSeconds(5), Duration.ofSeconds(5), 1);
        assertThat(failure(() -> new GitSources(small, work).git(work.toString(), Optional.empty(), ""))
                        .what())
                .contains("MiB");
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "http://127.0.0.1:" + silent.getLocalPort() + "/x";
            GitSettings impatient = new GitSettings(
                    home.resolve("state"),
                    home,
                    Optional.empty(),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(20),
                    1 << 20);
            GitSettings brief = new GitSettings(
                    home.resolve("state"),
                    home,
                    Optional.empty(),
                    Duration.ofSeconds(20),
                    Duration.ofMillis(300),
                    1 << 20);

            Failure unanswered = failure(() -> new GitSources(impatient, work).git(address, Optional.empty(), ""));
            Failure tooLong = failure(() -> new GitSources(brief, work).git(address, Optional.empty(), ""));

            assertThat(unanswered.status()).isEqualTo(ExitStatus.UNAVAILABLE);
            assertThat(unanswered.what()).contains("did not answer within 1s");
            assertThat(tooLong.what()).contains("took longer than 300ms");
        }
    }

    @Test
    void aDirtyWorkTreeIsNotDeployedUnawares() {
        git.commit("first");
        git.write("Servicefile", "changed: {}\n");
        Located unnamed = sources.git(work.toString(), Optional.empty(), "");

        assertThatThrownBy(() -> unnamed.tree().read("Servicefile")).hasMessageContaining("not committed");
        assertThat(text(unnamed, "sub/Servicefile")).isEqualTo("sub: {}\n");
        assertThat(text(sources.git(work.toString(), Optional.of("HEAD"), ""), "Servicefile"))
                .isEqualTo("web: {}\n");
    }

    @Test
    void aDamagedMirrorIsClonedAgain() throws IOException {
        String commit = git.commit("first");
        sources.git(work.toString(), Optional.empty(), "");
        try (var files = Files.walk(home.resolve("state/git"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file.toFile().setWritable(true)).isTrue();
                Files.writeString(file, "nonsense");
            }
        }

        Located located = sources.git(work.toString(), Optional.of("main"), "");

        assertThat(located.origin().commit()).contains(commit);
        assertThat(text(located, "Servicefile")).isEqualTo("web: {}\n");
    }

    @Test
    void mirrorsArePrivateAndHoldNoCredentials() throws IOException {
        git.commit("first");
        sources.git(work.toString(), Optional.empty(), "");

        assertThat(Files.getPosixFilePermissions(home.resolve("state/git"))).hasSize(3);
        assertThat(failure(() -> sources.git("http://bob:hunter2@127.0.0.1:1/x", Optional.empty(), "")))
                .satisfies(failure -> {
                    assertThat(failure.status()).isEqualTo(ExitStatus.UNAVAILABLE);
                    assertThat(failure.what()).contains("refused").doesNotContain("hunter2");
                });
        try (var files = Files.walk(home.resolve("state"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("hunter2");
            }
        }
    }

    @Test
    void manyFetchesDoNotPileUp() throws IOException {
        for (int i = 0; i < 53; i++) {
            git.write("Servicefile", "web: {scale: " + i + "}\n").commit("number " + i);
            sources.git(work.toString(), Optional.of("main"), "");
        }

        Located located = sources.git(work.toString(), Optional.of("main~40"), "");

        assertThat(text(located, "Servicefile")).contains("12");
        try (var files = Files.walk(home.resolve("state/git"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".pack")).count())
                    .isLessThan(10);
        }
    }

    @Test
    void aBrokenUserConfigurationIsNotRead() {
        String commit = git.commit("first");
        new GitProgram(home).write(".gitconfig", "[broken");

        assertThat(sources.git(work.toString(), Optional.empty(), "").origin().commit())
                .contains(commit);
        assertThat(sources.local(work).origin().commit()).contains(commit);
    }
}
