package org.portolan.cli;

import java.util.Map;

/** Takes a source out of the configuration's file. */
final class SourceRemoveCommand extends CliCommand {
    private final Syntax.Text name = syntax().parameter("NAME", true, "What the configuration calls it.");

    SourceRemoveCommand() {
        super("remove", "Take a source out of the configuration; what it deployed stays and is kept up.");
    }

    @Override
    int run(Context context) {
        String source = name.or("");
        String file = context.parts().sourceBook(context.environment()).remove(source, any -> true);
        context.console().job("Removed source " + source + " from " + file);
        context.console().record("source", Map.of("name", source, "file", file));
        return ExitStatus.DONE.code();
    }
}
