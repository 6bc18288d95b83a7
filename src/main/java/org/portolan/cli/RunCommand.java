package org.portolan.cli;

import java.util.List;
import java.util.Map;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.OneOffRun;
import org.portolan.operate.Request;
import org.portolan.process.ProcessIdentity;
import org.portolan.release.Installation;

/** Runs a command in a separate container of a service's version. */
final class RunCommand extends CliCommand {
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
        if (tty.given() && interactive.given() && !context.console().typed()) {
            throw FailureView.usage(
                    "standard input is not a terminal", "Remove -t: 'portolan run -i' passes a pipe or a file.");
        }
        List<String> words = command.all();
        boolean dashes = words.get(0).equals("--");
        Installation installation = ChangeCommand.installation(context);
        String deployment = ChangeCommand.deployment(context);
        Mandate mandate = new Mandate(new Caller.Person(Actor.asks(context.environment())), "", Agreement.NONE);
        OneOffRun.sweep(installation, RunCommand::isDead);
        OneOffRun run = new OneOffRun(installation, ProcessIdentity.self().text());
        Thread ending = new Thread(run::end, "end-run");
        Runtime.getRuntime().addShutdownHook(ending);
        return run.run(
                new Request.Scale(deployment, Map.of(), mandate),
                name.or(""),
                Long.toString(ProcessHandle.current().pid()),
                dashes ? words.subList(1, words.size()) : words,
                interactive.given(),
                tty.given());
    }

    static boolean isDead(String process) {
        return ProcessIdentity.parse(process)
                .filter(identity -> identity.life() == ProcessIdentity.Life.DEAD)
                .isPresent();
    }
}
