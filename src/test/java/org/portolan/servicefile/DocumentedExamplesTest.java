package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.servicefile.format.DatabaseKeys;
import org.portolan.servicefile.format.Format;
import org.portolan.servicefile.format.HealthShape;
import org.portolan.servicefile.format.JobKeys;
import org.portolan.servicefile.format.Key;
import org.portolan.servicefile.format.NetworkShape;
import org.portolan.servicefile.format.RolloutShape;
import org.portolan.servicefile.format.ServiceKeys;
import org.portolan.servicefile.format.VolumesShape;
import org.portolan.servicefile.reference.JsonSchema;

/** Every example of the format's table is read without a fault, and the JSON Schema takes it too. */
class DocumentedExamplesTest {
    private static final String CERTIFICATE =
            "-----BEGIN CERTIFICATE-----\nMIIBsjCCAVigAwIBAgIUD1CDCBKh0GBV5Exn6+2dSAWSsoowCgYIKoZIzj0EAwIw\nFjEUMBIGA1UEAwwLZXhhbXBsZS5vcmcwIBcNMjYxMTI3MTcwOTE5WhgPMjEyNjEx\nMDMxNzA5MTlaMBYxFDASBgNVBAMMC2V4YW1wbGUub3JnMFkwEwYHKoZIzj0CAQYI\nKoZIzj0DAQcDQgAEjSwQosA6cHYx9dctjjzWML5F7s2URXKBxuyqrA5sFXcaqsdN\nYo93OTV+T01Yd7nz+C3RvC9QwXG++IH4Y0bj3qOBgTB/MB0GA1UdDgQWBBQOi6KQ\nSqcBPYAhsiI3kJ4OAti4RzAfBgNVHSMEGDAWgBQOi6KQSqcBPYAhsiI3kJ4OAti4\nRzAPBgNVHRMBAf8EBTADAQH/MCwGA1UdEQQlMCOCC2V4YW1wbGUub3Jngg0qLmV4\nYW1wbGUub3JnggVhLm9yZzAKBggqhkjOPQQDAgNIADBFAiAXwzNAdfhpSHjH3u2A\nrTpg29WgsmIEkIqLzno8g76ICgIhAJ3TiR5yCNRGOSopLI0wXhy8nsTvMYsbipul\nhDKlk6x9\n-----END CERTIFICATE-----\n";
    private static final String PRIVATE_KEY =
            "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGhlidy4QSJMhVCh8\n/ZDG1i+DKoPQA5lg8oswK9VRMumhRANCAASNLBCiwDpwdjH11y2OPNYwvkXuzZRF\ncoHG7KqsDmwVdxqqx01ij3c5NX5PTVh3ufP4LdG8L1DBcb74gfhjRuPe\n-----END PRIVATE KEY-----\n";
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(JsonSchema.text(), InputFormat.JSON);

    static List<String> schemaFaults(String yaml) {
        return SCHEMA.validate(yaml, InputFormat.YAML).stream()
                .map(Object::toString)
                .toList();
    }

    private static MemoryTree tree(String servicefile) {
        return MemoryTree.of(servicefile)
                .with("web.env", "A=b\n")
                .with("example.pem", CERTIFICATE)
                .with("example.key", PRIVATE_KEY)
                .with("common.Servicefile", "redis:\n")
                .with("templates/shop.Servicefile", "Parameters: {tag: }\nwebsite: {image: \"a:{{tag}}\"}\n");
    }

    private static String body(String example, String indent) {
        return example.startsWith("{") ? " " + example + "\n" : "\n" + indent + example + "\n";
    }

