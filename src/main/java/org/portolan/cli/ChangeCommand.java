package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.portolan.model.NeedsConsent;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.operate.Requests;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.sync.HereFile;

/** A command that changes a deployment: under its lock, with consent where it is needed, stoppable. */
abstract class ChangeCommand extends CliCommand {
    private final Syntax.Flag noWait = syntax().flag(
                    "--no-wait",
                    "Exit with status 4 instead of waiting for another process that changes the deployment.");

    private final Syntax.Whole parallel = syntax().whole(
                    "--parallel", "COUNT", "How many services to roll out at the same time; default: deploy.parallel.");

    ChangeCommand(String name, String description) {
        super(name, description);
    }

    @Override
    final int run(Context context) {
        try (Interrupts interrupts = Interrupts.watch(context.console(), context.parts()::through)) {
            return change(context, interrupts);
        }
    }

    /** Does the change; see {@link CliCommand#run}. */
    abstract int change(Context context, Interrupts interrupts);

    /** What changes are asked of; what happens is shown. */
    static Requests requests(Context context) {
        return context.parts().requests(context.console());
    }

    final DeployOptions options(Interrupts interrupts) {
        if (parallel.given() && parallel.or(0) < 1) {
            throw FailureView.usage(
                    "--parallel needs a number from 1, not " + parallel.or(0), "For example: --parallel 4.");
        }
        return new DeployOptions(
                !noWait.given(), parallel.given() ? Optional.of(parallel.or(1)) : Optional.empty(), interrupts::asked);
    }

    /** On whose behalf this is asked for. */
    final Mandate mandate(Context context) {
        Agreement agreed = context.options().yes() ? Agreement.EVERYTHING : Agreement.NONE;
        String override = overridesFreeze();
        if (override.isEmpty()) {
            return new Mandate(caller(Actor.asks(context.environment())), reason(), agreed);
        }
        String why = "overrides the freeze: " + override + (reason().isEmpty() ? "" : "; " + reason());
        return new Mandate(caller(Actor.asks(context.environment())), why, agreed.and(List.of(Agreement.IN_FREEZE)));
    }

    /** Why something is deployed although a freeze window is open; "" when that is not asked for. */
    String overridesFreeze() {
        return "";
    }

    /** The option for it. */
    static Syntax.Text freezeOption(Syntax syntax) {
        return syntax.text(
                "--override-freeze", "REASON", "Deploy although a freeze window is open; history keeps the reason.");
    }

    /** What was given with it. */
    static String given(Syntax.Text override) {
        if (override.given() && override.or("").isBlank()) {
            throw FailureView.usage(
                    "--override-freeze needs a reason", "For example: --override-freeze 'fixes an outage'.");
        }
        return override.or("");
    }

    /** Who asks. */
    Caller caller(String name) {
        return new Caller.Person(name);
    }

    /** Why, if this command keeps that. */
    String reason() {
        return "";
    }

    /** Shows the person at the terminal what needs consent, and asks; without a terminal nobody agrees. */
    static boolean agrees(Console console, NeedsConsent needs) {
        return agrees(console, needs.details(), "Continue?");
    }

    /** The same with this question below these lines. */
    static boolean agrees(Console console, List<String> lines, String question) {
        if (!console.asks()) {
            return false;
        }
        lines.forEach(console::line);
        return console.confirm(question);
    }

    /**
     * Makes a request; where that needs consent, asks the person at the terminal, and makes it again with what was agreed to.
     * Nobody waits for the answer meanwhile: the deployment is not locked.
     */
    final Outcome perform(Context context, Interrupts interrupts, Function<Mandate, Request> request) {
        return perform(context, interrupts, needs -> agrees(context.console(), needs), request);
    }

    /** The same with the command's question. */
    final Outcome perform(
            Context context,
            Interrupts interrupts,
            Predicate<NeedsConsent> agrees,
            Function<Mandate, Request> request) {
        DeployOptions options = options(interrupts);
        Requests requests = requests(context);
        return mandate(context).agreedBy(agrees, mandate -> requests.perform(request.apply(mandate), options));
    }

    /** Says how a change ended. */
    static int show(Context context, Outcome outcome) {
        record(context.console(), outcome);
        if (outcome.kind() == Outcome.Kind.NO_CHANGES) {
            context.console().note("No changes.");
        }
        return status(outcome);
    }

    /** Says it to programs. */
    static void record(Console console, Outcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", outcome.deployment());
        fields.put("outcome", outcome.kind().name().toLowerCase(Locale.ROOT));
        fields.put("release", outcome.release());
        console.record("outcome", fields);
    }

    static int status(Outcome outcome) {
        return switch (outcome.kind()) {
            case NO_CHANGES, DONE, HELD -> ExitStatus.DONE.code();
            case INTERRUPTED -> Interrupts.STATUS;
        };
    }

    /** The deployment that {@code -D} names, else that of the Servicefile here, else the only one. */
    static String deployment(Context context) {
        Optional<String> asked = context.options().deployment();
        if (asked.isPresent()) {
            return asked.get();
        }
        Set<String> names = new TreeSet<>(context.queries()
                .releases()
                .map(releases -> releases.deployments(Optional.empty()))
                .orElse(List.of()));
        Optional<String> here = HereFile.deployment(context.parts(), names);
        if (here.isPresent() || names.size() == 1) {
            return here.orElseGet(() -> names.iterator().next());
        }
        throw FailureView.usage(
                "no deployment given",
                names.isEmpty()
                        ? "There are no deployments yet."
                        : "Use -D with one of: " + String.join(", ", names)
                                + "; beside a Servicefile with Name it is that one.");
    }

    /** Everything that a change works with. */
    static Installation installation(Context context) {
        return context.parts().installation(context.console());
    }
}
