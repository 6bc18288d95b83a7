package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code source add}, {@code source list} and {@code source remove}. */
class SourceCommandsTest {
    @TempDir
    Path folder;

    private CliRun run(String... arguments) {
        return CliRun.with("", Map.of("PORTOLAN_HOME", folder.toString()), "", arguments);
    }

    private String text() throws IOException {
        return Files.readString(folder.resolve("portolan.yaml"));
    }

    @Test
    void aSourceIsAddedListedAndRemoved() throws IOException {
        assertThat(run("source", "list").err()).startsWith("No sources.");
        CliRun added = run(
                "source",
                "add",
                "https://git.internal/team/shop.git",
                "--branch",
                "main=production",
                "--branch",
                "release/*=shop-*",
                "--param",
                "size=small",
                "--var",
                "TAG=1.5",
                "--username",
                "robot",
                "--password",
                "file:secrets/token");
        assertThat(added.err()).isEmpty();
        assertThat(added.out())
                .startsWith("---> Added source shop to " + folder.resolve("portolan.yaml") + "\n")
                .contains("no controller runs");
        assertThat(text()).isEqualTo("""
                sources:
                  shop:
                    url: https://git.internal/team/shop.git
                    branches:
                      main: production
                      "release/*": "shop-*"
                    parameters:
                      size: small
                    env:
                      TAG: 1.5
                    credentials:
                      username: robot
                      password: file:%s
                """.formatted(Path.of("secrets/token").toAbsolutePath()));
        CliRun listed = run("source", "list");
        assertThat(listed.out()).isEqualTo("shop  https://git.internal/team/shop  branches main, release/*\n");
        assertThat(run("--json", "source", "list").out())
                .contains("\"name\":\"shop\"", "\"followed\":true")
                .doesNotContain("robot");
        assertThat(run("source", "remove", "shop").out())
                .isEqualTo("---> Removed source shop from " + folder.resolve("portolan.yaml") + "\n");
        assertThat(run("source", "list").err()).startsWith("No sources.");
    }

    @Test
    void aPathIsThatOfWhereAPersonStandsAndWithoutARefItIsFollowedAllTheSame() throws IOException {
        run("source", "add", "repositories/blog.git");
        assertThat(text())
                .contains("blog:\n    url: " + Path.of("repositories/blog.git").toAbsolutePath() + "\n    poll: 60s\n");
    }

    @Test
    void whatIsWrongIsSaidAndNothingIsWritten() {
        assertThat(run("source", "add", "x://git.internal/a").err()).contains("the scheme x:// is not supported");
        assertThat(run("source", "add", "https://me:hunter2@git.internal/shop.git", "--password", "hunter3"))
                .satisfies(refused -> {
                    assertThat(refused.status()).isEqualTo(2);
                    assertThat(refused.err())
                            .contains("sources.shop.credentials.password should say where the secret is")
                            .doesNotContain("hunter");
                });
        assertThat(run("source", "add", "/srv/shop.git", "--branch", "main").status())
                .isEqualTo(2);
        assertThat(run("source", "add", "/srv/shop.git", "--name", "a.b").status())
                .isEqualTo(2);
        assertThat(run("source", "remove", "none").err()).contains("there is no source none");
        assertThat(folder.resolve("portolan.yaml")).doesNotExist();
    }
}
