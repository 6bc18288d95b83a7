package org.portolan.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;
import org.portolan.process.KeptEnvironment;
import org.portolan.process.Programs;
import org.portolan.process.StateFiles;

/**
 * Makes the controller a service that is started at boot and again when it ends: a systemd unit, or a line of the crontab that looks
 * every minute. Installing it again changes only what differs.
 */
public final class ControllerInstall {
    static final String UNIT = "portolan-controller.service";
    /** The script in the state directory; it is there as long as the service is installed. */
    public static final String SCRIPT = "controller";

    private static final String MARK = "# portolan system install --controller";
    private static final int LARGEST_LOG = 4 << 20;

    private final Home home;
    private final Map<String, String> environment;
    private final String launcher;

    /**
     * Installs nothing yet.
     *
     * @param environment kept for the service, as far as it is the installation's
     * @param launcher the program that is run
     */
    public ControllerInstall(Home home, Map<String, String> environment, String launcher) {
        this.home = home;
        this.environment = environment;
        this.launcher = launcher;
    }

    /** Installs it and has it started; gives what was done, for people. */
    public List<String> install() {
        boolean systemd = Systemd.runs();
        String text = script(launcher, environment, home.root(), !systemd);
        boolean changed = !StateFiles.holds(home.file(SCRIPT), text);
        home.prepare();
        AtomicFiles.write(home.file(SCRIPT), text.getBytes(StandardCharsets.UTF_8), "rwx------");
        return systemd ? underSystemd(changed) : underCron();
    }

    private List<String> underSystemd(boolean changed) {
        Systemd systemd = new Systemd(environment);
        List<String> done = new ArrayList<>();
        boolean written = systemd.write(UNIT, unit(home.file(SCRIPT), !systemd.isUsers()));
        systemd.call("daemon-reload");
        if (systemd.active(UNIT)) {
            systemd.call("enable", UNIT);
            if (written || changed) {
                systemd.call("restart", UNIT);
                done.add("restarted: its settings have changed");
            } else {
                done.add("runs already, with these settings");
            }
        } else {
            systemd.call("enable", "--now", UNIT);
            done.add("started; it starts at boot and again when it ends");
        }
        done.addFirst("unit " + systemd.file(UNIT));
        done.add("its log: journalctl " + (systemd.isUsers() ? "--user " : "") + "-u " + UNIT);
        if (systemd.isUsers()) {
            done.add("loginctl enable-linger   keep it while this user is not logged in");
        }
        return done;
    }

    private List<String> underCron() {
        Crontab cron = Crontab.find()
                .orElseThrow(() -> new Failure(Kind.UNAVAILABLE, "this machine has neither systemd nor cron")
                        .withHint("have its supervisor (OpenRC, runit, s6) run " + home.file(SCRIPT)
                                + " as this user, restart it when it ends, and stop it with TERM"));
        String flock = Programs.find("flock").map(Path::toString).orElseThrow(() -> new Failure(
                        Kind.UNAVAILABLE, "the program flock is missing")
                .withHint("install util-linux: cron starts the controller only if it does not run"));
        String line = line(flock, home.file(SCRIPT));
        cron.put(MARK, line);
        return List.of(
                "crontab: " + line,
                "it is started within a minute, at boot and when it ended",
                "its log: " + home.file(SCRIPT + ".log"));
    }

    /** Takes it away again, and stops it where systemd runs it; false when it was not installed. */
    public boolean remove() {
        boolean had = Systemd.runs() && new Systemd(environment).remove(UNIT);
        had |= Crontab.find().map(cron -> cron.put(MARK, "")).orElse(false);
        try {
            had |= Files.deleteIfExists(home.file(SCRIPT));
        } catch (IOException problem) {
            throw FileProblems.failure("remove", home.file(SCRIPT), problem);
        }
        return had;
    }

    /**
     * What is run.
     *
     * @param logs whether its output goes to a file, which is emptied at a start once it is large
     */
    static String script(String launcher, Map<String, String> environment, Path home, boolean logs) {
        String log = KeptEnvironment.quoted(home.resolve(SCRIPT + ".log").toString());
        return "#!/bin/sh\n" + MARK + " wrote this. Run that again instead of editing it.\n"
                + "# The settings of the installation may be secret: keep the mode 700.\n"
                + "[ -n \"${HOME:-}\" ] || export HOME="
                + KeptEnvironment.quoted(Home.userHome(environment).toString()) + "\n"
                + KeptEnvironment.exports(environment, home)
                + (logs
                        ? "log=" + log + "\n"
                                + "if [ -f \"$log\" ] && [ \"$(wc -c <\"$log\")\" -gt " + LARGEST_LOG
                                + " ]; then mv \"$log\" \"$log.1\"; fi\n"
                                + "exec >>\"$log\" 2>&1\n"
                        : "")
                + "exec " + KeptEnvironment.quoted(launcher) + " serve\n";
    }

    /**
     * The unit. Store and proxies that the controller starts stay when it ends: only its own process is stopped, and they are no
     * reason to call the service failed. For root rights are taken away that neither it nor the proxies need; folders are not hidden,
     * since Servicefiles name any. A user's manager cannot do that without forbidding the sudo of a reload command.
     */
    static String unit(Path script, boolean root) {
        String order = root
                ? "After=network-online.target docker.service portolan.service\nWants=network-online.target\n"
                        + "RequiresMountsFor=" + Systemd.word(Objects.requireNonNull(script.getParent())) + "\n"
                : "";
        String hardening = root ? """
                        NoNewPrivileges=yes
                        RestrictSUIDSGID=yes
                        RestrictRealtime=yes
                        LockPersonality=yes
                        SystemCallArchitectures=native
                        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
                        """ : "";
        return """
                %s
                [Unit]
                Description=Portolan's controller
                %sStartLimitIntervalSec=0

                [Service]
                Type=exec
                ExecStart=%s
                Restart=always
                RestartSec=2
                KillMode=process
                TimeoutStopSec=90
                OOMPolicy=continue
                %s
                [Install]
                WantedBy=%s
                """.formatted(
                        MARK, order, Systemd.word(script), hardening, root ? "multi-user.target" : "default.target");
    }

    /** The line of the crontab. The lock is not handed on to what is started, or the proxies would hold it. */
    static String line(String flock, Path script) {
        return ("* * * * * " + flock + " -n -o " + KeptEnvironment.quoted(script + ".lock") + " "
                        + KeptEnvironment.quoted(script.toString()) + " " + MARK)
                .replace("%", "\\%");
    }
}
