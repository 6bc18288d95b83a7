package org.portolan.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.OneOffRun;
import org.portolan.operate.Request;
import org.portolan.process.DeathWatch;
import org.portolan.process.ProcessIdentity;
import org.portolan.release.Installation;

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
        Installation installation = ChangeCommand.installation(context);
        String deployment = ChangeCommand.deployment(context);
        Mandate mandate = new Mandate(new Caller.Person(Actor.asks(context.environment())), "", Agreement.NONE);
        OneOffRun.sweep(installation, RunCommand::isDead);
        String owner = ProcessIdentity.self().text();
        OneOffRun run = new OneOffRun(installation, owner, container -> watch(container, owner));
        Thread ending = new Thread(run::end, "end-run");
        Runtime.getRuntime().addShutdownHook(ending);
        return run.run(
                new Request.Scale(deployment, Map.of(), mandate),
                name.or(""),
                Long.toString(ProcessHandle.current().pid()),
                asked,
                stdin,
                terminal);
    }

    /** A process that is killed does not remove anything; the one that waits for that does. */
    private static Runnable watch(String container, String owner) {
        List<String> command = List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "org.portolan.app.RunEnd",
                container,
                owner);
        return DeathWatch.start(command).<Runnable>map(watch -> watch::end).orElse(() -> {});
    }

    private static boolean has(List<String> switches, String letter) {
        return switches.stream().anyMatch(each -> each.contains(letter));
    }

    static boolean isDead(String process) {
        return ProcessIdentity.parse(process)
                .filter(identity -> identity.life() == ProcessIdentity.Life.DEAD)
                .isPresent();
    }
}