    static Stream<String> files() {
        Stream.Builder<String> files = Stream.builder();
        for (Key key : ServiceKeys.ALL) {
            if (key.supported()) {
                files.add("web:" + body(key.example(), "  "));
            }
        }
        for (Key key : Format.DOMAIN) {
            files.add("Name: shop\nweb: {port: 80}\nDomains:\n  example.org:" + body(key.example(), "    "));
        }
        for (Key key : DatabaseKeys.ALL) {
            files.add("postgres: {ports: {sql: 5432}}\ndb: {port: 5432}\nDatabases: {shop: " + key.example() + "}\n");
        }
        for (Key key : JobKeys.ALL) {
            files.add("web: {port: 80}\nExec: {Schema: " + key.example() + "}\n");
        }
        for (Key key : Format.SECTIONS) {
            boolean rollout = key.name().equals("Deployments");
            if (key.supported()) {
                String parameter = key.name().equals("Parameters")
                        ? "  labels: {tag: \"{{tag}}\"}\n"
                        : key.name().equals("Databases") ? "postgres:\n" : "";
                files.add(key.example() + "\n" + (rollout ? "" : "web:\n  port: 80\n" + parameter));
            }
        }
        nested(
                files,
                "health",
                "  health:\n    http: /up\n    EXAMPLE\n",
                HealthShape.KEYS,
                List.of("http", "tcp", "exec"));
        nested(files, "rollout", "  rollout:\n    EXAMPLE\n", RolloutShape.KEYS, List.of("steps"));
        nested(files, "stop", "  stop:\n    EXAMPLE\n", ServiceKeys.STOP, List.of());
        nested(files, "resources", "  resources:\n    EXAMPLE\n", ServiceKeys.RESOURCES, List.of());
        nested(files, "network", "  network:\n    EXAMPLE\n", NetworkShape.KEYS, List.of());
        nested(files, "logging", "  logging:\n    EXAMPLE\n", ServiceKeys.LOGGING, List.of());
        nested(
                files,
                "volumes",
                "  volumes:\n    data:\n      target: /d\n      EXAMPLE\n",
                VolumesShape.KEYS,
                List.of("target"));
        files.add("web:\n  rollout: {strategy: canary, steps: [5, {weight: 50, promote: true}, 100]}\n");
        files.add("web:\n  health: {exec: pg_isready}\n");
        files.add("web:\n  health: {http: /up}\n");
        return files.build();
    }

    private static void nested(
            Stream.Builder<String> files, String what, String frame, List<Key> keys, List<String> except) {
        for (Key key : keys) {
            if (!except.contains(key.name())) {
                String ports = what.equals("health") ? "  ports: {http: 80}\n" : "";
                files.add("web:\n" + ports + frame.replace("EXAMPLE", key.example()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void isReadWithoutFault(String file) {
        Loaded loaded = Servicefiles.load(tree(file), "Servicefile", LoadedFile.options());
        assertThat(loaded.deployments()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void isTakenByTheSchema(String file) {
        assertThat(schemaFaults(file)).isEmpty();
    }

    @Test
    void theExamplesOfParametersAndDeploymentsAreRead() {
        for (Key key : Format.PARAMETER) {
            String declared = "Parameters: {tag: {" + key.example() + "}}\nweb: {image: \"a:{{tag}}\"}\n";
            String value = key.name().equals("one_of") ? "small" : "1.4";
            LoadOptions options = LoadedFile.options(java.util.Map.of("tag", value), java.util.Map.of());
            assertThat(Servicefiles.load(MemoryTree.of(declared), "Servicefile", options)
                            .deployments())
                    .hasSize(1);
        }
        for (Key key : Format.DEPLOYMENT) {
            if (key.supported() && !key.name().equals("template")) {
                String tag = key.name().equals("with") ? "" : "with: {tag: a}, ";
                String file =
                        "Deployments: {shop: {template: templates/shop.Servicefile, " + tag + key.example() + "}}\n";
                assertThat(Servicefiles.load(tree(file), "Servicefile", LoadedFile.options())
                                .deployments())
                        .hasSize(1);
            }
        }
    }

    @Test
    void theSchemaRefusesSlips() {
        assertThat(schemaFaults("web: {imag: a}\n")).isNotEmpty();
        assertThat(schemaFaults("web: {privileged: yes please}\n")).isNotEmpty();
        assertThat(schemaFaults("web: {port: 99999}\n")).isNotEmpty();
        assertThat(schemaFaults("Domain: {}\n")).isNotEmpty();
        assertThat(schemaFaults("web: {health: {interval: 5}}\n")).isNotEmpty();
    }

    @Test
    void everyKeyHasAnExampleAndSaysWhatItDoes() {
        for (List<Key> keys : List.of(
                ServiceKeys.ALL,
                Format.SECTIONS,
                Format.DOMAIN,
                Format.DEPLOYMENT,
                Format.PARAMETER,
                HealthShape.KEYS,
                RolloutShape.KEYS)) {
            for (Key key : keys) {
                assertThat(key.says()).as(key.name()).isNotBlank();
                assertThat(key.example().isBlank()).as(key.name()).isEqualTo(!key.supported());
            }
        }
    }
}
