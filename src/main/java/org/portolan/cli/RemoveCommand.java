package org.portolan.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** Removes a deployment with its instances, network, domains and history; volumes only when asked. */
final class RemoveCommand extends ChangeCommand {
    private final Syntax.Text name = syntax().parameter("NAME", false, "The deployment, like -D.");
    private final Syntax.Flag volumes = syntax().flag("--volumes", "Also remove its volumes with all data.");

    RemoveCommand() {
        super("remove", "Remove a deployment: its instances, network, domains and history. Volumes stay.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        Console console = context.console();
        Optional<String> given = Optional.ofNullable(name.orNull()).or(context.options()::deployment);
        String deployment =
                given.orElseThrow(() -> FailureView.usage("no deployment given", "Example: portolan remove shop"));
        if (!context.options().yes()) {
            String what = "Remove " + deployment + (volumes.given() ? " with the data of its volumes?" : "?");
            if (!console.asks()) {
                throw new Failure(Kind.NEEDS_CONSENT, "removing " + deployment + " needs consent")
                        .withHint("To consent, use --yes.");
            }
            if (!console.confirm(what)) {
                throw new Failure(Kind.NEEDS_CONSENT, "nothing was removed");
            }
        }
        List<String> left = operations(context).remove(deployment, volumes.given(), options(context, interrupts));
        for (String volume : left) {
            console.detail("kept volume " + volume + "; `portolan volume remove " + volume + "` removes its data");
        }
        console.record("removed", Map.of("deployment", deployment, "kept_volumes", left));
        return ExitStatus.DONE.code();
    }
}
