package org.portolan.cli;

import java.util.Optional;
import org.portolan.operate.Request;
import org.portolan.operate.Requests;

/** Restores an earlier release whole. */
final class RollbackCommand extends ReasonedCommand {
    private final Syntax.Whole to =
            syntax().whole("--to", "RELEASE", "The release to restore; default: the previous good one.");
    private final Syntax.Flag plan = syntax().flag("--plan", "Show what would change, without changing it.");

    RollbackCommand() {
        super("rollback", "Restore an earlier release, and keep it until a newer commit or 'portolan unpin'.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        String deployment = deployment(context);
        Optional<Integer> release = to.given() ? Optional.of(to.or(0)) : Optional.empty();
        if (plan.given()) {
            Request.Rollback request = new Request.Rollback(deployment, release, mandate(context));
            Requests.PlannedRollback planned = requests(context).planRollback(request);
            context.console().line("Rollback of " + deployment + " to release " + planned.release() + ":");
            return PlanView.show(context.console(), planned.plan(), false);
        }
        return show(
                context, perform(context, interrupts, mandate -> new Request.Rollback(deployment, release, mandate)));
    }
}
