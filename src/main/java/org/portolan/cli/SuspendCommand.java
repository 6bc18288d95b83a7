package org.portolan.cli;

/** Has the controller leave a deployment or a source alone. */
final class SuspendCommand extends ReasonedCommand {
    private final SteeringTarget target = new SteeringTarget(syntax());

    SuspendCommand() {
        super("suspend", "Have the controller leave a deployment or source alone until it is resumed.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        context.parts().instructing(context.console()).suspend(target.key(context), mandate(context));
        return ExitStatus.DONE.code();
    }
}
