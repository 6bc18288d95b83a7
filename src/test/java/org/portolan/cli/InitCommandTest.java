package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("Servicefile");
    }

    @Test
    void writesWhatOptionsSay() throws IOException {
        CliRun run = CliRun.of(
                "-D",
                "shop",
                "init",
                file.toString(),
                "--image",
                "company/web:1",
                "--port",
                "8000",
                "--domain",
                "example.org");
        assertThat(run.status()).isZero();
        assertThat(Files.readString(file))
                .contains(
                        "Name: shop ",
                        "web:\n  image: company/web:1\n  port: 8000 ",
                        "Domains:\n  example.org:\n    http: web\n");
    }

    @Test
    void asksOnATerminal() throws IOException {
        CliRun run = CliRun.with("shop\nsite\ncompany/site\n80\n/up\n\n\n", Map.of(), "ioe", "init", file.toString());
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Name of the deployment", "Its image [nginx:1.27]: ");
        assertThat(Files.readString(file))
                .contains(
                        "Name: shop ",
                        "site:\n  image: company/site\n  port: 80 ",
                        "  health: {http: /up}",
                        "# Domains:");
    }

    @Test
    void aDomainNeedsAPort() throws IOException {
        CliRun run = CliRun.of("init", file.toString(), "--image", "a", "--domain", "example.org");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--domain needs --port");
        assertThat(file).doesNotExist();
        CliRun asked = CliRun.with("shop\nweb\na\n\n\n\nexample.org\n", Map.of(), "ioe", "init", file.toString());
        assertThat(asked.status()).isZero();
        assertThat(asked.err()).contains("example.org is commented out");
        assertThat(Files.readString(file)).contains("# Domains:\n#   example.org:");
    }

    @Test
    void needsAnImageWhereNobodyCanBeAsked() {
        assertThat(CliRun.of("init", file.toString()).status()).isEqualTo(2);
        assertThat(file).doesNotExist();
    }

    @Test
    void keepsAFileThatIsThere() throws IOException {
        Files.writeString(file, "x");
        CliRun run = CliRun.of("init", file.toString(), "--image", "a");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("already exists");
        assertThat(Files.readString(file)).isEqualTo("x");
        assertThat(CliRun.of("init", file.toString(), "--image", "a", "--force").status())
                .isZero();
        assertThat(Files.readString(file)).contains("image: a");
    }

    @Test
    void refusesWhatCouldBreakTheFile() {
        assertThat(CliRun.of("init", file.toString(), "--image", "a: {b}").status())
                .isEqualTo(2);
        assertThat(CliRun.of("init", file.toString(), "--image", "a", "--port", "http")
                        .status())
                .isEqualTo(2);
        assertThat(CliRun.of("init", file.toString(), "--image", "a", "--service", "A b")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void copiesATemplateWithDefaultsOfTheUser() throws IOException {
        CliRun run = CliRun.of(
                "-D",
                "shop",
                "init",
                file.toString(),
                "--from",
                "static-site",
                "--image",
                "company/nginx:1",
                "--domain",
                "example.org");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("---> Wrote " + file, "first: put the pages into the folder \"pages\"");
        assertThat(Files.readString(file))
                .contains(
                        "\nName: shop ",
                        "  image: {default: \"company/nginx:1\", description: ",
                        "  domain: {default: \"example.org\", description: ",
                        "  folder: {default: pages, ");
        Files.createDirectory(folder.resolve("pages"));
        Files.writeString(folder.resolve("pages/index.html"), "<h1>Hello</h1>");
        assertThat(CliRun.of("validate", file.toString()).status()).isZero();
    }

    @Test
    void refusesWhatATemplateDoesNotHave() {
        CliRun unknown = CliRun.of("init", file.toString(), "--from", "drupal");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err())
                .contains("no template is named 'drupal'", "static-site, web-worker-database, wordpress");
        CliRun parameter = CliRun.of("init", file.toString(), "--from", "redis", "--domain", "example.org");
        assertThat(parameter.status()).isEqualTo(2);
        assertThat(parameter.err()).contains("no parameter 'domain'", "It has: redis_image.");
        CliRun option = CliRun.of("init", file.toString(), "--from", "redis", "--port", "80");
        assertThat(option.status()).isEqualTo(2);
        assertThat(option.err()).contains("--port cannot be used with --from");
        assertThat(file).doesNotExist();
    }
}
