package org.portolan.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.operate.Deployer;
import org.portolan.plan.Action;
import org.portolan.plan.Departed;
import org.portolan.plan.Plan;

/** Shows what a deploy would do, and why. Changes nothing. */
final class PlanCommand extends CliCommand {
    private final SourceOptions source = new SourceOptions(syntax());
    private final Syntax.Text output = syntax().text("-o --output", "FILE", "Save the plan for 'deploy --plan FILE'.");
    private final Syntax.Flag force = syntax().flag("--force", "Plan new versions of all services.");
    private final Syntax.Flag adopt = syntax().flag("--adopt", "Plan to take over instances of another installation.");
    private final Syntax.Flag verbose = syntax().flag("-v --verbose", "Show all reasons, and unchanged services.");

    PlanCommand() {
        super("plan", "Show what a deploy would change and why; exit with status 3 if there are changes.");
    }

    @Override
    int run(Context context) {
        SourceOptions.Read read = source.read(context, false, true);
        Console console = context.console();
        console.problems(read.loaded().warnings());
        Deployer deployer = new Deployer(context.parts().installation(console));
        List<Desired> all = read.deployments();
        List<Plan> plans = new ArrayList<>();
        int status = ExitStatus.DONE.code();
        for (Desired desired : all) {
            Plan plan = deployer.plan(
                    desired,
                    DeployCommand.siblings(all, desired),
                    DeployCommand.planning(force.given(), adopt.given()));
            plans.add(plan);
        }
        List<Action> departures = departures(context, read, all);
        boolean nothing = plans.stream().allMatch(Plan::isEmpty) && departures.isEmpty();
        if (nothing) {
            plans.forEach(plan -> console.problems(plan.warnings()));
            console.line("No changes.");
        }
        for (Plan plan : plans) {
            if (plans.size() > 1 && !nothing) {
                console.line(plan.deployment());
            }
            if (!nothing || console.json()) {
                status = Math.max(status, PlanView.show(console, plan, verbose.given()));
            }
        }
        for (Action departure : departures) {
            status = ExitStatus.PENDING.code();
            console.line(departure.kind().mark() + " " + departure.summary());
            departure.reasons().forEach(reason -> console.line("    " + reason));
        }
        if (output.given()) {
            SavedPlanFile.write(Path.of(output.or("")), plans, source, read, context);
        }
        return status;
    }

    /** Deployments that the file named before and no longer does. */
    private static List<Action> departures(Context context, SourceOptions.Read read, List<Desired> all) {
        if (!read.complete(context) || all.isEmpty()) {
            return List.of();
        }
        Map<String, DeploymentState> states = context.parts().store().deployments();
        return Departed.of(states, read.located().source(), all).actions(states);
    }
}
