package org.portolan.cli;

/** Hooks that deploy what is pushed. */
final class HookCommand extends CliCommand {
    HookCommand() {
        super("hook", "Deploy on push to a Git repository.");
        syntax().add(new HookInstallCommand());
        syntax().add(new HookRemoveCommand());
    }

    @Override
    int run(Context context) {
        throw FailureView.usage("no subcommand given: install or remove", "See 'portolan hook --help'.");
    }
}
