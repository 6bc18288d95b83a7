package org.portolan.cli;

/** What runs beside the instances: the store and the proxies. */
final class SystemCommand extends CliCommand {
    SystemCommand() {
        super("system", "Start, stop and show the store and the proxies.");
        syntax().add(new SystemUpCommand());
        syntax().add(new SystemDownCommand());
        syntax().add(new SystemStatusCommand());
        syntax().add(new SystemInstallCommand());
        syntax().add(new SystemUninstallCommand());
        syntax().add(new SystemMoveStoreCommand());
        syntax().add(new SystemBackupCommand());
        syntax().add(new SystemRestoreCommand());
    }

    @Override
    int run(Context context) {
        throw FailureView.usage(
                "no subcommand given: up, down, status, install, uninstall, move-store, backup or restore",
                "See 'portolan system --help'.");
    }
}
