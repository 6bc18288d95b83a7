package org.portolan.cli;

import java.util.List;
import java.util.Optional;
import org.portolan.model.container.Container;
import org.portolan.query.Inventory;

/** Runs a command in an instance. */
final class ExecCommand extends CliCommand {
    private final Syntax.Text name =
            syntax().parameter("NAME", true, "A service (its first running instance) or an instance.");
    private final Syntax.Texts command = syntax().parameters("COMMAND", true, "The command and its arguments.");
    private final Syntax.Flag interactive = syntax().flag("-i --interactive", "Pass standard input to the command.");
    private final Syntax.Flag tty = syntax().flag("-t --tty", "Allocate a terminal.");

    ExecCommand() {
        super("exec", "Run a command in an instance, and exit with its status.");
        syntax().stopAtParameter();
    }

    @Override
    int run(Context context) {
        if (tty.given() && interactive.given() && !context.console().typed()) {
            throw FailureView.usage(
                    "standard input is not a terminal", "Remove -t: 'portolan exec -i' passes a pipe or a file.");
        }
        Inventory inventory = DeploymentChoice.inventory(context);
        String word = name.or("");
        Optional<String> asked = context.options().deployment().or(() -> inventory.deploymentOf(word));
        Container container = inventory.running(DeploymentChoice.one(context, inventory, asked), word);
        List<String> words = command.all();
        boolean dashes = words.get(0).equals("--");
        return context.parts()
                .attached(context.console(), () -> OwnRunner.of(context))
                .exec(
                        container,
                        dashes ? words.subList(1, words.size()) : words,
                        new OwnStreams(context.console(), interactive.given(), tty.given()));
    }
}
