package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That the packaged program finds its classes in its archive: from the jar they load some ten times as slowly. */
@Tag("e2e")
class StartTest {
    private static TrialSite site;

    @BeforeAll
    static void open() {
        site = TrialSite.open();
        site.engine()
                .image(
                        "company/idle",
                        Map.of(),
                        List.of("/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"),
                        List.of());
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @Test
    void aDeployFindsItsClassesInTheArchive() {
        write("one");
        assertThat(fromTheJar("---> Released start 1")).as("first deploy").isEmpty();
        assertThat(fromTheJar("No changes.")).as("no change").isEmpty();
        write("two");
        assertThat(fromTheJar("---> Released start 2"))
                .as("one service changed")
                .isEmpty();
    }

    private static void write(String value) {
        site.write("start/Servicefile", """
                Name: start
                web:
                  image: company/idle
                  rollout: {min_healthy: 0s}
                  env: {VALUE: "%s"}
                """.formatted(value));
    }

    /** Portolan's own classes that a deploy, which must say this, does not find in the archive. */
    private static List<String> fromTheJar(String said) {
        site.startWith(
                        "PORTOLAN_JAVA_OPTS",
                        "-Xlog:class+load:file=" + site.folder().resolve("classes"),
                        "deploy",
                        "start")
                .end()
                .exits(0)
                .prints(said);
        List<String> lines = site.read("classes").lines().toList();
        assertThat(lines).as("classes of the archive").anyMatch(line -> line.contains("source: shared objects file"));
        // The hidden classes of a switch over types are made by each JVM itself; nothing archives them.
        return lines.stream()
                .filter(line -> line.contains(" org.portolan.") && line.contains("source: "))
                .filter(line -> !line.contains("shared objects file") && !line.contains("$$TypeSwitch/"))
                .toList();
    }
}
