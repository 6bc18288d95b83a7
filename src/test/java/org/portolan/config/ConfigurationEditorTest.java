package org.portolan.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.process.Home;

/** A configuration that commands change as a person would. */
class ConfigurationEditorTest {
    @TempDir
    Path folder;

    private Path file;
    private ConfigurationEditor editor;

    @BeforeEach
    void prepare() {
        file = folder.resolve("portolan.yaml");
        editor = editor(Map.of());
    }

    private ConfigurationEditor editor(Map<String, String> environment) {
        return new ConfigurationEditor(environment, Home.of(Map.of("PORTOLAN_HOME", folder.toString())));
    }

    private static NewSource source(String name, String... keys) {
        LinkedHashMap<String, String> all = new LinkedHashMap<>();
        all.put("url", "/srv/" + name + ".git");
        for (int i = 0; i < keys.length; i += 2) {
            all.put(keys[i], keys[i + 1]);
        }
        return new NewSource(name, all);
    }

    private String text() throws IOException {
        return Files.readString(file);
    }

    private List<String> names() {
        return Configurations.read(Map.of(), folder).sources().stream()
                .map(SourceSettings::name)
                .toList();
    }

    @Test
    void withoutAFileOneIsMadeThatOnlyItsOwnerCanRead() throws IOException {
        assertThat(editor.add(source("shop", "ref", "main", "env.TAG", "1.5", "env.NOTE", "a: \"b\" #c")))
                .isEqualTo(file);
        assertThat(text()).isEqualTo("""
                sources:
                  shop:
                    url: /srv/shop.git
                    ref: main
                    env:
                      TAG: 1.5
                      NOTE: "a: \\"b\\" #c"
                """);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Configurations.read(Map.of(), folder)
                        .sources()
                        .getFirst()
                        .env()
                        .get("NOTE")
                        .text())
                .isEqualTo("a: \"b\" #c");
    }

    @Test
    void commentsOrderModeAndALinkStay() throws IOException {
        Path real = Files.writeString(folder.resolve("real.yaml"), """
                # ours
                edge:
                  http: 8081   # not 80

                sources:
                    # the shop
                    shop:
                        url: /srv/shop.git   # mirrored
                        env: {A: b}
                    blog: {url: /srv/blog.git}

                # nights are quiet
                freeze:
                  night: {from: "0 22 * * *", for: 8h}
                """);
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
        Files.createSymbolicLink(file, real);
        String before = text();
        editor.add(source("wiki", "poll", "5s"));
        assertThat(text()).isEqualTo(before.replace("    blog: {url: /srv/blog.git}\n", """
                    blog: {url: /srv/blog.git}
                    wiki:
                      url: /srv/wiki.git
                      poll: 5s
                """.indent(0)));
        assertThat(Files.isSymbolicLink(file)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-r-----");
        editor.remove("wiki");
        assertThat(text()).isEqualTo(before);
        editor.remove("shop");
        assertThat(text())
                .contains("# the shop\n    blog: {url", "# nights are quiet", "# not 80")
                .doesNotContain("mirrored");
        editor.remove("blog");
        assertThat(names()).isEmpty();
        editor.add(source("again"));
        assertThat(names()).containsExactly("again");
    }

    @Test
    void theGroupStays() throws IOException {
        Assumptions.assumeTrue(Home.user() == 0, "only root can give a file to any group");
        Files.writeString(file, "edge.http: 8081\n");
        Files.setAttribute(file, "unix:gid", 4712);
        editor.add(source("wiki"));
        assertThat(names()).containsExactly("wiki");
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(4712);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "edge.http: 8081",
                "sources: {}\n",
                "sources: {a: {url: /srv/a}}   # all\nedge.http: 8081\n",
                "sources:\nedge.http: 8081\n",
                "sources.a.url: /srv/a\nsources.a.poll: 5s\n",
                "sources:\n  a:\n    url: /srv/a\n    env: {X: y,\n      Z: w}",
                "sources:\r\n  a:\r\n    url: /srv/a\r\n# end\r\n",
                "---\nsources:\n  a: {url: /srv/a}\n...\n"
            })
    void whateverItsFormWhatIsAddedCanBeRemovedAgain(String before) throws IOException {
        Files.writeString(file, before);
        List<String> names = names();
        editor.add(source("shop", "ref", "main", "parameters.size", "small"));
        assertThat(names()).containsAll(names).contains("shop");
        if (before.contains("sources: {")) {
            assertThatThrownBy(() -> editor.remove("shop")).hasMessageContaining("is written in a line with others");
        } else {
            editor.remove("shop");
            assertThat(names()).isEqualTo(names);
        }
    }

    @Test
    void aSourceOfSeveralKeysIsRemovedWhole() throws IOException {
        Files.writeString(
                file,
                "sources.a.url: /srv/a\n# between\nsources.a.poll: 5s\nedge.http: 8081\nsources.ab.url: /srv/ab\n");
        editor.remove("a");
        assertThat(text()).isEqualTo("# between\nedge.http: 8081\nsources.ab.url: /srv/ab\n");
    }

    @Test
    void whatWouldNotBeValidIsNotWritten() throws IOException {
        Files.writeString(file, "sources:\n  shop: {url: /srv/shop.git}\n");
        String before = text();
        assertThatThrownBy(() -> editor.add(source("shop"))).hasMessageContaining("there is a source shop");
        assertThatThrownBy(() -> editor.add(source("other", "url", "/srv/shop.git")))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(
                                invalid.problems().getFirst().message())
                        .contains("is the same as 'shop'"));
        assertThatThrownBy(() -> editor.add(source("x", "poll", "soon"))).isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> editor.remove("none")).hasMessageContaining("there is no source none");
        assertThatThrownBy(() -> editor(Map.of("PORTOLAN_SOURCES", "{}")).add(source("x")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("PORTOLAN_SOURCES");
        assertThat(text()).isEqualTo(before);
        Files.writeString(file, "sources:\n  shop: [\n");
        assertThatThrownBy(() -> editor.add(source("x"))).isInstanceOf(InvalidInput.class);
    }

    /** Any text comes back as it was given. */
    @Test
    void valuesAreQuotedWhereTheyNeedIt() {
        Random random = new Random(7);
        String letters = "ab1 :#\"\\'{}[],&*!|>%@`~-?\t\u00e9=";
        LinkedHashMap<String, String> keys = new LinkedHashMap<>(Map.of("url", "/srv/x"));
        for (int i = 0; i < 300; i++) {
            StringBuilder value = new StringBuilder();
            for (int j = 1 + random.nextInt(6); j > 0; j--) {
                value.append(letters.charAt(random.nextInt(letters.length())));
            }
            keys.put("env.V" + i, value.toString());
        }
        keys.put("env.NULL", "null");
        keys.put("env.TILDE", "~");
        editor.add(new NewSource("x", keys));
        SourceSettings read = Configurations.read(Map.of(), folder).sources().getFirst();
        keys.forEach((key, value) -> {
            if (key.startsWith("env.")) {
                assertThat(read.env().get(key.substring(4)).text()).as(key).isEqualTo(value);
            }
        });
    }
}
