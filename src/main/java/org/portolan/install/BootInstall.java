package org.portolan.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;
import org.portolan.process.KeptEnvironment;

/** Sees to it that store and proxies are there after a reboot: a systemd unit, or a line in the crontab. */
public final class BootInstall {
    private static final int WAIT_SECONDS = 120;
    private static final String UNIT = "portolan.service";
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
        return Systemd.runs() ? systemd(script, written) : crontab(script);
    }

    private Installed systemd(Path script, Consumer<Path> written) {
        Systemd systemd = new Systemd(environment);
        systemd.write(UNIT, unit(script, !systemd.isUsers()));
        written.accept(systemd.file(UNIT));
        systemd.call("daemon-reload");
        systemd.call("enable", UNIT);
        return new Installed.Unit(systemd.file(UNIT), systemd.isUsers());
    }

    /** Takes away what starts them at boot; nothing is stopped. False when it was not installed. */
    public boolean remove() {
        boolean had = Systemd.runs() && new Systemd(environment).remove(UNIT);
        had |= Crontab.find().map(cron -> cron.put(MARK, "")).orElse(false);
        try {
            had |= Files.deleteIfExists(home.file("boot"));
        } catch (IOException problem) {
            throw FileProblems.failure("remove", home.file("boot"), problem);
        }
        return had;
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
                        + Systemd.word(Objects.requireNonNull(script.getParent())) + "\n"
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
                """.formatted(MARK, order, Systemd.word(script), root ? "multi-user.target" : "default.target");
    }

    /** The line of the crontab, where a percent sign means a line's end. */
    static String line(Path script) {
        return ("@reboot " + KeptEnvironment.quoted(script.toString()) + " >" + KeptEnvironment.quoted(script + ".log")
                        + " 2>&1 " + MARK)
                .replace("%", "\\%");
    }

    private static Installed crontab(Path script) {
        String line = line(script);
        Crontab cron = Crontab.find()
                .orElseThrow(() -> new Failure(Kind.UNAVAILABLE, "this machine has neither systemd nor cron")
                        .withHint("run this at boot: " + script));
        cron.put(MARK, line);
        return new Installed.Crontab(line);
    }
}
