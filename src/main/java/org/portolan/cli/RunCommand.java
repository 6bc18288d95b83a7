package org.portolan.cli;

import java.util.List;
import java.util.Set;

/** Runs a command in a separate container of a service's version. */
final class RunCommand extends CliCommand {
    /** What may also stand behind the service, as with docker compose run. */
    private static final Set<String> SWITCHES = Set.of("-i", "-t", "-it", "-ti");

    private final Syntax.Text name = syntax().parameter("SERVICE", true, "The service whose version it runs in.");
    private final Syntax.Texts command = syntax().parameters("COMMAND", true, "The command and its arguments.");
    private final Syntax.Flag interactive = syntax().flag("-i --interactive", "Pass standard input to the command.");
    private final Syntax.Flag tty = syntax().flag("-t --tty", "Allocate a terminal.");

    RunCommand() {
        super("run", "Run a command in a new container of a service's version, and exit with its status.");
        syntax().stopAtParameter();
    }

    @Override
    int run(Context context) {
        List<String> words = command.all();
        int options = 0;
        while (options < words.size() && SWITCHES.contains(words.get(options))) {
            options++;
        }
        boolean separated = options < words.size() && words.get(options).equals("--");
        List<String> asked = words.subList(options + (separated ? 1 : 0), words.size());
        if (asked.isEmpty() || (!separated && asked.get(0).startsWith("-"))) {
            throw FailureView.usage(
                    asked.isEmpty() ? "no command given" : "unknown option " + asked.get(0) + " behind the service",
                    "Example: portolan -D shop run web -it -- sh");
        }
        boolean stdin = interactive.given() || has(words.subList(0, options), "i");
        boolean terminal = tty.given() || has(words.subList(0, options), "t");
        if (terminal && stdin && !context.console().typed()) {
            throw FailureView.usage(
                    "standard input is not a terminal", "Remove -t: 'portolan run -i' passes a pipe or a file.");
        }
        String deployment = context.options().deployment().orElseGet(() -> ChangeCommand.deployment(context));
        return context.parts()
                .attached(context.console(), () -> OwnRunner.of(context))
                .run(deployment, name.or(""), asked, new OwnStreams(context.console(), stdin, terminal));
    }

    private static boolean has(List<String> switches, String letter) {
        return switches.stream().anyMatch(each -> each.contains(letter));
    }
}
