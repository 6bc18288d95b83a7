package org.portolan.cli;

import org.portolan.query.ControllerStatus;

/** Sources of the configuration. */
final class SourceCommand extends CliCommand {
    SourceCommand() {
        super("source", "Manage the sources that the controller follows.");
        syntax().add(new SourceAddCommand());
        syntax().add(new SourceListCommand());
        syntax().add(new SourceRemoveCommand());
    }

    @Override
    int run(Context context) {
        throw FailureView.usage("no subcommand given: add, list or remove", "See 'portolan source --help'.");
    }

    /** What the controller observed. */
    static ControllerStatus status(Context context) {
        return context.queries().controller(context.console()::warning);
    }
}
