package org.portolan.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.importer.Imported;
import org.portolan.importer.Imports;
import org.portolan.importer.NoFiles;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.importer.draft.Remark;
import org.portolan.model.Problem;
import org.portolan.model.container.Inspection;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.source.Located;

/**
 * What becomes of containers as Compose makes them (of its present form, and of docker-compose 1.29): it is valid, it is what
 * was reviewed, and nothing is dropped silently.
 */
class RunningImportTest {
    private static final Path ROOT = Path.of("src/test/resources/import/running");

    /** What says nothing of the user's, or of another copy of the same service only. */
    private static final Set<String> NOT_THE_USERS = Set.of(
            "Id",
            "Created",
            "Driver",
            "Platform",
            "RestartCount",
            "NetworkID",
            "IPAddress",
            "Running",
            "AttachStdin",
            "AttachStdout",
            "AttachStderr",
            "StdinOnce",
            "Volumes",
            "Binds",
            "ContainerIDFile",
            "ConsoleSize",
            "MaskedPaths",
            "ReadonlyPaths",
            "Cgroup",
            "OnBuild");

    @ParameterizedTest
    @ValueSource(strings = {"current", "old"})
    void isAcceptedByValidate(String sample) {
        for (boolean separate : new boolean[] {true, false}) {
            Imported imported = translate(sample, read(sample), separate);
            Map<String, String> files = new LinkedHashMap<>();
            imported.draft().files().forEach((name, lines) -> files.put(name, lines.text()));
            SourceId source = new SourceId("/test", "Servicefile");
            Located beside =
                    new Located(new NoFiles(), "Servicefile", source, () -> Origin.of(source), Optional::empty);
            // The one image without a name is reported, and left to the person.
            String text = imported.draft().text();
            assertThat(new ImportCheck(ImportSample.SECRET_NAMES)
                            .check(text, files, beside).stream()
                                    .filter(Problem::isError)
                                    .map(Problem::render))
                    .as(text)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"current", "old"})
    void becomesWhatWasReviewed(String sample) throws IOException {
        Path expected = ROOT.resolve(sample).resolve("expected.txt");
        String shown = shown(translate(sample, read(sample), true));
        if (System.getProperty("update") != null) {
            Files.writeString(expected, shown);
        }
        assertThat(shown).isEqualTo(Files.readString(expected));
    }

    @Test
    void noSecretIsInTheServicefile() {
        assertThat(translate("current", read("current"), true).draft().text()).doesNotContain("s3cret");
        assertThat(translate("old", read("old"), true).draft().text()).doesNotContain("hunter2");
    }

    /** Every value of a container matters: when it is another, so is what is made of it, or what is said of it. */
    @ParameterizedTest
    @ValueSource(strings = {"current", "old"})
    void dropsNothingSilently(String sample) {
        Imported imported = translate(sample, read(sample), true);
        String before = shown(imported);
        List<String> dropped = new ArrayList<>();
        int containers = read(sample).size();
        for (int i = 0; i < containers; i++) {
            Object container = read(sample).get(i).get("container");
            List<List<Object>> leaves = new ArrayList<>();
            collect(container, List.of(), leaves);
            for (List<Object> path : leaves) {
                List<Map<String, Object>> other = read(sample);
                change(other.get(i).get("container"), path);
                if (matters(i, path)
                        && !isReported(imported, (Map<?, ?>) container, path)
                        && shown(translate(sample, other, true)).equals(before)) {
                    dropped.add(i + " " + path);
                }
            }
        }
        assertThat(dropped).isEmpty();
    }

    /** Whether the report names the whole field of the container as missing. */
    private static boolean isReported(Imported imported, Map<?, ?> container, List<Object> path) {
        String field = path.get(0) + "." + (path.size() > 1 ? path.get(1) : "");
        String name = String.valueOf(container.get("Name")).substring(1);
        return imported.remarks().stream()
                .anyMatch(remark -> remark.kind() == Remark.Kind.LOST
                        && remark.at().file().equals(name)
                        && remark.subject().equals(field));
    }

    /** What says the same in another place, or says nothing for what it is changed to. */
    private static boolean matters(int container, List<Object> path) {
        String text = path.toString();
        boolean oneOff = container == 5;
        boolean replica = container == 1 && (text.contains("PortBindings") || text.equals("[Name]"));
        boolean unlimited = (container == 4 || container == 6 || container == 2) && text.endsWith("MaximumRetryCount]");
        // A job has the file system and the network of the service in whose version it runs.
        boolean job = container == 4 && (text.contains("ReadonlyRootfs") || text.contains("Aliases"));
        boolean byChance = container == 2 && text.contains("9000/tcp");
        return path.stream().noneMatch(part -> part instanceof String key && NOT_THE_USERS.contains(key))
                && !oneOff
                && !replica
                && !unlimited
                && !job
                && !byChance
                && !(text.contains("com.docker.compose.") && !text.contains("depends_on"))
                && !text.matches("\\[(Image|State, .*|HostConfig, (NetworkMode|Mounts.*)|Mounts.*(Source|Driver))]")
                && !text.matches(".*(Mounts, 3, RW|IPv4Address)]");
    }

    private static void collect(Object node, List<Object> path, List<List<Object>> leaves) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> collect(value, with(path, key), leaves));
        } else if (node instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(list.get(i), with(path, i), leaves);
            }
        } else {
            leaves.add(path);
        }
    }

    private static List<Object> with(List<Object> path, Object key) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    @SuppressWarnings("unchecked")
    private static void change(Object node, List<Object> path) {
        Object key = path.getFirst();
        Object inner = node instanceof Map<?, ?> map ? map.get(key) : ((List<?>) node).get((Integer) key);
        if (path.size() > 1) {
            change(inner, path.subList(1, path.size()));
            return;
        }
        Object other =
                switch (inner) {
                    case Boolean flag -> !flag;
                    case Number number -> number.longValue() + 1_000_000_000L;
                    default -> "x" + inner;
                };
        if (node instanceof Map) {
            ((Map<Object, Object>) node).put(key, other);
        } else {
            ((List<Object>) node).set((Integer) key, other);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> read(String sample) {
        try {
            return new ObjectMapper()
                    .readValue(ROOT.resolve(sample).resolve("project.json").toFile(), List.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @SuppressWarnings("unchecked")
    private static Imported translate(String sample, List<Map<String, Object>> containers, boolean separate) {
        List<Inspection> found = containers.stream()
                .map(each -> new Inspection(
                        (Map<String, Object>) each.get("container"), (Map<String, Object>) each.get("image")))
                .toList();
        ImportOptions options = new ImportOptions(
                Optional.empty(),
                "/srv/x",
                "",
                Optional.empty(),
                separate,
                ImportSample.SECRET_NAMES,
                Map.of(),
                Optional.empty());
        return Imports.running(sample.equals("old") ? "blog" : "notes", found, options);
    }

    private static String shown(Imported imported) {
        StringBuilder text = new StringBuilder(imported.draft().text());
        imported.draft()
                .files()
                .forEach((name, lines) ->
                        text.append("--- ").append(name).append('\n').append(lines.text()));
        for (Remark.Kind kind : Remark.Kind.values()) {
            text.append("--- ").append(kind.words()).append('\n');
            imported.remarks().stream()
                    .filter(remark -> remark.kind() == kind)
                    .forEach(remark -> text.append(remark.render()).append('\n'));
        }
        return text.toString();
    }
}
