package org.portolan.cli;

/** Remotes that lead to the Git server. */
final class RemoteCommand extends CliCommand {
    RemoteCommand() {
        super("remote", "Push to deploy: give work trees the remote of the Git server.");
        syntax().add(new RemoteAddCommand());
    }

    @Override
    int run(Context context) {
        throw FailureView.usage("no subcommand given: add", "See 'portolan remote --help'.");
    }
}
