package org.portolan.cli;

import java.nio.file.Path;
import java.util.Map;
import org.portolan.config.ConfigurationEditor;

/** Takes a source out of the configuration's file. */
final class SourceRemoveCommand extends CliCommand {
    private final Syntax.Text name = syntax().parameter("NAME", true, "What the configuration calls it.");

    SourceRemoveCommand() {
        super("remove", "Take a source out of the configuration; what it deployed stays and is kept up.");
    }

    @Override
    int run(Context context) {
        SourceCommand.status(context);
        String source = name.or("");
        Path file =
                new ConfigurationEditor(context.environment(), context.parts().home()).remove(source);
        context.console().job("Removed source " + source + " from " + file);
        context.console().record("source", Map.of("name", source, "file", file.toString()));
        return ExitStatus.DONE.code();
    }
}
