package org.portolan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.controller.SourceBook;
import org.portolan.model.state.Standing;
import org.portolan.query.ControllerStatus;

/** Shows the sources of the configuration, and how the controller last found them. */
final class SourceListCommand extends CliCommand {
    SourceListCommand() {
        super("list", "List the sources of the configuration, and how they stand.");
    }

    @Override
    int run(Context context) {
        List<SourceBook.Entry> sources =
                context.parts().sourceBook(context.environment()).list().sources();
        ControllerStatus status = SourceCommand.status(context);
        if (sources.isEmpty()) {
            context.console().empty("No sources. `portolan source add` adds one.");
        }
        sources.forEach(source -> show(context.console(), source, status));
        return ExitStatus.DONE.code();
    }

    private static void show(Console console, SourceBook.Entry source, ControllerStatus status) {
        console.line(source.name() + "  " + source.location()
                + source.path()
                        .map(path -> "  path " + (path.isEmpty() ? "." : path))
                        .orElse("")
                + (!source.followed()
                        ? "  not followed"
                        : source.branches().isEmpty()
                                ? "  ref " + source.ref().orElse("HEAD")
                                : "  branches " + String.join(", ", source.branches())));
        List<Standing> standings = status.sources().stream()
                .filter(standing -> isOf(standing.name(), source.name()))
                .toList();
        for (Standing standing : standings) {
            List<String> words = status.words(Standing.Subject.SOURCE, standing.name());
            console.line("    " + standing.name() + "  "
                    + (words.isEmpty() ? "ok, last read " + Show.time(standing.at()) : String.join("; ", words)));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", source.name());
        fields.put("location", source.location());
        source.path().ifPresent(path -> fields.put("path", path));
        source.ref().ifPresent(ref -> fields.put("ref", ref));
        fields.put("followed", source.followed());
        List<Map<String, Object>> parts = new ArrayList<>();
        standings.forEach(standing -> parts.add(Map.of(
                "name", standing.name(), "condition", standing.condition().word(), "what", standing.what())));
        fields.put("standings", parts);
        console.record("source", fields);
    }

    /** Itself, one of its branches, or what its patterns stand for. */
    private static boolean isOf(String standing, String source) {
        return standing.equals(source) || standing.startsWith(source + "@") || standing.startsWith(source + ":");
    }
}
