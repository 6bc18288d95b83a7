package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The example files of the tree are read without a fault or a warning, and are valid by the JSON Schema. */
class ExamplesTest {
    static List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(Path.of("examples"))) {
            return Stream.concat(
                            Stream.of(Path.of("Servicefile.example")),
                            found.filter(file -> file.getFileName().toString().equals("Servicefile")))
                    .sorted()
                    .toList();
        }
    }

    private static Loaded load(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        MemoryTree tree = new MemoryTree();
        try (Stream<Path> found = Files.walk(folder, 3)) {
            for (Path each : found.filter(Files::isRegularFile)
                    .filter(path -> folder.endsWith("files") || path.toString().contains("Servicefile"))
                    .toList()) {
                tree.withBytes(folder.relativize(each).toString(), Files.readAllBytes(each));
            }
        }
        return Servicefiles.load(tree, file.getFileName().toString(), LoadedFile.options());
    }

    @Test
    void thereAreSome() throws IOException {
        assertThat(files()).hasSizeGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @MethodSource("files")
    void isReadWithoutAWarning(Path file) throws IOException {
        Loaded loaded = load(file);
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.deployments()).isNotEmpty().allSatisfy(deployment -> {
            assertThat(deployment.services()).isNotEmpty();
            assertThat(deployment.domains()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void isValidByTheSchema(Path file) throws IOException {
        assertThat(DocumentedExamplesTest.schemaFaults(Files.readString(file))).isEmpty();
    }

    @Test
    void theFullExampleShowsWhatItSays() throws IOException {
        Loaded loaded = load(Path.of("Servicefile.example"));
        assertThat(loaded.deployments().get(0).name()).isEqualTo("shop");
        assertThat(loaded.deployments().get(0).notes()).containsKeys("x-note", "meta");
        assertThat(loaded.deployments().get(0).domains()).hasSize(3);
    }
}
