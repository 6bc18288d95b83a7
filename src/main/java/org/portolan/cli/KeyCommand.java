package org.portolan.cli;

import org.portolan.model.state.Credential;

/** SSH keys for the controller's Git server. */
final class KeyCommand extends CliCommand {
    KeyCommand() {
        super("key", "Manage SSH keys for the controller's Git server.");
        syntax().add(new KeyAddCommand());
        syntax().add(new KeyListCommand());
        syntax().add(new AccessRemoveCommand("key", Credential.Key.class));
    }

    @Override
    int run(Context context) {
        throw FailureView.usage("no subcommand given: add, list or remove", "See 'portolan key --help'.");
    }
}
