package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void compose() throws IOException {
        file = folder.resolve("compose.yaml");
        Files.writeString(file, """
                name: shop
                services:
                  web:
                    image: company/web:1
                    ports: ["8080:80"]
                    environment: {DB_PASSWORD: hunter2, MODE: fast}
                    develop: {watch: []}
                    attach: false
                """);
    }

    @Test
    void printsTheServicefileAndReportsOnStandardError() {
        CliRun run = CliRun.of("import", file.toString());
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("Name: shop\n", "web:\n  image: company/web:1\n", "ports: {http: 80}", "{secret: hunter2}");
        assertThat(run.err()).contains("not imported:", "compose.yaml:8:5: services.web.attach: no equivalent");
    }

    @Test
    void writesSecretsBesideItForTheOwnerOnly() throws IOException {
        Path target = folder.resolve("Servicefile");
        CliRun run = CliRun.of("import", folder.toString(), "-o", target.toString());
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("---> Wrote " + target + ": 1 service from a file of Compose");
        Path secrets = folder.resolve("web.secrets.env");
        assertThat(Files.readString(target))
                .contains("env_files: [web.secrets.env]")
                .doesNotContain("hunter2");
        assertThat(Files.readString(secrets)).isEqualTo("DB_PASSWORD=hunter2\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
                .isEqualTo("rw-------");
        assertThat(run.out() + run.err()).doesNotContain("hunter2");
        assertThat(CliRun.of("validate", target.toString()).status()).isZero();
    }

    @Test
    void keepsFilesThatAreThere() throws IOException {
        Path target = folder.resolve("Servicefile");
        Path secrets = folder.resolve("web.secrets.env");
        Files.writeString(secrets, "x");
        CliRun run = CliRun.of("import", file.toString(), "-o", target.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("web.secrets.env already exists");
        assertThat(target).doesNotExist();
        assertThat(CliRun.of("import", file.toString(), "-o", target.toString(), "--force")
                        .status())
                .isZero();
        assertThat(Files.readString(secrets)).isEqualTo("DB_PASSWORD=hunter2\n");
    }

    @Test
    void aFolderInTheWayIsKeptWithForceToo() throws IOException {
        Path target = Files.createDirectory(folder.resolve("Servicefile"));
        CliRun run = CliRun.of("import", file.toString(), "-o", target.toString(), "--force");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("Servicefile is a folder");
        assertThat(target).isDirectory();
    }

    @Test
    void pathsLeadFromTheServicefilesFolderToTheInput() throws IOException {
        Files.writeString(folder.resolve("web.env"), "A=b\n");
        Files.writeString(file, "services: {web: {image: a, env_file: web.env}}\n");
        Path below = Files.createDirectory(folder.resolve("deploy"));
        Path target = below.resolve("Servicefile");
        assertThat(CliRun.of("import", file.toString(), "-o", target.toString()).status())
                .isZero();
        assertThat(Files.readString(target)).contains("env_files: [../web.env]");
    }

    @Test
    void tellsEveryRemarkInJson() {
        CliRun run = CliRun.of("--json", "import", file.toString());
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("\"type\":\"remark\"", "\"kind\":\"not imported\"", "\"line\":8", "\"valid\":true");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotKnow() throws IOException {
        Files.writeString(file, "a: {b: c}\n");
        CliRun run = CliRun.of("import", file.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("is not a file of a system that can be imported", "--from compose");
        CliRun absent = CliRun.of("import", folder.resolve("absent").toString());
        assertThat(absent.status()).isNotZero();
        assertThat(absent.err())
                .contains("absent does not exist", "name the file to import; found in a folder are compose.yaml")
                .doesNotContain("init");
        assertThat(CliRun.of("import", file.toString(), "--from", "chef").status())
                .isEqualTo(2);
        Files.writeString(file, "services: {web: [\n");
        assertThat(CliRun.of("import", file.toString()).status()).isEqualTo(2);
    }
}
