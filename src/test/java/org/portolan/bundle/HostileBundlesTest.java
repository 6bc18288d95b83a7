package org.portolan.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.json.JsonMismatch;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.source.FileTree;

/** What somebody sends who means harm: nothing of it is read beyond a limit, and no path leads out of it. */
class HostileBundlesTest {
    private static final String FILE = Base64.getEncoder()
            .encodeToString("Name: shop\nweb: {image: \"web:1\"}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    private static Map<String, Object> bundle() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("servicefile", "Servicefile");
        tree.put("source", new HashMap<>(Map.of("location", "/srv/site/Servicefile")));
        tree.put("files", new HashMap<>(Map.of("Servicefile", Map.of("base64", FILE))));
        return tree;
    }

    private static Bundle read(Map<String, Object> tree) {
        return BundleJson.read(StrictJson.of(tree));
    }

    private static void refused(Map<String, Object> tree) {
        assertThatThrownBy(() -> read(tree))
                .satisfiesAnyOf(
                        thrown -> assertThat(thrown).isInstanceOf(JsonMismatch.class), thrown -> assertThat(thrown)
                                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.kind())
                                        .isEqualTo(Kind.INVALID)));
    }

    @Test
    void anOrdinaryOneIsRead() {
        assertThat(read(bundle())
                        .load(List.of(), java.time.Instant.EPOCH.plusSeconds(1))
                        .warnings())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../up",
                "a/../../up",
                "a//b",
                "a/",
                "./a",
                "a/.",
                "",
                "a/.git/config",
                ".git/config",
                "a\0b",
                "a\nb",
                "a\u001b[2Jb",
                ".."
            })
    void pathsThatAreNotOfTheTree(String path) {
        Map<String, Object> tree = bundle();
        tree.put("files", Map.of("Servicefile", Map.of("base64", FILE), path, Map.of("base64", FILE)));
        refused(tree);
        Map<String, Object> folder = bundle();
        folder.put("folders", Map.of("conf", List.of(path)));
        refused(folder);
        if (!path.isEmpty()) {
            Map<String, Object> shown = bundle();
            shown.put("shown", Map.of(path, "Servicefile"));
            refused(shown);
            Map<String, Object> listed = bundle();
            listed.put("folders", Map.of(path, List.of("a")));
            refused(listed);
        }
    }

    static Stream<Map<String, Object>> forms() {
        Map<String, Object> deep = bundle();
        deep.put("files", Map.of("Servicefile", Map.of("base64", FILE), "a/".repeat(64) + "b", Map.of("base64", FILE)));
        Map<String, Object> longName = bundle();
        longName.put("files", Map.of("Servicefile", Map.of("base64", FILE), "n".repeat(1_025), Map.of("base64", FILE)));
        Map<String, Object> none = bundle();
        none.put("files", Map.of());
        Map<String, Object> other = bundle();
        other.put("servicefile", "Other");
        Map<String, Object> noBase64 = bundle();
        noBase64.put("files", Map.of("Servicefile", Map.of("base64", "%%%")));
        Map<String, Object> cut = bundle();
        cut.put("files", Map.of("Servicefile", Map.of("base64", "QQ=" + "Q")));
        Map<String, Object> link = bundle();
        link.put("files", Map.of("Servicefile", Map.of("link", "/etc/passwd")));
        Map<String, Object> list = bundle();
        list.put("files", List.of("Servicefile"));
        Map<String, Object> hand = bundle();
        hand.put("source", Map.of("location", "hand"));
        Map<String, Object> nowhere = bundle();
        nowhere.put("source", Map.of("location", " "));
        Map<String, Object> escape = bundle();
        escape.put("source", Map.of("location", "/srv/\u001b[31mred"));
        Map<String, Object> commit = bundle();
        commit.put("source", Map.of("location", "/srv", "commit", "HEAD"));
        Map<String, Object> subject = bundle();
        subject.put("source", Map.of("location", "/srv", "subject", "x".repeat(5_000)));
        Map<String, Object> value = bundle();
        value.put("values", Map.of("A", Map.of("text", "x".repeat(256 * 1024 + 1))));
        Map<String, Object> parameter = bundle();
        parameter.put("parameters", Map.of("a", 1L));
        return Stream.of(
                deep, longName, none, other, noBase64, cut, link, list, hand, nowhere, escape, commit, subject, value,
                parameter, Map.of());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void otherForms(Map<String, Object> tree) {
        refused(tree);
    }

    @Test
    void limitsOfNumberAndSize() {
        Map<String, Object> many = new HashMap<>(Map.of("Servicefile", Map.of("base64", FILE)));
        for (int i = 0; i < 2_000; i++) {
            many.put("f" + i, Map.of("base64", ""));
        }
        Map<String, Object> files = bundle();
        files.put("files", many);
        refused(files);
        String large = Base64.getEncoder().encodeToString(new byte[FileTree.MAX_FILE_BYTES]);
        Map<String, Object> heavy = new HashMap<>(Map.of("Servicefile", Map.of("base64", FILE)));
        for (int i = 0; i < 7; i++) {
            heavy.put("f" + i, Map.of("base64", large));
        }
        files.put("files", heavy);
        assertThat(read(files).files().contents()).hasSize(8);
        heavy.put("f8", Map.of("base64", large));
        refused(files);
        files.put(
                "files",
                Map.of(
                        "Servicefile",
                        Map.of("base64", FILE),
                        "one",
                        Map.of("base64", Base64.getEncoder().encodeToString(new byte[FileTree.MAX_FILE_BYTES + 3]))));
        refused(files);
        Map<String, Object> names = bundle();
        List<String> inside =
                Stream.iterate(0, i -> i + 1).limit(20_001).map(i -> "n" + i).toList();
        names.put("folders", Map.of("a", inside));
        refused(names);
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i <= 1_000; i++) {
            values.put("V" + i, Map.of("text", "x"));
        }
        Map<String, Object> valued = bundle();
        valued.put("values", values);
        refused(valued);
    }
}
