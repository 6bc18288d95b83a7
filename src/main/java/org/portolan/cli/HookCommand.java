package org.portolan.cli;

/** Hooks that deploy what is pushed. */
final class HookCommand extends CliCommand {
    HookCommand() {
        super("hook", "Let a Git repository deploy what is pushed to it.");
        syntax().add(new HookInstallCommand());
        syntax().add(new HookRemoveCommand());
    }

    @Override
    int run(Context context) {
        throw FailureView.usage("say what to do: install or remove", "See 'portolan hook --help'.");
    }
}
