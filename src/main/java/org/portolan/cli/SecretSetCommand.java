package org.portolan.cli;

import org.portolan.operate.Request;

/** Keeps a value that somebody knows as a generated one. */
final class SecretSetCommand extends ChangeCommand {
    private final Syntax.Text name = syntax().parameter("NAME", true, "The name under Generate.");

    SecretSetCommand() {
        super("set", "Store a value, read from standard input, that the next deploy of the files uses.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        String deployment = deployment(context);
        String text = context.console().secret("Value of " + name.or("") + ": ");
        requests(context)
                .perform(new Request.SetSecret(deployment, name.or(""), text, mandate(context)), options(interrupts));
        return ExitStatus.DONE.code();
    }
}
