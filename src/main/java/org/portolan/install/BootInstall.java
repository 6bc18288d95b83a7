package org.portolan.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.Commands;
import org.portolan.process.Home;
import org.portolan.process.KeptEnvironment;
import org.portolan.process.Programs;

/** Sees to it that store and proxies are there after a reboot: a systemd unit, or a line in the crontab. */
public final class BootInstall {
    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final int WAIT_SECONDS = 120;
    private static final String MARK = "# portolan system install";

    private final Home home;
    private final Map<String, String> environment;
    private final String launcher;

    /**
     * Installs nothing yet.
     *
     * @param environment kept for the boot, as far as it is the installation's
     * @param launcher the program that is run
     */
    public BootInstall(Home home, Map<String, String> environment, String launcher) {
        this.home = home;
        this.environment = environment;
        this.launcher = launcher;
    }

    /** What was installed. */
    public sealed interface Installed {
        /**
         * A unit of systemd.
         *
         * @param user whether it is the user's own manager that starts it, once the user has logged in
         */
        record Unit(Path file, boolean user) implements Installed {}

        record Crontab(String line) implements Installed {}
    }

    /**
     * Writes the script, and what starts it.
     *
     * @param written gets the unit's path before it is enabled
     */
    public Installed install(Consumer<Path> written) {
        Path script = home.root().resolve("boot");
        home.prepare();
        AtomicFiles.write(
                script, script(launcher, environment, home.root()).getBytes(StandardCharsets.UTF_8), "rwx------");
        boolean root = System.getProperty("user.name", "").equals("root");
        return Files.isDirectory(Path.of("/run/systemd/system"))
                        && Programs.find("systemctl").isPresent()
                ? systemd(script, root, written)
                : crontab(script);
    }

    private Installed systemd(Path script, boolean root, Consumer<Path> written) {
        Path folder = root
                ? Path.of("/etc/systemd/system")
                : Home.userHome(environment).resolve(".config/systemd/user");
        Path unit = folder.resolve("portolan.service");
        try {
            Files.createDirectories(folder);
        } catch (IOException unwritable) {
            throw new Failure(Kind.FAILED, "cannot create " + folder + ": " + unwritable.getMessage());
        }
        String text = unit(script, root);
        AtomicFiles.write(unit, text.getBytes(StandardCharsets.UTF_8), AtomicFiles.READABLE);
        written.accept(unit);
        List<String> systemctl = new ArrayList<>(List.of("systemctl"));
        if (!root) {
            systemctl.add("--user");
        }
        run(systemctl, "daemon-reload");
        run(systemctl, "enable", "portolan.service");
        return new Installed.Unit(unit, !root);
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

    private static Installed crontab(Path script) {
        Optional<Path> program = Programs.find("crontab");
        String line = line(script);
        if (program.isEmpty()) {
            throw new Failure(Kind.UNAVAILABLE, "this machine has neither systemd nor cron")
                    .withHint("run this at boot: " + script);
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
        return new Installed.Crontab(line);
    }
}
