package org.portolan.cli;

import java.util.List;
import java.util.Map;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.operate.Volumes;

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
        if (!context.options().yes()) {
            if (!console.asks()) {
                throw new Failure(
                                Kind.NEEDS_CONSENT,
                                "removing the data of " + String.join(", ", volumes) + " needs consent")
                        .withHint("To consent, use --yes.");
            }
            if (!console.confirm("Remove " + String.join(", ", volumes) + " with all data?")) {
                throw new Failure(Kind.NEEDS_CONSENT, "nothing was removed");
            }
        }
        Volumes.remove(installation(context), volumes, options(context, interrupts));
        console.record("volumes", Map.of("removed", volumes));
        return ExitStatus.DONE.code();
    }
}
