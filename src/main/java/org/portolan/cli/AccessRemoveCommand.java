package org.portolan.cli;

import org.portolan.model.state.Credential;

/** Removes a token or a key. */
final class AccessRemoveCommand extends CliCommand {
    private final Syntax.Text name;
    private final String word;
    private final Class<? extends Credential> form;

    AccessRemoveCommand(String word, Class<? extends Credential> form) {
        super("remove", "Remove a " + word + ": it stops working within a second.");
        this.word = word;
        this.form = form;
        this.name = syntax().parameter("NAME", true, "The " + word + "'s name.");
    }

    @Override
    int run(Context context) {
        AccessOptions.changes(context).remove(name.or(""), form);
        context.console().job("Removed " + word + " " + name.or(""));
        return ExitStatus.DONE.code();
    }
}
