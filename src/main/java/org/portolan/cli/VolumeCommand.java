package org.portolan.cli;

/** The data of services, as volumes. */
final class VolumeCommand extends CliCommand {
    VolumeCommand() {
        super("volume", "Show volumes, and remove those that removed deployments left.");
        syntax().add(new VolumeListCommand());
        syntax().add(new VolumeRemoveCommand());
    }

    @Override
    int run(Context context) {
        throw FailureView.usage("say what to do: list or remove", "See 'portolan volume --help'.");
    }
}
