package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.model.InvalidInput;
import org.portolan.model.service.Desired;

/** The shipped templates: a rollout names them, a file includes them, and each stands alone with its defaults. */
class AppTemplatesTest {
    static List<String> names() {
        return Servicefiles.templates();
    }

    @Test
    void eachFileOfTheFolderHasItsName() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("templates/apps"))) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".Servicefile", ""))
                            .sorted()
                            .toList())
                    .isEqualTo(names());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void standsAloneWithItsDefaults(String name) {
        String text = Servicefiles.template(name).orElseThrow();
        MemoryTree tree = MemoryTree.of(text).with("pages/index.html", "<h1>Hello</h1>");
        Loaded loaded = Servicefiles.load(tree, "Servicefile", LoadedFile.options("shop"));
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.deployments().get(0).services()).isNotEmpty();
        assertThat(DocumentedExamplesTest.schemaFaults(text)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aRolloutNamesIt(String name) {
        String rollout = "Deployments: {one: {template: \"portolan:" + name + "\"}}\n";
        MemoryTree tree =
                new MemoryTree().with("live/Servicefile", rollout).with("live/pages/index.html", "<h1>Hi</h1>");
        Desired deployment = Servicefiles.load(tree, "live/Servicefile", LoadedFile.options())
                .deployments()
                .get(0);
        assertThat(deployment.services()).isNotEmpty();
        assertThat(deployment.template()).isEqualTo("live/portolan:" + name);
    }

    @Test
    void aFileIncludesItAndOverridesIt() {
        Desired deployment = LoadedFile.one("""
                Includes: ["portolan:redis", "portolan:postgres"]
                Parameters: {redis_image: {default: "mine:1"}}
                web: {image: "a:1", env: {CACHE: "redis://:{RedisPassword}@{REDIS_HOST}:{REDIS_PORT}/0"}}
                """);
        assertThat(deployment.services()).containsOnlyKeys("postgres", "redis", "web");
        assertThat(deployment.services().get("redis").definition().get("image")).isEqualTo("mine:1");
        assertThat(deployment.generated()).containsOnlyKeys("PostgresPassword", "RedisPassword");
    }

    @Test
    void anUnknownNameIsRefusedAtItsPlace() {
        assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> LoadedFile.one("Deployments:\n  one: {template: \"portolan:rediss\"}\n"))
                .satisfies(refused -> assertThat(refused.problems().get(0).render())
                        .contains(
                                "Servicefile:2:19", "no shipped template is named \"rediss\"", "did you mean redis?"));
    }

    @Test
    void aFaultInItsUseNamesTheTemplate() {
        assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> LoadedFile.one("Deployments: {one: {template: \"portolan:static-site\"}}\n"))
                .satisfies(refused ->
                        assertThat(refused.problems().get(0).render()).contains("portolan:static-site:", "pages"));
    }
}
