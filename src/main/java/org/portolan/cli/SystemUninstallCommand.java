package org.portolan.cli;

import java.util.Map;
import org.portolan.install.BootInstall;
import org.portolan.install.ControllerInstall;

/** Takes away what 'system install' put on this machine. */
final class SystemUninstallCommand extends CliCommand {
    private final Syntax.Flag controller = syntax().flag("--controller", "The controller alone.");

    SystemUninstallCommand() {
        super(
                "uninstall",
                "Stop the controller's service, and start nothing at boot any more. What runs keeps running.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        boolean served = new ControllerInstall(context.parts().home(), context.environment(), "").remove();
        boolean booted =
                !controller.given() && new BootInstall(context.parts().home(), context.environment(), "").remove();
        if (served) {
            console.job("Removed the controller's service");
        }
        if (booted) {
            console.job("Store and proxies no longer start at boot");
        }
        if (!served && !booted) {
            console.note("Nothing was installed.");
        }
        console.record("uninstalled", Map.of("controller", served, "boot", booted));
        return ExitStatus.DONE.code();
    }
}
