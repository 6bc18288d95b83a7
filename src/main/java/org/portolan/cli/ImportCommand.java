package org.portolan.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.importer.ForeignSystem;
import org.portolan.importer.draft.Remark;
import org.portolan.imports.FileImport;
import org.portolan.imports.ImportRequest;
import org.portolan.imports.ImportResult;
import org.portolan.imports.ProjectImport;

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
    private final Syntax.Text running = syntax().text(
                    "--running",
                    "PROJECT",
                    "Import what runs of a Compose project, without its file: its containers are read.");
    private final Syntax.Flag force = syntax().flag("--force", "Replace existing files.");

    ImportCommand() {
        super("import", "Create a Servicefile from a file of Compose, Kamal, Marathon or kaylee, or from what runs.");
    }

    @Override
    int run(Context context) {
        ImportResult imported = running.given() ? running(context) : file(context);
        show(context.console(), imported, origin(imported));
        return imported.valid() ? ExitStatus.DONE.code() : ExitStatus.FAILED.code();
    }

    private ImportResult file(Context context) {
        return new FileImport(
                        context.parts().sources(),
                        context.environment(),
                        context.parts().configuration().secretNames())
                .translate(new ImportRequest(
                        Path.of(file.or(".")),
                        target(),
                        context.options().deployment(),
                        system(),
                        Optional.ofNullable(variant.orNull()),
                        force.given()));
    }

    private ImportResult running(Context context) {
        if (file.given() || from.given() || variant.given()) {
            throw FailureView.usage(
                    "--running reads containers: it takes no FILE, --from or --environment",
                    "portolan import --running PROJECT -o Servicefile");
        }
        return new ProjectImport(
                        context.parts().engine(),
                        context.parts().configuration().secretNames())
                .translate(running.or(""), target(), context.options().deployment(), force.given());
    }

    private Optional<Path> target() {
        return Optional.ofNullable(output.orNull()).map(Path::of);
    }

    private String origin(ImportResult imported) {
        return running.given()
                ? "the running Compose project " + running.or("")
                : "a file of " + imported.system().title();
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

    private static void show(Console console, ImportResult imported, String origin) {
        if (imported.written().isEmpty()) {
            console.text(imported.text());
        } else {
            String services = Show.count(imported.services(), "service");
            console.job("Wrote " + imported.written().get(0) + ": " + services + " from " + origin);
            for (Path path : imported.written().subList(1, imported.written().size())) {
                console.job("Wrote " + path + ": secrets, readable by you only; keep it out of the repository");
            }
        }
        for (Remark.Kind kind : Remark.Kind.values()) {
            List<Remark> some = new ArrayList<>(imported.remarks());
            some.removeIf(remark -> remark.kind() != kind);
            if (!some.isEmpty() && !console.json()) {
                console.error(kind.words() + ":\n");
                some.forEach(remark -> console.error("  " + remark.render() + "\n"));
            }
        }
        imported.remarks().forEach(remark -> console.record("remark", fields(remark)));
        console.problems(imported.faults());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("system", imported.system().word());
        result.put("services", imported.services());
        result.put("valid", imported.valid());
        result.put("files", imported.written().stream().map(Path::toString).toList());
        result.put("text", imported.text());
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
