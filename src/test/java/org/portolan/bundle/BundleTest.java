package org.portolan.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.query.json.JsonFields;
import org.portolan.servicefile.expand.Macros;
import org.portolan.source.LocalFiles;
import org.portolan.source.Located;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourceLoader;
import org.portolan.sync.SourceRequest;

/** What is read of a bundle is what was read of the files, and a bundle holds no other file. */
class BundleTest {
    private static final Instant NOW = Instant.parse("2026-11-28T09:00:00Z");
    private static final List<String> SECRETS = List.of("password", "token");

    @TempDir
    Path folder;

    private static LoadedSource read(Path root, String path, Map<String, String> environment) {
        return read(root, path, environment, Map.of(), Optional.empty());
    }

    private static LoadedSource read(
            Path root,
            String path,
            Map<String, String> environment,
            Map<String, String> parameters,
            Optional<String> deployment) {
        LocalFiles files = new LocalFiles(root, root, false);
        SourceId source = new SourceId(root.resolve(path).toString(), "");
        Located located = new Located(files, path, source, () -> Origin.of(source), Optional::empty);
        SourceRequest request =
                new SourceRequest(new SourceRequest.Place.Found(located), parameters, deployment, false, false);
        return SourceLoader.read(request, located, Macros.of(environment), SECRETS, NOW);
    }

    /** As it arrives elsewhere. */
    static Bundle sent(Bundle bundle) {
        try {
            return BundleJson.read(StrictJson.read(JsonTree.bytes(JsonFields.plain(BundleJson.tree(bundle)))));
        } catch (NotJson broken) {
            throw new AssertionError(broken);
        }
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void same(List<Desired> there, List<Desired> here) {
        assertThat(there).usingRecursiveComparison().isEqualTo(here);
        for (int i = 0; i < here.size(); i++) {
            Desired one = here.get(i);
            there.get(i).services().forEach((name, service) -> assertThat(
                            service.definition().hash())
                    .isEqualTo(one.services().get(name).definition().hash()));
        }
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("examples").toRealPath())) {
            return all.filter(file -> file.getFileName().toString().equals("Servicefile")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void eachExampleIsReadAsItIs(Path servicefile) {
        Path root = servicefile.getParent();
        LoadedSource here = read(root, "Servicefile", Map.of("RAILS_MASTER_KEY", "1"));
        same(sent(Bundle.of(here)).load(SECRETS, NOW).deployments(), here.deployments());
    }

    @Test
    void includesTemplatesVariablesFoldersAndProgramsComeAlong() throws IOException {
        write(
                "site/Servicefile",
                "Name: shop\nIncludes: ../common.yaml\nweb:\n  image: web:%%TAG%%\n  env_files: web.env\n"
                        + "  files:\n    /etc/site: {from: conf}\n    /etc/key: {from: conf/key, secret: true}\n"
                        + "  volumes: [\"./data:/data\"]\n");
        write("common.yaml", "redis: {image: redis:1}\n");
        write("site/web.env", "A=1\nDB_PASSWORD=%%SECRET%%\n");
        write("site/conf/key", "k\n");
        write("site/conf/sub/run.sh", "#!/bin/sh\n");
        write("site/not-asked-for", "private\n");
        write("site/data/row", "data\n");
        assertThat(folder.resolve("site/conf/sub/run.sh").toFile().setExecutable(true))
                .isTrue();
        Path root = folder.toRealPath();
        LoadedSource here = read(root, "site/Servicefile", Map.of("TAG", "7", "SECRET", "hidden", "HOME", "/root"));
        Bundle bundle = Bundle.of(here);
        assertThat(bundle.files().contents().keySet())
                .containsExactly(
                        "common.yaml", "site/Servicefile", "site/conf/key", "site/conf/sub/run.sh", "site/web.env");
        assertThat(bundle.values().keySet()).contains("TAG").doesNotContain("HOME");
        Bundle there = sent(bundle);
        same(there.load(SECRETS, NOW).deployments(), here.deployments());
        assertThat(there.toString()).doesNotContain("hidden");
        // From another machine the folder that a container would mount is not here.
        assertThatThrownBy(() -> there.elsewhere().load(SECRETS, NOW))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                        .extracting(Problem::render)
                        .singleElement()
                        .asString()
                        .contains("site/Servicefile:", "files that were sent to a controller are not on its disk"));
    }

    @Test
    void whatWasLoadedHoldsNoFileThatWasNotRead() throws IOException {
        write("Servicefile", "Name: shop\nweb: {image: \"web:1\"}\n");
        Map<String, Object> tree = BundleJson.tree(Bundle.of(read(folder.toRealPath(), "Servicefile", Map.of())));
        Map<String, Object> files = new java.util.TreeMap<>();
        ((Map<?, ?>) tree.get("files")).forEach((path, file) -> files.put(String.valueOf(path), file));
        files.put("more", Map.of("base64", "QUFB".repeat(100_000)));
        tree.put("files", files);
        LoadedSource there =
                BundleJson.read(StrictJson.of(JsonFields.plain(tree))).load(SECRETS, NOW);
        assertThat(there.located().tree().read("more")).isEmpty();
        assertThat(there.located().tree().read("Servicefile")).isPresent();
        assertThat(there.shown()).isEqualTo("Servicefile");
        assertThat(Bundle.held(there)).isBetween(30L, 1_000L);
    }

    /** Each service keeps the content for itself. */
    @Test
    void aFileThatIsNamedAgainAndAgainHasAnEnd() throws IOException {
        Files.writeString(folder.resolve("big"), "a".repeat(1_000_000));
        StringBuilder text = new StringBuilder("Name: shop\n");
        for (int i = 0; i < 20; i++) {
            text.append("web").append(i).append(": {image: \"web:1\", files: {/a: big}}\n");
        }
        write("Servicefile", text.toString());
        Bundle sent = sent(Bundle.of(read(folder.toRealPath(), "Servicefile", Map.of())));
        assertThatThrownBy(() -> sent.load(SECRETS, NOW))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                        .extracting(Problem::render)
                        .first()
                        .asString()
                        .contains("Servicefile:", "names files of more than 16384 KiB"));
    }

