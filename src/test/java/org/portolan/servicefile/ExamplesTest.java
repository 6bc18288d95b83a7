package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.model.container.Image;
import org.portolan.model.container.Observation;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.plan.Basis;
import org.portolan.plan.Plan;
import org.portolan.plan.PlanInput;
import org.portolan.plan.PlanOptions;
import org.portolan.plan.PlanText;
import org.portolan.plan.Planner;

/** The example files of the tree are read without a fault or a warning, planned, and valid by the JSON Schema. */
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
        boolean alone = file.equals(Path.of("Servicefile.example"));
        try (Stream<Path> found = Files.walk(folder, alone ? 1 : 3)) {
            for (Path each : found.filter(Files::isRegularFile).toList()) {
                tree.withBytes(folder.relativize(each).toString(), Files.readAllBytes(each));
            }
        }
        return Servicefiles.load(
                tree,
                file.getFileName().toString(),
                LoadedFile.options(Map.of(), Map.of("RAILS_MASTER_KEY", "opensesame")));
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
    void isPlanned(Path file) throws IOException {
        for (Desired deployment : load(file).deployments()) {
            Plan plan = Planner.plan(new PlanInput(
                    deployment,
                    List.of(),
                    Optional.empty(),
                    Map.of(),
                    new Observation(List.of(), List.of(), List.of(), Set.of()),
                    "here",
                    images(deployment),
                    (service, version) -> Optional.empty(),
                    Optional.empty(),
                    new PlanOptions(Basis.Files.ORDINARY, 15000, 16000)));
            assertThat(plan.goal().services().keySet())
                    .isEqualTo(deployment.services().keySet());
            assertThat(PlanText.render(plan, false))
                    .contains("+ deployment " + deployment.name())
                    .doesNotContain("opensesame", "change-me");
        }
    }

    private static Map<String, Optional<Image>> images(Desired deployment) {
        Map<String, Optional<Image>> images = new TreeMap<>();
        for (DesiredService service : deployment.services().values()) {
            String name = String.valueOf(service.definition().get("image"));
            Image image = new Image(
                    "sha256:" + name,
                    List.of(name),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty());
            images.put(name, Optional.of(image));
        }
        return images;
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
