package org.portolan.cli;

import org.portolan.operate.Request;

/** Registers an empty deployment. */
final class CreateDeploymentCommand extends ChangeCommand {
    private final Syntax.Text name = syntax().parameter("NAME", true, "The new deployment's name.");

    CreateDeploymentCommand() {
        super("create-deployment", "Register an empty deployment.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        perform(context, interrupts, mandate -> new Request.Create(name.or(""), mandate));
        return ExitStatus.DONE.code();
    }
}
