package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;

/** Real pushes to a repository whose hook starts a launcher that writes down how it was started. */
@Tag("real")
class HooksTest {
    private static final String AWKWARD = "it's \"$HOME\" `id` \\ ä\nsecond line";

    @TempDir
    Path temporary;

    private Path home;
    private Path bare;
    private Path launcher;
    private GitProgram git;

    @BeforeEach
    void makeRepositories() throws IOException {
        home = temporary.toRealPath();
        bare = home.resolve("it's site.git");
        GitProgram.bare(bare);
        git = GitProgram.repository(home.resolve("work")).write("Servicefile", "web: {}\n");
        git.run("remote", "add", "origin", bare.toString());
        launcher = home.resolve("bin of/portolan");
        Files.createDirectories(launcher.getParent());
        launch(0);
    }

    private void launch(int status) throws IOException {
        Files.writeString(launcher, """
                #!/bin/sh
                for argument; do printf '%%s\\n' "$argument"; done >> "%1$s/arguments"
                env -0 > "%1$s/environment"
                cat > "%1$s/input"
                echo "---> Deploying"
                echo "to the error stream" >&2
                exit %2$d
                """.formatted(home, status));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    private Hooks.Installed install(Optional<String> branch, Map<String, String> environment) {
        return Hooks.install(
                new Hooks.Request(bare, branch, "", Optional.empty(), launcher, home.resolve("state"), environment));
    }

    private List<String> arguments() throws IOException {
        Path file = home.resolve("arguments");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private List<String> environment() throws IOException {
        return List.of(Files.readString(home.resolve("environment")).split("\0"));
    }

    @Test
    void aPushDeploysItsCommitAndThePusherSeesIt() throws IOException {
        Hooks.Installed installed = install(Optional.empty(), Map.of());
        String commit = git.commit("first");

        String output = git.run("push", "origin", "main");

        assertThat(installed.branch()).contains("main");
        assertThat(installed.replaced()).isFalse();
        assertThat(arguments())
                .containsExactly(
                        "deploy",
                        "--git",
                        bare.toString(),
                        "--ref",
                        "refs/heads/main",
                        "--path",
                        "Servicefile",
                        "--automatic");
        assertThat(output.lines().map(String::strip))
                .containsSubsequence(
                        "remote: ---> Deploying",
                        "remote: to the error stream",
                        "remote: portolan: main " + commit.substring(0, 7) + ": done");
    }

    @Test
    void theInstallersSettingsAreRememberedAndGitsVariablesAreNot() throws IOException {
        Hooks.Installed installed = install(
                Optional.empty(),
                Map.of(
                        "PORTOLAN_REDIS", AWKWARD,
                        "DOCKER_HOST", "unix:///run/it's.sock",
                        "DOCKER_CERT_PATH", "certs",
                        "PORTOLAN_CONFIG", "own.yaml",
                        "PORTOLAN_BAD-NAME", "x",
                        "PORTOLAN_WHO", "the installer",
                        "OTHER", "x",
                        "PATH", "/usr/bin:/bin:/opt/it's"));
        git.commit("first");
        new GitProgram(bare).run("config", "receive.advertisePushOptions", "true");
        git.run("push", "-o", "ci.skip", "origin", "main");
        // As over ssh, where little is set.
        GitProgram bareEnvironment = new GitProgram(git.folder()).with("PATH", "/usr/bin:/bin");
        git.write("Servicefile", "web: {scale: 2}\n").commit("second");
        bareEnvironment.run("push", "origin", "main");

        assertThat(environment())
                .contains(
                        "PORTOLAN_REDIS=" + AWKWARD,
                        "PORTOLAN_WHO=" + System.getProperty("user.name") + ", push",
                        "PORTOLAN_HOME=" + home.resolve("state"),
                        "DOCKER_HOST=unix:///run/it's.sock",
                        "DOCKER_CERT_PATH=" + Path.of("certs").toAbsolutePath(),
                        "PORTOLAN_CONFIG=" + Path.of("own.yaml").toAbsolutePath())
                .anyMatch(line -> line.startsWith("PATH=") && line.endsWith(":/usr/bin:/bin:/opt/it's"))
                .noneMatch(line -> line.startsWith("GIT_DIR=")
                        || line.startsWith("GIT_QUARANTINE")
                        || line.startsWith("GIT_OBJECT")
                        || line.startsWith("OTHER=")
                        || line.startsWith("PORTOLAN_BAD"));
        assertThat(Files.readString(home.resolve("input"))).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(installed.file())))
                .isEqualTo("rwx------");
    }

    @Test
    void aFailedDeployIsSaidAndThePushStands() throws IOException {
        install(Optional.empty(), Map.of());
        launch(4);
        String commit = git.commit("first");

        String output = git.run("push", "origin", "main");

        assertThat(output).contains("main " + commit.substring(0, 7) + ": NOT DEPLOYED (exit status 4)");
        assertThat(new GitProgram(bare).run("rev-parse", "main")).isEqualTo(commit);
        Files.delete(launcher);
        git.write("Servicefile", "web: {scale: 2}\n").commit("second");
        assertThat(git.run("push", "origin", "main")).contains("does not exist; run portolan hook install again");
    }

