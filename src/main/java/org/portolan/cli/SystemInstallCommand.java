package org.portolan.cli;

import java.util.List;
import java.util.Map;
import org.portolan.install.BootInstall;
import org.portolan.install.ControllerInstall;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** Sees to it that store and proxies are there after a reboot. */
final class SystemInstallCommand extends CliCommand {
    private final Syntax.Flag controller =
            syntax().flag("--controller", "Also run the controller, now, at boot and again when it ends.");

    SystemInstallCommand() {
        super("install", "Start the store and the proxies at boot, with a systemd unit or a crontab entry.");
    }

    @Override
    int run(Context context) {
        String launcher = System.getProperty("portolan.launcher", "");
        if (launcher.isEmpty()) {
            throw new Failure(Kind.REFUSED, "the path of the launcher is unknown: the program was started without it")
                    .withHint("run scripts/portolan");
        }
        Console console = context.console();
        BootInstall install = new BootInstall(context.parts().home(), context.environment(), launcher);
        switch (install.install(unit -> console.job("Wrote " + unit))) {
            case BootInstall.Installed.Unit unit -> {
                console.detail("enabled: store and proxies start at boot");
                if (unit.user()) {
                    console.detail("loginctl enable-linger   start them before this user logs in");
                }
                console.record("installed", Map.of("unit", unit.file()));
            }
            case BootInstall.Installed.Crontab crontab -> {
                console.job("Added to the crontab: " + crontab.line());
                console.record("installed", Map.of("crontab", crontab.line()));
            }
        }
        if (controller.given()) {
            List<String> done =
                    new ControllerInstall(context.parts().home(), context.environment(), launcher).install();
            console.job("Installed the controller");
            done.forEach(console::detail);
            console.record("installed", Map.of("controller", done));
        }
        return ExitStatus.DONE.code();
    }
}
