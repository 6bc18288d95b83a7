package org.portolan.cli;

/** Lets automatic deploys act again after a rollback. */
final class UnpinCommand extends ChangeCommand {
    UnpinCommand() {
        super("unpin", "Allow automatic deploys again after a rollback.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        operations(context).unpin(deployment(context), mandate(context), options(interrupts));
        return ExitStatus.DONE.code();
    }
}
