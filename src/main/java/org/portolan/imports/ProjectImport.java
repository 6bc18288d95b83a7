package org.portolan.imports;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.engine.Engine;
import org.portolan.importer.Imported;
import org.portolan.importer.Imports;
import org.portolan.importer.NoFiles;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Inspection;
import org.portolan.model.labels.ComposeProject;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.source.Located;

/** Imports what runs of a Compose project. Changes nothing on the engine. */
public final class ProjectImport {
    private final Engine engine;
    private final List<String> secretNames;

    /**
     * Asks nothing yet.
     *
     * @param secretNames parts of names that make a value secret, lower-case
     */
    public ProjectImport(Engine engine, List<String> secretNames) {
        this.engine = engine;
        this.secretNames = secretNames;
    }

    /**
     * Translates the project's containers, checks the Servicefile and writes it with its env files.
     *
     * @param output the Servicefile to write; empty: it is only shown, with secrets in it
     * @param deployment the name that was asked for
     * @param force whether files that exist are replaced
     * @throws Failure when the engine has no container of the project, or a file to write exists
     */
    public ImportResult translate(String project, Optional<Path> output, Optional<String> deployment, boolean force) {
        List<Inspection> found = engine.inspections(ComposeProject.PROJECT, project);
        if (found.isEmpty()) {
            throw new Failure(Kind.NOT_FOUND, "the engine has no containers of a Compose project " + project)
                    .withHint("docker ps -a --filter label=" + ComposeProject.PROJECT + " --format '{{.Label \""
                            + ComposeProject.PROJECT + "\"}}' shows the projects");
        }
        Path target = output.orElse(Path.of("Servicefile")).toAbsolutePath().normalize();
        String folder = String.valueOf(target.getParent());
        ImportOptions options = new ImportOptions(
                deployment, folder, "", Optional.empty(), output.isPresent(), secretNames, Map.of(), Optional.empty());
        Imported imported = Imports.running(project, found, options);
        String text = imported.draft().text();
        Map<String, String> files = new LinkedHashMap<>();
        imported.draft().files().forEach((name, lines) -> files.put(name, lines.text()));
        SourceId source = new SourceId(folder, "Servicefile");
        Located beside = new Located(new NoFiles(), "Servicefile", source, () -> Origin.of(source), Optional::empty);
        List<Path> written = output.isPresent() ? ImportedFiles.write(target, text, files, force) : List.of();
        return new ImportResult(
                imported.system(),
                text,
                imported.draft().services().size(),
                written,
                imported.remarks(),
                new ImportCheck(secretNames).check(text, files, beside));
    }
}
