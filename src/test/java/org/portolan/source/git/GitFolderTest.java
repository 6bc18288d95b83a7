package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without JGit is what git says, or nothing. */
@Tag("real")
class GitFolderTest {
    @TempDir
    Path temporary;

    private GitProgram git;

    @BeforeEach
    void makeRepository() throws IOException {
        git = GitProgram.repository(temporary.toRealPath().resolve("site"));
    }

    private GitFolder folder() throws IOException {
        return GitFolder.of(git.folder());
    }

    @Test
    void everyObjectIsReadAsGitReadsIt() throws IOException {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            for (int line = 0; line < 30; line++) {
                text.insert(random.nextInt(text.length() + 1), "line " + random.nextLong() + "\n");
            }
            git.write("Servicefile", text.toString()).write("folder " + i % 3 + "/ä", text.substring(i));
            git.commit("number " + i);
            if (i == 20) {
                git.run("gc", "-q", "--aggressive", "--prune=now");
            }
        }
        everyObjectIsRead();
        git.run("gc", "-q", "--aggressive", "--prune=now");
        everyObjectIsRead();
        assertThat(git.run("verify-pack", "-v", packIndex())).contains("chain length = 1");

        String head = folder().head().orElseThrow();
        assertThat(head).isEqualTo(git.run("rev-parse", "HEAD"));
        CommitText commit = CommitText.parse(folder().objects().read(head).orElseThrow());
        assertThat(folder().objects().inTree(commit.tree(), "folder 1/ä"))
                .contains(git.run("rev-parse", "HEAD:folder 1/ä"));
        assertThat(folder().objects().inTree(commit.tree(), "folder 1/b")).isEmpty();
    }

    private String packIndex() throws IOException {
        try (var files = Files.list(git.folder().resolve(".git/objects/pack"))) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".idx"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void everyObjectIsRead() throws IOException {
        ObjectFiles objects = folder().objects();
        for (String line :
                git.run("cat-file", "--batch-check", "--batch-all-objects").split("\n")) {
            String[] object = line.split(" ");
            byte[] content = objects.read(object[0]).orElseThrow();
            assertThat(content).as(line).hasSize(Integer.parseInt(object[2]));
            if (object[1].equals("blob")) {
                assertThat(git.folder()).isNotNull();
                assertThat(hash(content)).isEqualTo(object[0]);
            }
        }
        assertThat(objects.read("0123456789012345678901234567890123456789")).isEmpty();
    }

    private static String hash(byte[] content) throws IOException {
        try {
            var sha1 = java.security.MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return java.util.HexFormat.of().formatHex(sha1.digest(content));
        } catch (java.security.NoSuchAlgorithmException problem) {
            throw new IOException(problem);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void headIsFound(boolean packed, boolean detached) throws IOException {
        String commit = git.commit("first");
        git.run("checkout", "-q", "-b", "deep/branch");
        if (packed) {
            git.run("pack-refs", "--all");
        }
        if (detached) {
            git.run("checkout", "-q", "--detach");
        }

        assertThat(folder().head()).contains(commit);
    }

    @Test
    void anUnbornHeadIsEmpty() throws IOException {
        assertThat(folder().head()).isEmpty();
    }

    @Test
    void linkedWorkTreesShareWhatIsCommon() throws IOException {
        git.commit("first");
        Path linked = git.folder().resolveSibling("linked");
        git.run("worktree", "add", "-q", "-b", "other", linked.toString());
        String second = new GitProgram(linked).commit("second");

        GitFolder folder = GitFolder.of(linked);

        assertThat(folder.head()).contains(second);
        assertThat(folder.common()).isEqualTo(git.folder().resolve(".git"));
        assertThat(folder.objects().read(second)).isPresent();
    }

    @Test
    void theOriginIsThatOfGit() throws IOException {
        assertThat(folder().configured()).contains(new GitFolder.Configured(Optional.empty()));
        git.run("remote", "add", "other", "https://example.org/other");
        git.run("remote", "add", "origin", "https://example.org/site");
        git.run("remote", "set-url", "--add", "origin", "https://example.org/second");

        assertThat(folder().configured())
                .contains(new GitFolder.Configured(Optional.of(git.run("remote", "get-url", "origin"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[include]\n path = x\n",
                "[extensions]\n worktreeConfig = true\n",
                "[remote \"origin\"] url = https://example.org/x\n",
                "[remote   \"origin\"]\n url = https://example.org/x\n",
                "[remote \"origin\"]\n url = \"https://example.org/x\"\n",
                "[remote \"origin\"]\n url = https://example.org/x ; comment\n",
                "[core]\n x = a\\\n[remote \"origin\"]\n"
            })
    void whatIsNotPlainIsLeftToJGit(String configuration) throws IOException {
        git.write(".git/config", configuration);

        assertThat(folder().configured()).isEmpty();
    }

    @Test
    void commitsAreReadAsGitShowsThem() throws IOException {
        git.with("GIT_AUTHOR_NAME", "Zoë > Z").commit("one\nparagraph\n\nand\tmore");

        CommitText commit = CommitText.parse(
                folder().objects().read(folder().head().orElseThrow()).orElseThrow());

        assertThat(commit.author()).isEqualTo(git.run("log", "-1", "--format=%an <%ae>"));
        assertThat(commit.subject()).isEqualTo(git.run("log", "-1", "--format=%s"));
        assertThat(commit.tree()).isEqualTo(git.run("rev-parse", "HEAD^{tree}"));
    }
}
