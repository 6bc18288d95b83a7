package org.portolan.cli;

import org.portolan.operate.Request;

/** Replaces a generated value by a new one. */
final class SecretRotateCommand extends ReasonedCommand {
    private final Syntax.Text name = syntax().parameter("NAME", true, "A name from 'portolan secret list'.");

    SecretRotateCommand() {
        super("rotate", "Generate a new version of a value and release the services that use it.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        String deployment = deployment(context);
        return show(
                context,
                perform(context, interrupts, mandate -> new Request.RotateSecret(deployment, name.or(""), mandate)));
    }
}
