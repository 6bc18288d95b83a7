package org.portolan.cli;

import org.portolan.model.event.ReleaseOrder;
import org.portolan.model.state.Instruction;
import org.portolan.operate.Request;
import org.portolan.reconcile.WorkKey;

/** Undoes {@code suspend} and {@code pause}, whichever it was. */
final class ResumeCommand extends ReasonedCommand {
    private final SteeringTarget target = new SteeringTarget(syntax());

    ResumeCommand() {
        super("resume", "Continue a paused release; let the controller look after what was suspended again.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        WorkKey key = target.key(context);
        if (target.isSource() || suspended(context, key)) {
            context.parts().instructing(context.console()).resume(key, mandate(context));
            return ExitStatus.DONE.code();
        }
        requests(context)
                .perform(new Request.Order(key.name(), ReleaseOrder.RESUME, mandate(context)), options(interrupts));
        return ExitStatus.DONE.code();
    }

    private static boolean suspended(Context context, WorkKey key) {
        return context.queries().controller(context.console()::warning).instructions().stream()
                .anyMatch(told -> told.kind() == Instruction.Kind.SUSPENDED && told.isOf(key.subject(), key.name()));
    }
}
