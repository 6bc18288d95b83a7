package org.portolan.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.importer.ForeignSystem;
import org.portolan.importer.draft.Remark;
import org.portolan.migration.FileMigration;
import org.portolan.migration.Migrated;
import org.portolan.migration.MigrationRequest;

/** Writes a Servicefile from a definition of another system, with a report of everything that it does not say. */
final class ImportCommand extends CliCommand {
    private final Syntax.Text file =
            syntax().parameter("FILE", false, "The file to import, or its folder; default: the present folder.");
    private final Syntax.Text output = syntax().text(
                    "-o --output",
                    "FILE",
                    "The Servicefile to write; default: print it. Secrets go to env files beside it.");
    private final Syntax.Text from = syntax().text(
                    "--from",
                    "SYSTEM",
                    "What the file is: " + String.join(", ", ForeignSystem.words()) + "; default: by its content.");
    private final Syntax.Text variant = syntax().text(
                    "--environment",
                    "NAME",
                    "The environment (marathon_deploy) or destination (Kamal) whose overrides apply.");
    private final Syntax.Flag force = syntax().flag("--force", "Replace existing files.");

    ImportCommand() {
        super("import", "Create a Servicefile from a file of Compose, Kamal, Marathon or kaylee.");
    }

    @Override
    int run(Context context) {
        Migrated migrated = new FileMigration(
                        context.parts().sources(),
                        context.environment(),
                        context.parts().configuration().secretNames())
                .migrate(new MigrationRequest(
                        Path.of(file.or(".")),
                        Optional.ofNullable(output.orNull()).map(Path::of),
                        context.options().deployment(),
                        system(),
                        Optional.ofNullable(variant.orNull()),
                        force.given()));
        show(context.console(), migrated);
        return migrated.valid() ? ExitStatus.DONE.code() : ExitStatus.FAILED.code();
    }

    private Optional<ForeignSystem> system() {
        String word = from.orNull();
        if (word == null) {
            return Optional.empty();
        }
        return Optional.of(ForeignSystem.named(word)
                .orElseThrow(() -> FailureView.usage(
                        "'" + word + "' is not a system that can be imported",
                        "Known: " + String.join(", ", ForeignSystem.words()) + ".")));
    }

    private static void show(Console console, Migrated migrated) {
        if (migrated.written().isEmpty()) {
            console.text(migrated.text());
        } else {
            String services = Show.count(migrated.services(), "service");
            console.job("Wrote " + migrated.written().get(0) + ": " + services + " from a file of "
                    + migrated.system().title());
            for (Path path : migrated.written().subList(1, migrated.written().size())) {
                console.job("Wrote " + path + ": secrets, readable by you only; keep it out of the repository");
            }
        }
        for (Remark.Kind kind : Remark.Kind.values()) {
            List<Remark> some = new ArrayList<>(migrated.remarks());
            some.removeIf(remark -> remark.kind() != kind);
            if (!some.isEmpty() && !console.json()) {
                console.error(kind.words() + ":\n");
                some.forEach(remark -> console.error("  " + remark.render() + "\n"));
            }
        }
        migrated.remarks().forEach(remark -> console.record("remark", fields(remark)));
        console.problems(migrated.faults());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("system", migrated.system().word());
        result.put("services", migrated.services());
        result.put("valid", migrated.valid());
        result.put("files", migrated.written().stream().map(Path::toString).toList());
        result.put("text", migrated.text());
        console.record("import", result);
    }

    private static Map<String, Object> fields(Remark remark) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", remark.kind().words());
        fields.put("file", remark.at().file());
        fields.put("line", remark.at().line());
        fields.put("column", remark.at().column());
        fields.put("key", remark.subject());
        fields.put("text", remark.text());
        return fields;
    }
}
