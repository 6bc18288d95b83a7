package org.portolan.cli;

import org.portolan.operate.Request;

/** Lets automatic deploys act again after a rollback. */
final class UnpinCommand extends ChangeCommand {
    UnpinCommand() {
        super("unpin", "Allow automatic deploys again after a rollback.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        requests(context).perform(new Request.Unpin(deployment(context), mandate(context)), options(interrupts));
        return ExitStatus.DONE.code();
    }
}
