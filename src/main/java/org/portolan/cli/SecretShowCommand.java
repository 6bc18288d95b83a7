package org.portolan.cli;

import java.util.Map;
import org.portolan.model.service.GeneratedValue;
import org.portolan.query.GeneratedSecrets;

/** Prints one generated value. */
final class SecretShowCommand extends CliCommand {
    private final Syntax.Text name = syntax().parameter("NAME", true, "A name from 'portolan secret list'.");

    SecretShowCommand() {
        super("show", "Print a generated value.");
    }

    @Override
    int run(Context context) {
        String deployment = ChangeCommand.deployment(context);
        GeneratedValue value = GeneratedSecrets.show(context.parts().store(), deployment, name.or(""));
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
                                value.number(),
                                "value",
                                value.text()));
        return ExitStatus.DONE.code();
    }
}
