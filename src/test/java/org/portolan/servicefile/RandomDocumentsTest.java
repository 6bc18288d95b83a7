package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.portolan.model.InvalidInput;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.ServiceSpec;
import org.portolan.servicefile.format.Format;
import org.portolan.servicefile.format.HealthShape;
import org.portolan.servicefile.format.Key;
import org.portolan.servicefile.format.RolloutShape;
import org.portolan.servicefile.format.ServiceKeys;
import org.portolan.servicefile.format.VolumesShape;

/** Whatever a file holds, it is read or refused as invalid input; nothing else is thrown, and nothing takes for ever. */
class RandomDocumentsTest {
    private static final int RUNS = 4000;
    private static final List<String> WORDS = List.of(
            "web",
            "redis",
            "a",
            "80",
            "-1",
            "true",
            "no",
            "~",
            "",
            "{{a}}",
            "{{",
            "%%A%%",
            "%%",
            "\\{{a}}",
            "*",
            "/",
            "/up",
            "shop:web",
            "web:http:x",
            "2s",
            "5",
            "1.5g",
            "assign",
            "\"x y\"",
            "'",
            "$apr1$a$b",
            "http",
            "é",
            "example.org",
            "*.example.org",
            "2222, web",
            "x=y",
            "canary",
            "[1, 2]",
            "{a: b}",
            "&a b",
            "*a",
            "!!str x",
            "|\n    text",
            "\t",
            "# c",
            "secret",
            "unless-stopped",
            "company/redis:1",
            "127.0.0.1:80",
            "host");

    private final List<String> keys = new ArrayList<>();

    RandomDocumentsTest() {
        for (List<Key> table : List.of(
                ServiceKeys.ALL,
                Format.SECTIONS,
                Format.DOMAIN,
                Format.DEPLOYMENT,
                Format.PARAMETER,
                HealthShape.KEYS,
                RolloutShape.KEYS,
                VolumesShape.KEYS,
                ServiceKeys.STOP)) {
            table.forEach(key -> keys.add(key.name()));
        }
        keys.addAll(List.of("web", "redis", "a", "example.org", "x-a", "meta", "<<", "\"{{a}}\"", "secret", "/data"));
    }

    @Test
    void arbitraryDocumentsAreReadOrRefused() {
        long seed = Long.getLong("seed", System.nanoTime());
        RandomGenerator random = new SplittableRandom(seed);
        int read = 0;
        for (int run = 0; run < RUNS; run++) {
            StringBuilder text = new StringBuilder();
            document(random, 0, text);
            read += load(text.toString(), seed) ? 1 : 0;
        }
        assertThat(read).as("seed " + seed).isPositive();
    }

    @Test
    void goodDocumentsWithAWrongCharacterAreReadOrRefused() {
        long seed = Long.getLong("seed", System.nanoTime());
        RandomGenerator random = new SplittableRandom(seed);
        String good = """
                Parameters: {a: {default: x}}
                Env: {A: b}
                web:
                  image: a/b:1
                  env: {P: "{{a}}"}
                  ports: {http: 80}
                  health: {http: /up}
                  volumes: [data:/d]
                Domains:
                  e.org: {http: web}
                """;
        String characters = "{}[]:,\"'\\%&*!|>\t\n#-~ a0\u0000\uFFFFé";
        for (int run = 0; run < RUNS; run++) {
            StringBuilder text = new StringBuilder(good);
            for (int edit = 0; edit <= random.nextInt(3); edit++) {
                int at = random.nextInt(text.length());
                char c = characters.charAt(random.nextInt(characters.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, c);
                    case 1 -> text.insert(at, c);
                    default -> text.deleteCharAt(at);
                }
            }
            load(text.toString(), seed);
        }
    }

    private static boolean load(String text, long seed) {
        try {
            Loaded loaded = Servicefiles.load(MemoryTree.of(text), "Servicefile", LoadedFile.options());
            for (Desired deployment : loaded.deployments()) {
                deployment.services().forEach((name, service) -> {
                    ServiceSpec.from(name, service.definition());
                    assertThat(Definition.of(service.definition().keys())).isEqualTo(service.definition());
                });
            }
            return true;
        } catch (InvalidInput invalid) {
            invalid.problems().forEach(problem -> assertThat(problem.render()).isNotBlank());
            return false;
        } catch (RuntimeException | Error fault) {
            throw new AssertionError("seed " + seed + ", document:\n" + text, fault);
        }
    }

    private void document(RandomGenerator random, int depth, StringBuilder out) {
        int entries = 1 + random.nextInt(4);
        for (int i = 0; i < entries; i++) {
            out.append("  ".repeat(depth))
                    .append(keys.get(random.nextInt(keys.size())))
                    .append(':');
            int kind = random.nextInt(depth > 3 ? 2 : 4);
            if (kind == 0) {
                out.append(' ').append(WORDS.get(random.nextInt(WORDS.size()))).append('\n');
            } else if (kind == 1) {
                out.append(" [");
                for (int item = 0; item < random.nextInt(4); item++) {
                    out.append(WORDS.get(random.nextInt(26))).append(", ");
                }
                out.append("]\n");
            } else {
                out.append('\n');
                document(random, depth + 1, out);
            }
        }
    }
}
