package org.portolan.cli;

/** The data of services, as volumes. */
final class VolumeCommand extends CliCommand {
    VolumeCommand() {
        super("volume", "Show, remove, save and restore volumes.");
        syntax().add(new VolumeListCommand());
        syntax().add(new VolumeRemoveCommand());
        syntax().add(new VolumeBackupCommand());
        syntax().add(new VolumeRestoreCommand());
    }

    @Override
    int run(Context context) {
        throw FailureView.usage(
                "no subcommand given: list, remove, backup or restore", "See 'portolan volume --help'.");
    }
}
