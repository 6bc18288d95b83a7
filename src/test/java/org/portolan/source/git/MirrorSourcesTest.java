package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.source.FileTree;
import org.portolan.source.GitAddress;
import org.portolan.source.GitSettings;
import org.portolan.source.Located;

/** The mirrors that fetches keep: they follow, stay bounded and private, and repair themselves. */
@Tag("real")
class MirrorSourcesTest extends GitSourcesCase {
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

    /** Git takes the tag. Branches are what hosts protect. */
    @Test
    void aBranchIsMeantBeforeATagOfTheSameName() {
        git.commit("first");
        git.run("tag", "main", git.write("Servicefile", "tagged: {}\n").commit("tagged"));
        git.run("branch", "refs/heads/other", "HEAD");
        git.run("reset", "-q", "--hard", "HEAD~1");
        GitProgram.bare(home.resolve("bare.git"));
        String bare = home.resolve("bare.git").toString();
        git.run("push", "-q", bare, "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*");
        assertThat(sources.git(bare, Optional.of("main"), "").origin().subject())
                .contains("first");
        assertThat(sources.git(bare, Optional.of("refs/tags/main"), "").origin().subject())
                .contains("tagged");
        assertThat(failure(() -> sources.git(bare, Optional.of("refs/heads/other"), ""))
                        .kind())
                .isEqualTo(Kind.NOT_FOUND);
    }

    /** Anybody who may push at all can push them, and nobody looks at what they hold. */
    @Test
    void whatWasPushedToABranchIsOfThatBranchOnly() {
        git.commit("first");
        Path bare = home.resolve("bare.git");
        GitProgram.bare(bare);
        git.run("push", "-q", bare.toString(), "main:refs/heads/refs/heads/live", "main:refs/tags/refs/heads/live");
        assertThat(sources.pushed(bare, Optional.of("live"), "")).isEmpty();
        git.run("push", "-q", bare.toString(), "main:live");
        assertThat(sources.pushed(bare, Optional.of("live"), "")).isPresent();
    }

    @Test
    void aFullDiskIsSaid() {
        Failure full = FetchProblems.failure(
                GitAddress.parse("ssh://git@git.internal/site.git", work),
                settings(),
                new IOException("fetch failed", new IOException("No space left on device")));
        assertThat(full.what()).contains("cannot fetch ", ": no space left on the disk of this machine");
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

            assertThat(unanswered.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(unanswered.what()).contains("did not answer within 1s");
            assertThat(tooLong.what()).contains("took longer than 300ms");
        }
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
                    assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
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
    void aDamagedRepositoryIsOneLineAndNoStackTrace() throws IOException {
        String commit = git.commit("first");
        GitProgram.bare(home.resolve("bare.git"));
        Path bare = home.resolve("bare.git");
        git.run("push", "-q", bare.toString(), "main");
        Path object = bare.resolve("objects").resolve(commit.substring(0, 2)).resolve(commit.substring(2));
        Files.delete(object);
        PrintStream usual = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
            Failure failure = failure(() -> sources.git(bare.toString(), Optional.of("main"), ""));
            assertThat(failure.what())
                    .isEqualTo(
                            "cannot fetch " + bare + ": the repository is damaged: object " + commit + " is missing");
            assertThat(failure.hint().orElse("")).contains("git -C " + bare + " fsck");
        } finally {
            System.setErr(usual);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
        Files.writeString(bare.resolve("config"), "[[[");
        assertThat(failure(() -> sources.git(bare.toString(), Optional.of("main"), ""))
                        .what())
                .startsWith("cannot read the Git repository at " + bare + ": ");
    }
}
