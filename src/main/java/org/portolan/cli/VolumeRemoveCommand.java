package org.portolan.cli;

import java.util.List;
import java.util.Map;
import org.portolan.operate.Requests;
import org.portolan.release.DeployOptions;

/** Removes volumes that nothing needs any more, with their data. */
final class VolumeRemoveCommand extends ChangeCommand {
    private final Syntax.Texts names = syntax().parameters("VOLUME", true, "A name from 'portolan volume list'.");

    VolumeRemoveCommand() {
        super("remove", "Remove volumes with their data, unless they are in use or declared.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        Console console = context.console();
        List<String> volumes = names.all();
        Requests requests = requests(context);
        DeployOptions options = options(interrupts);
        String question = "Remove " + String.join(", ", volumes) + " with all data?";
        mandate(context).agreedBy(needs -> agrees(console, List.of(), question), mandate -> {
            requests.removeVolumes(volumes, mandate, options);
            return volumes;
        });
        console.record("volumes", Map.of("removed", volumes));
        return ExitStatus.DONE.code();
    }
}
