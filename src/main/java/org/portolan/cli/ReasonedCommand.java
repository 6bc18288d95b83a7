package org.portolan.cli;

/** A change that history keeps, with the reason that somebody gives for it. */
abstract class ReasonedCommand extends ChangeCommand {
    private final Syntax.Text reason = syntax().text("--reason", "TEXT", "Why, for history.");

    ReasonedCommand(String name, String description) {
        super(name, description);
    }

    @Override
    final String reason() {
        return reason.or("");
    }
}
