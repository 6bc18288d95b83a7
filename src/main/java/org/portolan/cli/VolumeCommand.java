package org.portolan.cli;

/** The data of services, as volumes. */
final class VolumeCommand extends CliCommand {
    VolumeCommand() {
        super("volume", "Show and remove volumes.");
        syntax().add(new VolumeListCommand());
        syntax().add(new VolumeRemoveCommand());
    }

    @Override
    int run(Context context) {
        throw FailureView.usage("no subcommand given: list or remove", "See 'portolan volume --help'.");
    }
}
