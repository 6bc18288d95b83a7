package org.portolan.cli;

import java.util.Map;
import org.portolan.query.SecretValue;

/** Prints one generated value. */
final class SecretShowCommand extends CliCommand {
    private final Syntax.Text name = syntax().parameter("NAME", true, "A name from 'portolan secret list'.");

    SecretShowCommand() {
        super("show", "Print a generated value.");
    }

    @Override
    int run(Context context) {
        String deployment = ChangeCommand.deployment(context);
        SecretValue value = context.queries().secret(deployment, name.or(""));
        context.console().text(value.text().endsWith("\n") ? value.text() : value.text() + "\n");
        context.console()
                .record(
                        "secret",
                        Map.of(
                                "deployment",
                                deployment,
                                "name",
                                name.or(""),
                                "version",
                                value.version(),
                                "value",
                                value.text()));
        return ExitStatus.DONE.code();
    }
}
