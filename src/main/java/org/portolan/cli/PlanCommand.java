package org.portolan.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.portolan.operate.Request;
import org.portolan.plan.Action;
import org.portolan.plan.json.ShownPlan;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SavedPlanFile;
import org.portolan.sync.SourcePlan;

/** Shows what a deploy would do, and why. Changes nothing. */
final class PlanCommand extends CliCommand {
    private final SourceOptions source = new SourceOptions(syntax());
    private final Syntax.Text output = syntax().text("-o --output", "FILE", "Save the plan for 'deploy --plan FILE'.");
    private final Syntax.Flag force = syntax().flag("--force", "Plan new versions of all services.");
    private final Syntax.Flag adopt = syntax().flag("--adopt", "Plan to take over instances of another installation.");
    private final Syntax.Text project =
            syntax().text("--adopt-containers", "PROJECT", "Plan to take the place of a Compose project's containers.");
    private final Syntax.Flag verbose = syntax().flag("-v --verbose", "Show all reasons, and unchanged services.");
    private final Syntax.Text format = syntax().text(
                    "--format", "FORMAT", "text, json (like --json), or markdown for a comment on a pull request.");

    PlanCommand() {
        super("plan", "Show what a deploy would change and why; exit with status 3 if there are changes.");
    }

    @Override
    boolean json() {
        return format.or("").equals("json");
    }

    @Override
    int run(Context context) {
        boolean markdown = markdown(context);
        LoadedSource read = source.load(context, true);
        Console console = context.console();
        console.problems(read.warnings());
        SourcePlan preview = context.parts()
                .deploys(console, finding -> {})
                .preview(
                        read,
                        new Request.Apply.Terms(
                                force.given(), adopt.given(), Optional.ofNullable(project.orNull()), Optional.empty()));
        int status = markdown ? comment(console, preview) : show(console, preview);
        if (output.given()) {
            SavedPlanFile.write(
                    Path.of(output.or("")),
                    preview.plans(),
                    read,
                    context.parts().configuration().secretNames());
        }
        return status;
    }

    private boolean markdown(Context context) {
        String given = format.or("text");
        if (!List.of("text", "json", "markdown").contains(given)) {
            throw FailureView.usage("unknown format '" + given + "'", "Use text, json or markdown.");
        }
        if (format.given() && context.options().json() && !given.equals("json")) {
            throw FailureView.usage("--json and --format " + given + " exclude each other", "Use one of them.");
        }
        return given.equals("markdown");
    }

    private static int comment(Console console, SourcePlan preview) {
        console.text(preview.markdown().get());
        return preview.isEmpty() ? ExitStatus.DONE.code() : ExitStatus.PENDING.code();
    }

    private int show(Console console, SourcePlan preview) {
        List<ShownPlan> plans = preview.plans();
        boolean nothing = preview.isEmpty();
        if (nothing) {
            plans.forEach(plan -> console.problems(plan.warnings()));
            console.line("No changes.");
        }
        int status = ExitStatus.DONE.code();
        for (ShownPlan plan : plans) {
            if (plans.size() > 1 && !nothing) {
                console.line(plan.deployment());
            }
            if (!nothing || console.json()) {
                status = Math.max(status, PlanView.show(console, plan, verbose.given()));
            }
        }
        for (Action departure : preview.departures()) {
            status = ExitStatus.PENDING.code();
            console.line(departure.kind().mark() + " " + departure.summary());
            departure.reasons().forEach(reason -> console.line("    " + reason));
        }
        return status;
    }
}
