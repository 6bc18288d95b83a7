package org.portolan.cli;

import org.portolan.model.event.ReleaseOrder;
import org.portolan.operate.Request;

/** Orders something of the release that another process is bringing about. */
final class OrderCommand extends ReasonedCommand {
    private final ReleaseOrder order;

    OrderCommand(String name, String description, ReleaseOrder order) {
        super(name, description);
        this.order = order;
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        requests(context).perform(new Request.Order(deployment(context), order, mandate(context)), options(interrupts));
        return ExitStatus.DONE.code();
    }
}
