package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Compose files below {@code round-trip}, each with other corners of the format: imported, deployed, and every setting of
 * the containers compared with what docker-compose makes of the same file. What differs is in the import's report, or below
 * with its reason.
 */
@Tag("e2e")
class RoundTripTest {
    private static final Path FILES = Path.of("src/test/resources/round-trip");
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A difference that is meant.
     *
     * @param what a pattern for {@code service setting: Compose's value -> Portolan's}
     * @param why the reason, or what the report says of it
     * @param reported whether the report has to say this
     */
    private record Meant(String what, String why, boolean reported) {}

    /** In all files. */
    private static final List<Meant> EVERYWHERE = List.of(
            new Meant("\\S+ Config\\.Image: .*", "the same image, by its id", false),
            new Meant("\\S+ Config\\.Attach\\w+: .*", "of the client that made the container", false),
            new Meant("\\S+ Config\\.StopTimeout: .*", "Portolan says it with each stop", false),
            new Meant("\\S+ Config\\.Healthcheck\\..*", "Portolan checks itself, as health of the service says", false),
            new Meant("\\S+ HostConfig\\.PortBindings\\..*", "HAProxy publishes ports", false),
            new Meant("\\S+ Config\\.ExposedPorts\\..*", "HAProxy publishes ports", false),
            new Meant(
                    "\\S+ HostConfig\\.RestartPolicy\\.Name: (no)? -> unless-stopped",
                    "what is deployed runs on after a crash; restart: \"no\" is kept where the file has it",
                    false));

    private static final Map<String, List<Meant>> OF = Map.of(
            "limits",
            List.of(
                    new Meant("quota HostConfig\\.Cpu(Period|Quota): .*", "the same limit, as cpus", false),
                    new Meant("quota HostConfig\\.NanoCpus: .*", "the same limit, as cpus", false)),
            "order",
            List.of(new Meant("migrate containers: 1 -> 0", "it is a job, whose container is not an instance", false)));

    private static TrialSite site;

    @BeforeAll
    static void open() {
        site = TrialSite.open();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"variables", "commands", "limits", "hardened", "volumes", "order", "secrets"})
    void isWhatDockerComposeMakesOfIt(String name) {
        copy(FILES.resolve(name), site.folder().resolve(name));
        try {
            compose(name);
            Ran imported = site.run("import", name + "/compose.yaml", "-o", name + "/Servicefile");
            imported.exits(0);
            site.run("deploy", name + "/Servicefile", "--yes").exits(0);
            List<Meant> meant = new ArrayList<>(EVERYWHERE);
            List<Meant> own = OF.getOrDefault(name, List.of());
            meant.addAll(own);
            List<String> differences = differences(name);
            assertThat(differences.stream()
                            .filter(each -> meant.stream().noneMatch(one -> each.matches("(?s)" + one.what)))
                            .toList())
                    .as(site.read(name + "/Servicefile") + imported.err())
                    .isEmpty();
            for (Meant each : own) {
                assertThat(differences).as("still a difference").anyMatch(one -> one.matches("(?s)" + each.what));
                if (each.reported) {
                    assertThat(imported.err()).contains(each.why);
                }
            }
        } finally {
            remove("rm -f -v", site.engine().docker("ps", "-aq", "--filter", deployment(name)));
            remove("rm -f -v", site.engine().docker("ps", "-aq", "--filter", project(name)));
            remove("network rm", site.engine().docker("network", "ls", "-q", "--filter", project(name)));
            remove("volume rm", site.engine().docker("volume", "ls", "-q", "--filter", project(name)));
        }
    }

    private static String project(String name) {
        return "label=com.docker.compose.project=" + name;
    }

    private static String deployment(String name) {
        return "label=org.portolan.deployment=" + name;
    }

    private static void remove(String command, String ids) {
        if (!ids.isBlank()) {
            site.engine().docker((command + " " + ids.strip().replace("\n", " ")).split(" ", -1));
        }
    }

    private static void compose(String name) {
        Map<String, String> environment = new TreeMap<>(site.environment());
        Program.start(
                        site.folder().resolve(name),
                        environment,
                        List.of(
                                "docker-compose",
                                "-p",
                                name,
                                "--compatibility",
                                "up",
                                // Conditions of depends_on come true only where containers run.
                                name.equals("order") ? "-d" : "--no-start"))
                .end()
                .exits(0);
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static List<String> differences(String name) {
        Map<String, List<JsonNode>> theirs = containers(project(name), "com.docker.compose.service");
        Map<String, List<JsonNode>> ours = containers(deployment(name), "org.portolan.service");
        List<String> differences = new ArrayList<>();
        Set<String> services = new TreeSet<>(theirs.keySet());
        services.addAll(ours.keySet());
        for (String service : services) {
            List<JsonNode> one = theirs.getOrDefault(service, List.of());
            List<JsonNode> other = ours.getOrDefault(service, List.of());
            if (one.size() != other.size()) {
                differences.add(service + " containers: " + one.size() + " -> " + other.size());
            } else {
                differences.addAll(differences(service, one.getFirst(), other.getFirst()));
            }
        }
        return differences;
    }

    private static List<String> differences(String service, JsonNode theirs, JsonNode ours) {
        Map<String, String> one = new ContainerLeaves(theirs).leaves();
        Map<String, String> other = new ContainerLeaves(ours).leaves();
        Set<String> leaves = new TreeSet<>(one.keySet());
        leaves.addAll(other.keySet());
        List<String> differences = new ArrayList<>();
        for (String leaf : leaves) {
            String before = one.getOrDefault(leaf, "");
            String after = other.getOrDefault(leaf, "");
            boolean mounted = leaf.startsWith("Mount ") && after.isEmpty() && before.startsWith("bind");
            if (mounted && sameFiles(theirs, ours, leaf.substring("Mount ".length()))) {
                continue;
            }
            if (!before.equals(after)) {
                differences.add(service + " " + leaf + ": " + before + " -> " + after);
            }
        }
        return differences;
    }

    /** Whether what Compose mounts is a file, or a folder of files, that Portolan put into the container. */
    private static boolean sameFiles(JsonNode theirs, JsonNode ours, String target) {
        for (JsonNode mount : theirs.get("Mounts")) {
            if (!mount.get("Destination").asText().equals(target)) {
                continue;
            }
            Path source = Path.of(mount.get("Source").asText());
            try (Stream<Path> all = Files.walk(source)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    String below = source.relativize(file).toString();
                    String path = below.isEmpty() ? target : target + "/" + below;
                    String id = ours.get("Id").asText();
                    if (!site.engine()
                            .docker("exec", "-u", "0", id, "cat", path)
                            .equals(Files.readString(file))) {
                        return false;
                    }
                }
                return true;
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return false;
    }

    private static Map<String, List<JsonNode>> containers(String filter, String label) {
        String ids = site.engine().docker("ps", "-aq", "--filter", filter).strip();
        Map<String, List<JsonNode>> containers = new TreeMap<>();
        if (ids.isEmpty()) {
            return containers;
        }
        List<String> command = new ArrayList<>(List.of("inspect"));
        command.addAll(List.of(ids.split("\n", -1)));
        try {
            for (JsonNode each : JSON.readTree(site.engine().docker(command.toArray(String[]::new)))) {
                JsonNode labels = each.get("Config").get("Labels");
                if (labels.has("org.portolan.job")) {
                    continue;
                }
                String service = labels.path(label).asText();
                containers.computeIfAbsent(service, none -> new ArrayList<>()).add(each);
            }
            return containers;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
