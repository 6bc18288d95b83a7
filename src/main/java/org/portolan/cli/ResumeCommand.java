package org.portolan.cli;

import org.portolan.controller.Steering;
import org.portolan.model.event.ReleaseOrder;
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
        Steering steering = new Steering(installation(context));
        if (target.isSource() || steering.suspended(key)) {
            steering.resume(key, mandate(context));
            return ExitStatus.DONE.code();
        }
        operations(context)
                .perform(new Request.Order(key.name(), ReleaseOrder.RESUME, mandate(context)), options(interrupts));
        return ExitStatus.DONE.code();
    }
}