    @Test
    void parametersAndTheDeploymentsNameAreSent() throws IOException {
        write("Servicefile", "Parameters: {tag: {required: true}}\nweb: {image: \"web:{{tag}}\"}\n");
        LoadedSource here = read(folder.toRealPath(), "Servicefile", Map.of(), Map.of("tag", "9"), Optional.of("blog"));
        LoadedSource there = sent(Bundle.of(here)).load(SECRETS, NOW);
        same(there.deployments(), here.deployments());
        assertThat(there.deployments().getFirst().name()).isEqualTo("blog");
        assertThat(there.source()).isEqualTo(here.source());
    }

    /** Each service may have files of a mebibyte. */
    @Test
    void moreThanAControllerTakesIsNotSent() throws IOException {
        StringBuilder text = new StringBuilder("Name: shop\n");
        for (int i = 0; i < 9; i++) {
            Files.writeString(folder.resolve("file" + i), "a".repeat(1_000_000));
            text.append("web")
                    .append(i)
                    .append(": {image: \"web:1\", files: {/a: file")
                    .append(i)
                    .append("}}\n");
        }
        write("Servicefile", text.toString());
        LoadedSource here = read(folder.toRealPath(), "Servicefile", Map.of());
        assertThatThrownBy(() -> BundleJson.tree(Bundle.of(here)))
                .hasMessageContaining(
                        "the files that Servicefile names are too many for a controller: 10 with 8789 KiB");
    }

    @Test
    void whatAnotherMachineDoesNotTakeHasItsPlace() throws IOException {
        write("Servicefile", "web:\n  image: web:1\n");
        Bundle good = Bundle.of(read(folder.toRealPath(), "Servicefile", Map.of()));
        Map<String, Object> tree = BundleJson.tree(good);
        String broken =
                java.util.Base64.getEncoder().encodeToString("web:\n  imag: web:1\n".getBytes(StandardCharsets.UTF_8));
        tree.put("files", Map.of("Servicefile", Map.of("base64", broken)));
        Bundle sent = BundleJson.read(StrictJson.of(JsonFields.plain(tree)));
        assertThatThrownBy(() -> sent.load(SECRETS, NOW))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                        .extracting(problem -> problem.at().toString())
                        .contains("Servicefile:2:3"));
    }
}
