package org.portolan.cli;

/** The values that are generated once per deployment. */
final class SecretCommand extends CliCommand {
    SecretCommand() {
        super("secret", "Show, set and rotate the generated values of a deployment.");
        syntax().add(new SecretListCommand());
        syntax().add(new SecretShowCommand());
        syntax().add(new SecretSetCommand());
        syntax().add(new SecretRotateCommand());
    }

    @Override
    int run(Context context) {
        throw FailureView.usage("no subcommand given: list, show, set or rotate", "See 'portolan secret --help'.");
    }
}
