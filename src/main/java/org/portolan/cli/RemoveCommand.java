package org.portolan.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.NeedsConsent;
import org.portolan.operate.Request;
import org.portolan.release.Outcome;

/** Removes a deployment with its instances, network, domains and history; volumes only when asked. */
final class RemoveCommand extends ReasonedCommand {
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
        boolean data = volumes.given();
        String question = "Remove " + deployment + (data ? " with the data of its volumes?" : "?");
        Outcome outcome = perform(
                context,
                interrupts,
                needs -> agrees(console, volumes(needs), question),
                mandate -> new Request.Remove(deployment, data, mandate));
        List<String> left = outcome.keptVolumes();
        for (String volume : left) {
            console.detail("kept volume " + volume + "; `portolan volume remove " + volume + "` removes its data");
        }
        console.record("removed", Map.of("deployment", deployment, "kept_volumes", left));
        return ExitStatus.DONE.code();
    }

    /** What is lost besides the deployment itself, which the question names. */
    private static List<String> volumes(NeedsConsent needs) {
        return needs.needed().subList(1, needs.needed().size());
    }
}
