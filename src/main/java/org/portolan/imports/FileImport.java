package org.portolan.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.importer.Imported;
import org.portolan.importer.Imports;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Problem;
import org.portolan.source.Located;
import org.portolan.source.Sources;

/** Imports a file of another system. */
public final class FileImport {
    private static final List<String> USUAL = List.of(
            "compose.yaml",
            "compose.yml",
            "docker-compose.yaml",
            "docker-compose.yml",
            "config/deploy.yml",
            "deploy.yml",
            "deploy.yaml",
            "deploy.json",
            "marathon.json");
    private static final String NAME_IT = "name the file to import; found in a folder are " + String.join(", ", USUAL);

    private final Sources sources;
    private final Map<String, String> environment;
    private final List<String> secretNames;

    /**
     * Reads nothing yet.
     *
     * @param environment of the person who imports
     * @param secretNames parts of names that make a value secret, lower-case
     */
    public FileImport(Sources sources, Map<String, String> environment, List<String> secretNames) {
        this.sources = sources;
        this.environment = environment;
        this.secretNames = secretNames;
    }

    /**
     * Translates the file, checks the Servicefile and writes it with its env files.
     *
     * @throws Failure when the input cannot be read, or a file to write exists
     */
    public ImportResult translate(ImportRequest request) {
        Path file = input(request.file());
        Located located = sources.local(file);
        Path real = real(file);
        Path folder = parent(real);
        Path target =
                request.output().map(Path::toAbsolutePath).map(Path::normalize).orElse(folder.resolve("Servicefile"));
        String prefix = prefix(parent(target), folder);
        ImportOptions options = new ImportOptions(
                request.deployment(),
                folder.toString(),
                prefix,
                Optional.ofNullable(environment.get("HOME")),
                request.output().isPresent(),
                secretNames,
                environment,
                request.variant());
        Imported imported = Imports.translate(located.tree(), located.path(), request.from(), options);
        String text = imported.draft().text();
        Map<String, String> files = new LinkedHashMap<>();
        imported.draft().files().forEach((name, lines) -> files.put(name, lines.text()));
        List<Problem> faults = prefix.isEmpty() ? new ImportCheck(secretNames).check(text, files, located) : List.of();
        List<Path> written =
                request.output().isPresent() ? ImportedFiles.write(target, text, files, request.force()) : List.of();
        return new ImportResult(
                imported.system(), text, imported.draft().services().size(), written, imported.remarks(), faults);
    }

    private static Path input(Path file) {
        if (!Files.exists(file)) {
            throw new Failure(Kind.NOT_FOUND, "file " + file + " does not exist").withHint(NAME_IT);
        }
        if (!Files.isDirectory(file)) {
            return file;
        }
        for (String name : USUAL) {
            if (Files.isRegularFile(file.resolve(name))) {
                return file.resolve(name);
            }
        }
        throw new Failure(Kind.NOT_FOUND, "no file to import in " + file).withHint(NAME_IT);
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException unreadable) {
            throw new Failure(Kind.INVALID, "cannot read " + file + ": " + unreadable.getMessage());
        }
    }

    private static String prefix(Path from, Path to) {
        String relative = realFolder(from).relativize(realFolder(to)).toString();
        return relative.isEmpty() ? "" : relative + "/";
    }

    private static Path realFolder(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException missing) {
            throw new Failure(Kind.NOT_FOUND, "folder " + folder + " does not exist");
        }
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }
}
