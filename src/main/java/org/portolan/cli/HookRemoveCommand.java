package org.portolan.cli;

import java.nio.file.Path;
import java.util.Map;

/** Takes the hook out of a repository. */
final class HookRemoveCommand extends CliCommand {
    private final Syntax.Text repository = syntax().parameter("REPOSITORY", true, "The repository.");

    HookRemoveCommand() {
        super("remove", "Remove the hook from a repository.");
    }

    @Override
    int run(Context context) {
        Path path = Path.of(repository.or(""));
        boolean removed = context.parts().removeHook(path);
        if (removed) {
            context.console().job("Removed the hook of " + path);
        } else {
            context.console().note("No changes.");
        }
        context.console().record("hook", Map.of("removed", removed));
        return ExitStatus.DONE.code();
    }
}
