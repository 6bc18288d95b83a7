package org.portolan.cli;

/** Registers an empty deployment. */
final class CreateDeploymentCommand extends ChangeCommand {
    private final Syntax.Text name = syntax().parameter("NAME", true, "The new deployment's name.");

    CreateDeploymentCommand() {
        super("create-deployment", "Register an empty deployment.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        operations(context).create(name.or(""), options(context, interrupts));
        return ExitStatus.DONE.code();
    }
}
