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
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.Commands;
import org.portolan.process.Home;
import org.portolan.process.KeptEnvironment;
import org.portolan.process.Programs;

/** Sees to it that store and proxies are there after a reboot: a systemd unit, or a line in the crontab. */
final class SystemInstallCommand extends CliCommand {
    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final int WAIT_SECONDS = 120;
    private static final String MARK = "# portolan system install";

    SystemInstallCommand() {
        super("install", "Start the store and the proxies at boot, with a systemd unit or a crontab entry.");
    }

    @Override
    int run(Context context) {
        String launcher = System.getProperty("portolan.launcher", "");
        if (launcher.isEmpty()) {
            throw new Failure(Kind.REFUSED, "the path of the launcher is unknown: the program was started without it")
                    .withHint("Run scripts/portolan.");
        }
        Path home = context.parts().home().root();
        Path script = home.resolve("boot");
        context.parts().home().prepare();
        AtomicFiles.write(
                script, script(launcher, context.environment(), home).getBytes(StandardCharsets.UTF_8), "rwx------");
        boolean root = System.getProperty("user.name", "").equals("root");
        if (Files.isDirectory(Path.of("/run/systemd/system"))
                && Programs.find("systemctl").isPresent()) {
            systemd(context, script, root);
        } else {
            crontab(context, script);
        }
        return ExitStatus.DONE.code();
    }

    private static void systemd(Context context, Path script, boolean root) {
        Path folder = root
                ? Path.of("/etc/systemd/system")
                : Home.userHome(context.environment()).resolve(".config/systemd/user");
        Path unit = folder.resolve("portolan.service");
        try {
            Files.createDirectories(folder);
        } catch (IOException unwritable) {
            throw new Failure(Kind.FAILED, "cannot create " + folder + ": " + unwritable.getMessage());
        }
        String text = unit(script, root);
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
            console.detail("loginctl enable-linger   start them before this user logs in");
        }
        console.record("installed", Map.of("unit", unit));
    }

    private static void run(List<String> program, String... words) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(words));
        Commands.Result result = Commands.run(command, SHORT);
        if (!result.succeeded()) {
            throw new Failure(Kind.FAILED, String.join(" ", command) + " failed")
                    .withDetails(result.output().strip().lines().toList());
        }
    }

    /**
     * What is run at boot: the installation's environment, as its installer had it, and {@code system up}, again when it
     * failed. It waits for the engine first, whose networks' addresses the proxies listen on; cron has no order for that.
     */
    static String script(String launcher, Map<String, String> environment, Path home) {
        String userHome = Home.userHome(environment).toString();
        return "#!/bin/sh\n" + MARK + " wrote this. Run that again instead of editing it.\n"
                + "# The settings of the installation may be secret: keep the mode 700.\n"
                + "[ -n \"${HOME:-}\" ] || export HOME=" + KeptEnvironment.quoted(userHome) + "\n"
                + KeptEnvironment.exports(environment, home)
                + "tries=0\n"
                + "until " + KeptEnvironment.quoted(launcher) + " system up --wait " + WAIT_SECONDS + "; do\n"
                + "  tries=$((tries + 1))\n"
                + "  [ \"$tries\" -lt 5 ] || exit 1\n"
                + "  sleep \"${BOOT_PAUSE:-10}\"\n"
                + "done\n";
    }

    /**
     * The unit. It ends nothing when it is stopped: the proxies serve what runs. A user's manager knows neither the
     * system's units nor the network; the script waits by itself.
     */
    static String unit(Path script, boolean root) {
        String order = root
                ? "After=network-online.target docker.service\nWants=network-online.target\nRequiresMountsFor="
                        + word(script.getParent()) + "\n"
                : "";
        return """
                %s
                [Unit]
                Description=Portolan's store and proxies
                %s
                [Service]
                Type=oneshot
                RemainAfterExit=yes
                ExecStart=%s
                KillMode=none
                TimeoutStartSec=900

                [Install]
                WantedBy=%s
                """.formatted(MARK, order, word(script), root ? "multi-user.target" : "default.target");
    }

    /** A path as one word of a unit file, nothing in it filled in. */
    private static String word(@Nullable Path path) {
        return "\""
                + String.valueOf(path)
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("%", "%%")
                        .replace("$", "$$") + "\"";
    }

    /** The line of the crontab, where a percent sign means a line's end. */
    static String line(Path script) {
        return ("@reboot " + KeptEnvironment.quoted(script.toString()) + " >" + KeptEnvironment.quoted(script + ".log")
                        + " 2>&1 " + MARK)
                .replace("%", "\\%");
    }

    private static void crontab(Context context, Path script) {
        Optional<Path> program = Programs.find("crontab");
        String line = line(script);
        if (program.isEmpty()) {
            throw new Failure(Kind.UNAVAILABLE, "this machine has neither systemd nor cron")
                    .withHint("Run this at boot: " + script);
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
            throw new Failure(Kind.FAILED, "cannot write the crontab: " + unwritable.getMessage());
        }
        context.console().job("Added to the crontab: " + line);
        context.console().record("installed", Map.of("crontab", line));
    }
}
