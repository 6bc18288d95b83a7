package org.portolan.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.portolan.deploy.Deployer;
import org.portolan.model.Desired;
import org.portolan.model.ExitStatus;
import org.portolan.plan.Plan;

/** Shows what a deploy would do, and why. Changes nothing. */
final class PlanCommand extends CliCommand {
    private final SourceOptions source = new SourceOptions(syntax());
    private final Syntax.Text output = syntax().text("-o --output", "FILE", "Save the plan, for deploy --plan FILE.");
    private final Syntax.Flag force = syntax().flag("--force", "Plan new versions of all services.");
    private final Syntax.Flag adopt = syntax().flag("--adopt", "Plan to take over what another installation runs.");
    private final Syntax.Flag verbose = syntax().flag("-v --verbose", "Show every reason, and what stays as it is.");

    PlanCommand() {
        super("plan", "Show what a deploy would do and why; exit status 3 when there is something.");
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
        boolean nothing = plans.stream().allMatch(Plan::isEmpty);
        if (nothing) {
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
        if (output.given()) {
            SavedPlan.write(Path.of(output.or("")), plans, source, read, context);
        }
        return status;
    }
}
