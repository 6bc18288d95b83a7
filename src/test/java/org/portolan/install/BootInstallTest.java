package org.portolan.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.process.Commands;

class BootInstallTest {
    @TempDir
    Path folder;

    @Test
    void theUnitStartsStoreAndProxiesAndEndsNothing() {
        assertThat(BootInstall.unit(Path.of("/srv/100% \"mine\"/boot"), true).lines())
                .contains(
                        "ExecStart=\"/srv/100%% \\\"mine\\\"/boot\"",
                        "RequiresMountsFor=\"/srv/100%% \\\"mine\\\"\"",
                        "After=network-online.target docker.service",
                        "KillMode=none",
                        "WantedBy=multi-user.target")
                .noneMatch(line -> line.startsWith("ExecStop"));
    }

    /** `systemctl enable portolan` and `portolan system install` do the same, one with defaults and one with what is set. */
    @Test
    void theUnitOfThePackageStartsTheSameInTheSameOrder() throws IOException {
        List<String> packaged = Files.readAllLines(Path.of("packaging/portolan.service"));
        for (String line :
                BootInstall.unit(Path.of("/root/.portolan/boot"), true).lines().toList()) {
            boolean own = line.isBlank() || line.startsWith("#") || line.startsWith("ExecStart=");
            if (!own && !line.startsWith("RequiresMountsFor=")) {
                assertThat(packaged).contains(line);
            }
        }
        assertThat(packaged)
                .contains("ExecStart=/usr/bin/portolan system up --wait 120")
                .noneMatch(line -> line.startsWith("ExecStop"));
    }

    @Test
    void aUsersUnitNamesNoUnitOfTheSystem() {
        assertThat(BootInstall.unit(Path.of("/srv/state/boot"), false))
                .contains("WantedBy=default.target")
                .doesNotContain("docker.service", "network-online");
    }

    @Test
    void cronRunsTheSameScript() {
        assertThat(BootInstall.line(Path.of("/srv/it's 5%/boot")))
                .isEqualTo(
                        "@reboot '/srv/it'\\''s 5\\%/boot' >'/srv/it'\\''s 5\\%/boot.log' 2>&1 # portolan system install");
    }

    @Test
    void atBootTheInstallationHasItsEnvironmentAndATryThatFailsIsMadeAgain() throws IOException {
        Path launcher = folder.resolve("it's a launcher");
        Files.writeString(launcher, """
                #!/bin/sh
                echo "$@ home=$HOME $PORTOLAN_HOME http=$PORTOLAN_EDGE_HTTP $DOCKER_HOST $PATH"
                [ -e "%s/again" ] || { touch "%s/again"; exit 4; }
                """.formatted(folder, folder));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        String script = BootInstall.script(
                launcher.toString(),
                Map.of(
                        "HOME",
                        "/srv/ada",
                        "PORTOLAN_EDGE_HTTP",
                        "8081",
                        "DOCKER_HOST",
                        "unix:///run/it's",
                        "PATH",
                        "/opt/haproxy/sbin"),
                folder.resolve("state"));
        Path boot = Files.writeString(folder.resolve("boot"), script);
        Commands.Result run = Commands.run(
                List.of("env", "-i", "BOOT_PAUSE=0", "PATH=/usr/bin:/bin", "sh", boot.toString()),
                Duration.ofSeconds(20));
        assertThat(run.succeeded()).as(run.output()).isTrue();
        assertThat(run.output().lines())
                .hasSize(2)
                .containsOnly("system up --wait 120 home=/srv/ada " + folder.resolve("state")
                        + " http=8081 unix:///run/it's /usr/bin:/bin:/opt/haproxy/sbin");
    }
}