    @Test
    void otherBranchesTagsAndDeletionsDeployNothing() throws IOException {
        install(Optional.empty(), Map.of());
        git.commit("first");
        git.run("tag", "v1");

        String output = git.run("push", "origin", "main:feature", "v1");

        assertThat(output)
                .contains("feature is not deployed: this repository deploys main")
                .contains("main does not exist here; to deploy another")
                .contains("refs/tags/v1 is not deployed");
        assertThat(arguments()).isEmpty();

        install(Optional.of("feature"), Map.of());
        assertThat(git.run("push", "origin", ":feature")).contains("feature was deleted: nothing is deployed");
        assertThat(arguments()).isEmpty();
        git.run("push", "origin", "main:feature", "main");
        assertThat(arguments()).contains("--automatic");
    }

    /** What the branch names when the deployment is free is deployed; so "done" must not be said of the older commit alone. */
    @Test
    void aPushThatWasOvertakenWhileItsProcessRanSaysSo() throws IOException {
        String first = git.commit("first");
        String second = git.write("Servicefile", "web: {scale: 2}\n").commit("second");
        git.run("push", "origin", second + ":refs/heads/kept");
        Files.writeString(launcher, """
                #!/bin/sh
                echo "deploys $(git --git-dir="%1$s" rev-parse --short=7 main)"
                git --git-dir="%1$s" update-ref refs/heads/main %2$s
                """.formatted(bare, second));
        install(Optional.of("main"), Map.of());

        assertThat(git.run("push", "origin", first + ":refs/heads/main"))
                .as(
                        "a controller deploys what was read before: the last one who looks deploys what the branch is by then")
                .containsSubsequence("deploys " + first.substring(0, 7), "deploys " + second.substring(0, 7))
                .contains("main " + first.substring(0, 7) + " (overtaken by " + second.substring(0, 7) + "): done");
    }

    @Test
    void pathAndDeploymentAreHandedOn() throws IOException {
        Hooks.install(new Hooks.Request(
                bare,
                Optional.of("refs/heads/main"),
                "apps/my file",
                Optional.of("shop"),
                launcher,
                home.resolve("state"),
                Map.of()));
        git.commit("first");

        git.run("push", "origin", "main");

        assertThat(arguments()).startsWith("-D", "shop", "deploy").contains("apps/my file");
    }

    @Test
    void aHookOfOursIsReplacedAndAForeignOneIsKept() throws IOException {
        Path file = install(Optional.empty(), Map.of("PORTOLAN_OLD", "1")).file();
        assertThat(install(Optional.empty(), Map.of()).replaced()).isTrue();
        assertThat(Files.readString(file)).doesNotContain("PORTOLAN_OLD");
        assertThat(Hooks.remove(bare)).isTrue();
        assertThat(Hooks.remove(bare)).isFalse();

        String foreign = "#!/bin/sh\necho foreign hook; cat\n";
        Files.writeString(file, foreign);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> install(Optional.empty(), Map.of())).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).contains("there is already another hook");
            assertThat(failure.hint())
                    .hasValueSatisfying(hint -> assertThat(hint).contains("post-receive.first"));
        });
        assertThat(Hooks.remove(bare)).isFalse();
        assertThat(file).hasContent(foreign);

        Files.move(file, file.resolveSibling("post-receive.first"));
        install(Optional.empty(), Map.of());
        String commit = git.commit("first");
        assertThat(git.run("push", "origin", "main"))
                .contains("foreign hook")
                .contains(commit + " refs/heads/main")
                .contains(": done");
    }

    @Test
    void aNewerPushTakesThePlaceOfAnOlderOne() throws IOException {
        Path hook = install(Optional.empty(), Map.of()).file();
        String first = git.commit("first");
        git.run("push", "origin", "main");
        git.write("Servicefile", "web: {scale: 2}\n").commit("second");
        git.run("push", "origin", "main");
        Files.delete(home.resolve("arguments"));

        GitProgram.Result late = GitProgram.execute(
                bare,
                Map.of("PATH", System.getenv("PATH")),
                List.of(
                        "sh",
                        "-c",
                        "echo 0 " + first + " refs/heads/main | '"
                                + hook.toString().replace("'", "'\\''") + "'"));

        assertThat(late.output()).contains("overtaken by a newer push");
        assertThat(arguments()).isEmpty();
    }

    @Test
    void whatIsNoBareRepositoryIsRefused() throws IOException {
        Path plain = Files.createDirectory(home.resolve("plain"));

        for (Path wrong : List.of(plain, git.folder(), git.folder().resolve(".git"), home.resolve("none"))) {
            assertThatThrownBy(() -> Hooks.install(
                            new Hooks.Request(wrong, Optional.empty(), "", Optional.empty(), launcher, home, Map.of())))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.hint()).isPresent());
        }
        assertThatThrownBy(() -> install(Optional.of("a..b"), Map.of()))
                .hasMessageContaining("not a valid branch name");
        new GitProgram(bare).run("config", "core.hooksPath", "/elsewhere");
        assertThatThrownBy(() -> install(Optional.empty(), Map.of())).hasMessageContaining("/elsewhere");
    }
}
