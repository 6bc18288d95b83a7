package org.portolan.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.process.AtomicFiles;
import org.portolan.process.Commands;
import org.portolan.process.Programs;

/** Sees to it that store and proxies are there after a reboot: a systemd unit, or a line in the crontab. */
final class SystemInstallCommand extends CliCommand {
    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final String MARK = "# portolan system install";

    SystemInstallCommand() {
        super("install", "Start the store and the proxies at boot: a systemd unit, or else a crontab's @reboot line.");
    }

    @Override
    int run(Context context) {
        String launcher = System.getProperty("portolan.launcher", "");
        if (launcher.isEmpty()) {
            throw new Failure(ExitStatus.FAILED, "the launcher is not known; this program was started without it")
                    .withHint("Run it as scripts/portolan.");
        }
        Path home = context.parts().home().root();
        boolean root = System.getProperty("user.name", "").equals("root");
        if (Files.isDirectory(Path.of("/run/systemd/system"))
                && Programs.find("systemctl").isPresent()) {
            systemd(context, launcher, home, root);
        } else {
            crontab(context, launcher, home);
        }
        return ExitStatus.DONE.code();
    }

    private static void systemd(Context context, String launcher, Path home, boolean root) {
        String userHome = context.environment().getOrDefault("HOME", System.getProperty("user.home", "/"));
        Path folder = root ? Path.of("/etc/systemd/system") : Path.of(userHome, ".config/systemd/user");
        Path unit = folder.resolve("portolan.service");
        try {
            Files.createDirectories(folder);
        } catch (IOException unwritable) {
            throw new Failure(ExitStatus.FAILED, "cannot make " + folder + ": " + unwritable.getMessage());
        }
        String text = unit(launcher, home, root ? "multi-user.target" : "default.target");
        AtomicFiles.write(unit, text.getBytes(StandardCharsets.UTF_8), AtomicFiles.READABLE);
        Console console = context.console();
        console.job("Wrote " + unit);
        List<String> systemctl = new ArrayList<>(List.of("systemctl"));
        if (!root) {
            systemctl.add("--user");
        }
        run(systemctl, "daemon-reload");
        run(systemctl, "enable", "portolan.service");
        console.detail("enabled: store and proxies start at boot");
        if (!root) {
            console.detail("loginctl enable-linger   starts them before anybody logs in");
        }
        console.record("installed", Map.of("unit", unit));
    }

    private static void run(List<String> program, String... words) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(words));
        Commands.Result result = Commands.run(command, SHORT);
        if (!result.succeeded()) {
            throw new Failure(ExitStatus.FAILED, String.join(" ", command) + " failed")
                    .withDetails(result.output().strip().lines().toList());
        }
    }

    /** The unit. It ends nothing when it is stopped: the proxies serve what runs. */
    static String unit(String launcher, Path home, String target) {
        return """
                %s
                [Unit]
                Description=Portolan's store and proxies
                After=network-online.target docker.service
                Wants=network-online.target

                [Service]
                Type=oneshot
                RemainAfterExit=yes
                Environment="PORTOLAN_HOME=%s"
                ExecStart="%s" system up
                KillMode=none
                TimeoutStartSec=120

                [Install]
                WantedBy=%s
                """.formatted(MARK, home, launcher, target);
    }

    private static void crontab(Context context, String launcher, Path home) {
        Optional<Path> program = Programs.find("crontab");
        // A percent sign means a line's end there.
        String line = ("@reboot PORTOLAN_HOME='" + home + "' '" + launcher + "' system up >/dev/null 2>&1 " + MARK)
                .replace("%", "\\%");
        if (program.isEmpty()) {
            throw new Failure(ExitStatus.FAILED, "this machine has neither systemd nor cron")
                    .withHint("Let whatever starts it at boot run: PORTOLAN_HOME='" + home + "' '" + launcher
                            + "' system up");
        }
        Commands.Result before = Commands.run(List.of(program.get().toString(), "-l"), SHORT);
        StringBuilder table = new StringBuilder();
        if (before.succeeded()) {
            before.output().lines().filter(kept -> !kept.endsWith(MARK)).forEach(kept -> table.append(kept)
                    .append('\n'));
        }
        table.append(line).append('\n');
        try {
            Path file = Files.createTempFile("portolan", ".crontab");
            Files.writeString(file, table);
            run(List.of(program.get().toString()), file.toString());
            Files.delete(file);
        } catch (IOException unwritable) {
            throw new Failure(ExitStatus.FAILED, "cannot write the crontab: " + unwritable.getMessage());
        }
        context.console().job("Added to the crontab: " + line);
        context.console().record("installed", Map.of("crontab", line));
    }
}
