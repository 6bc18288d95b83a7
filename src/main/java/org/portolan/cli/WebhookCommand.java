package org.portolan.cli;

/** Webhooks of Git hosts. */
final class WebhookCommand extends CliCommand {
    WebhookCommand() {
        super("webhook", "Set up webhooks of Git hosts.");
        syntax().add(new WebhookSecretCommand());
    }

    @Override
    int run(Context context) {
        throw FailureView.usage("no subcommand given: secret", "See 'portolan webhook --help'.");
    }
}
