package org.portolan.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.process.Commands;
import org.portolan.process.Programs;

/** The controller's service: the unit that systemd accepts, the crontab's line, and the script that both run. */
class ControllerInstallTest {
    @TempDir
    Path folder;

    @Test
    void theUnitComesBackAndEndsNothingButTheControllersProcess() {
        assertThat(ControllerInstall.unit(Path.of("/srv/100% mine/controller"), true)
                        .lines())
                .contains(
                        "ExecStart=\"/srv/100%% mine/controller\"",
                        "RequiresMountsFor=\"/srv/100%% mine\"",
                        "After=network-online.target docker.service portolan.service",
                        "Restart=always",
                        "StartLimitIntervalSec=0",
                        "KillMode=process",
                        "NoNewPrivileges=yes",
                        "WantedBy=multi-user.target")
                .noneMatch(line -> line.startsWith("ExecStop") || line.startsWith("Private"));
        assertThat(ControllerInstall.unit(Path.of("/srv/controller"), false))
                .contains("WantedBy=default.target")
                .doesNotContain("docker.service", "NoNewPrivileges", "Restrict");
    }

    @Test
    void systemdAcceptsTheUnitsWithoutAWarning() throws IOException {
        Assumptions.assumeTrue(Programs.find("systemd-analyze").isPresent(), "systemd-analyze is not installed");
        Path script = Files.writeString(folder.resolve("controller"), "#!/bin/sh\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Path unit = folder.resolve(ControllerInstall.UNIT);
        for (boolean root : List.of(true, false)) {
            Files.writeString(unit, ControllerInstall.unit(script, root));
            Commands.Result result = Commands.run(
                    List.of("systemd-analyze", "verify", "--man=no", unit.toString()), Duration.ofSeconds(20));
            assertThat(result.output().lines().filter(line -> line.contains(ControllerInstall.UNIT)))
                    .isEmpty();
        }
    }

    /** `systemctl enable portolan-controller` and `portolan system install --controller` do the same. */
    @Test
    void theUnitOfThePackageIsTheSame() throws IOException {
        List<String> packaged = Files.readAllLines(Path.of("packaging/portolan-controller.service"));
        for (String line : ControllerInstall.unit(Path.of("/root/.portolan/controller"), true)
                .lines()
                .toList()) {
            boolean own = line.isBlank() || line.startsWith("#") || line.startsWith("ExecStart=");
            if (!own && !line.startsWith("RequiresMountsFor=")) {
                assertThat(packaged).contains(line);
            }
        }
        assertThat(packaged).contains("ExecStart=/usr/bin/portolan serve");
    }

    @Test
    void cronStartsItOnceAndAgainWhenItEnded() throws IOException {
        String flock = Programs.find("flock").map(Path::toString).orElseThrow();
        Path launcher = folder.resolve("it's a launcher");
        Files.writeString(
                launcher,
                "#!/bin/sh\necho \"$@ $PORTOLAN_HOME $SECRET\"\nsleep 60 & echo $! >'" + folder + "/left'\n[ -e '"
                        + folder + "/quick' ] || sleep 1\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Path state = Files.createDirectories(folder.resolve("state 5%"));
        Path script = state.resolve(ControllerInstall.SCRIPT);
        Map<String, String> environment = Map.of("HOME", "/srv/ada", "PATH", "/usr/bin:/bin", "SECRET", "no");
        Files.writeString(script, ControllerInstall.script(launcher.toString(), environment, state, true));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        String line = ControllerInstall.line(flock, script);
        assertThat(line)
                .startsWith("* * * * * ")
                .endsWith("# portolan system install --controller")
                .contains("5\\%");
        String command = line.substring("* * * * * ".length()).replace("\\%", "%");

        Thread first = Thread.ofPlatform().start(() -> run(command));
        Path log = state.resolve("controller.log");
        while (!Files.exists(log) || Files.size(log) == 0) {
            Thread.onSpinWait();
        }
        assertThat(run(command).succeeded()).as("it runs already").isFalse();
        join(first);
        Files.createFile(folder.resolve("quick"));
        assertThat(run(command).succeeded()).as("what it started holds no lock").isTrue();
        assertThat(Files.readAllLines(log)).containsExactly("serve " + state + " ", "serve " + state + " ");
    }

    private static Commands.Result run(String command) {
        return Commands.run(List.of("env", "-i", "PATH=/usr/bin:/bin", "sh", "-c", command), Duration.ofSeconds(20));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTableKeepsWhatOthersWrote() {
        String mark = "# portolan system install --controller";
        String old = "0 5 * * * backup\n@reboot boot # portolan system install\n* * * * * old " + mark + "\n";
        assertThat(Crontab.edited(old, mark, "* * * * * new " + mark))
                .isEqualTo("0 5 * * * backup\n@reboot boot # portolan system install\n* * * * * new " + mark + "\n");
        assertThat(Crontab.edited(old, mark, ""))
                .isEqualTo("0 5 * * * backup\n@reboot boot # portolan system install\n");
    }
}
