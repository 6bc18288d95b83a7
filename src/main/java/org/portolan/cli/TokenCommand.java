package org.portolan.cli;

import org.portolan.model.state.Credential;

/** Tokens for the controller's API. */
final class TokenCommand extends CliCommand {
    TokenCommand() {
        super("token", "Manage tokens for the controller's API.");
        syntax().add(new TokenAddCommand());
        syntax().add(new TokenListCommand());
        syntax().add(new AccessRemoveCommand("token", Credential.Token.class));
    }

    @Override
    int run(Context context) {
        throw FailureView.usage("no subcommand given: add, list or remove", "See 'portolan token --help'.");
    }
}
