package org.portolan.imports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.portolan.importer.Imported;
import org.portolan.importer.Imports;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.model.Position;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.source.FileTree;
import org.portolan.source.Located;

/** A file of another system with what lies beside it, below {@code src/test/resources/import}. */
record ImportSample(Path folder, Path file) {
    static final List<String> SECRET_NAMES = List.of("password", "passwd", "token", "secret", "key", "credential");
    private static final Path ROOT = Path.of("src/test/resources/import");

    static Stream<ImportSample> all() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files
                    .filter(path -> path.getFileName()
                            .toString()
                            .matches("(docker-)?compose\\.ya?ml|stack\\.yml|(deploy|unit|app|plan)\\.(ya?ml|json)"))
                    .filter(path -> !path.toString().contains("/parts/"))
                    .sorted()
                    .map(path -> new ImportSample(
                            path.getParent().endsWith("config")
                                    ? path.getParent().getParent()
                                    : path.getParent(),
                            path))
                    .toList()
                    .stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    String read() {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Imported translate(String text, boolean separateSecrets) {
        return Imports.translate(tree(text), path(), Optional.empty(), options(separateSecrets));
    }

    /** What {@code validate} says of what was made of it. */
    List<org.portolan.model.Problem> check(Imported imported) {
        FileTree tree = tree(read());
        Located located = new Located(
                tree, path(), new SourceId("/test", ""), () -> Origin.of(new SourceId("/test", "")), Optional::empty);
        Map<String, String> files = new java.util.HashMap<>();
        imported.draft().files().forEach((name, lines) -> files.put(name, lines.text()));
        return new ImportCheck(SECRET_NAMES).check(imported.draft().text(), files, located);
    }

    /** Whether the file of the environment or destination beside it says the same key. */
    boolean overridden(List<String> paths) {
        for (String name : List.of("PRODUCTION.yml", "config/deploy.production.yml", "compose.override.yml")) {
            Path other = folder.resolve(name);
            if (Files.exists(other)) {
                String key = paths.get(0).replaceAll("\\[[0-9]+\\]$", "").replaceAll(".*\\.", "");
                try {
                    return Files.readString(other).matches("(?s).*\\b" + key + ":.*");
                } catch (IOException unreadable) {
                    throw new UncheckedIOException(unreadable);
                }
            }
        }
        return false;
    }

    String path() {
        return folder.relativize(file).toString();
    }

    Path expected() {
        return folder.resolve("expected.txt");
    }

    private ImportOptions options(boolean separateSecrets) {
        return new ImportOptions(
                Optional.empty(),
                "/srv/" + folder.getFileName(),
                "",
                Optional.of("/home/me"),
                separateSecrets,
                SECRET_NAMES,
                Map.of("MARATHON_DEPLOY_COLOUR", "blue"),
                Files.exists(folder.resolve("PRODUCTION.yml"))
                                || Files.exists(folder.resolve("config/deploy.production.yml"))
                        ? Optional.of("production")
                        : Optional.empty());
    }

    /** The sample's folder with another text of the file. */
    private FileTree tree(String text) {
        return new FileTree() {
            @Override
            public Optional<byte[]> read(String path) {
                if (path.equals(path())) {
                    return Optional.of(text.getBytes(StandardCharsets.UTF_8));
                }
                Path wanted = folder.resolve(path);
                try {
                    return Files.isRegularFile(wanted) ? Optional.of(Files.readAllBytes(wanted)) : Optional.empty();
                } catch (IOException unreadable) {
                    throw new UncheckedIOException(unreadable);
                }
            }

            @Override
            public Optional<SortedSet<String>> children(String path) {
                String[] names = folder.resolve(path).toFile().list();
                return Optional.ofNullable(names).map(found -> new TreeSet<>(List.of(found)));
            }

            @Override
            public boolean executable(String path) {
                return false;
            }

            @Override
            public boolean onDisk() {
                return true;
            }

            @Override
            public Optional<Path> place(String path) {
                return Files.exists(folder.resolve(path))
                        ? Optional.of(Path.of("/srv/" + folder.getFileName(), path))
                        : Optional.empty();
            }

            @Override
            public String shown(String path) {
                return path;
            }

            @Override
            public String describe() {
                return "the sample";
            }
        };
    }

    static boolean sameLine(Position one, Position other) {
        return one.file().equals(other.file()) && one.line() == other.line();
    }

    @Override
    public String toString() {
        return folder.getParent().getFileName() + "/" + folder.getFileName();
    }
}
