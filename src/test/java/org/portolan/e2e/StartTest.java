package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractListAssert;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That the packaged program finds its classes in its archive: from the jar they load some ten times as slowly. */
@Tag("e2e")
class StartTest {
    /** In a release some code runs only when calls end in one order and not in the other; a whole path has some hundred. */
    private static final int OCCASIONAL = 8;

    private static final String OPENS_A_JAR = "'java/util/zip/ZipFile$Source'";

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
        site.engine()
                .image(
                        "company/web",
                        Map.of(),
                        List.of("/bin/sh", "-c", "trap 'exit 0' TERM; httpd -f -p 80 & wait"),
                        List.of(80));
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @Test
    void aDeployFindsItsClassesInTheArchive() {
        releases("start", "");
    }

    /** The proxies' part, which is rehearsed where HAProxy and nginx are installed. */
    @Test
    void aDeployWithADomainFindsItsClassesInTheArchive() {
        releases("routed", "Domains: {routed.localhost: {http: web}}\n");
    }

    /** With a controller nearby, commands talk to it. */
    @Test
    void aDeployThroughTheControllerFindsItsClassesInTheArchive() {
        write("steered", "one", "");
        site.run("deploy", "steered").exits(0);
        Program controller = site.start("serve").printed("Controller leads");
        try {
            Waiting.until("it listens", () -> Files.exists(site.home().resolve("api.sock")));
            Waiting.until(
                    "it answers",
                    () -> site.run("scale", "-D", "steered", "web=1").status() == 0);
            assertThat(fromTheJar("steered", "No changes.")).as("no change").hasSizeLessThan(OCCASIONAL);
            assertThat(loaded())
                    .as("it goes through the controller")
                    .anyMatch(line -> line.contains(".remote.Following "));
            write("steered", "two", "");
            assertThat(fromTheJar("steered", "---> Released steered 2"))
                    .as("one service changed")
                    .hasSizeLessThan(OCCASIONAL);
        } finally {
            controller.signal("TERM");
            controller.end(Duration.ofSeconds(20));
        }
    }

    private static void releases(String name, String domains) {
        write(name, "one", domains);
        assertThat(fromTheJar(name, "---> Released " + name + " 1"))
                .as("first deploy")
                .hasSizeLessThan(OCCASIONAL);
        assertThat(fromTheJar(name, "No changes.")).as("no change").hasSizeLessThan(OCCASIONAL);
        makesNoCode("no change");
        write(name, "two", domains);
        assertThat(fromTheJar(name, "---> Released " + name + " 2"))
                .as("one service changed")
                .hasSizeLessThan(OCCASIONAL);
        if (domains.isEmpty()) {
            makesNoCode("one service changed");
        }
    }

    /** Some of the JDK's own are in no archive, each of which takes about a millisecond; code that is made takes longer. */
    private static void makesNoCode(String what) {
        assertThat(loaded().stream().filter(line -> !line.contains("shared objects file")))
                .as("made or loaded: " + what)
                .hasSizeLessThan(12)
                .noneMatch(line -> line.contains("$$TypeSwitch/"));
    }

    private static void write(String name, String value, String domains) {
        site.write(name + "/Servicefile", """
                Name: %s
                web:
                  image: %s
                %s  rollout: {min_healthy: 0s}
                  env: {VALUE: "%s"}
                %s""".formatted(
                        name,
                        domains.isEmpty() ? "company/idle" : "company/web",
                        domains.isEmpty() ? "" : "  port: 80\n",
                        value,
                        domains));
    }

    /**
     * The jar has 18,000 files, whose names are all read when it is opened, as it is when something is looked for that the archive
     * does not have, such as a library that is not there.
     */
    @Test
    void noCommandWaitsForTheJar() {
        initializes("--version").noneMatch(line -> line.contains(OPENS_A_JAR));
        initializes("validate", "closed").noneMatch(line -> line.contains(OPENS_A_JAR));
        site.run("deploy", "closed").exits(0);
        initializes("deploy", "closed")
                .anyMatch(line -> line.contains("by thread \"main\""))
                .noneMatch(line -> line.contains(OPENS_A_JAR) && line.contains("by thread \"main\""));
    }

    private static AbstractListAssert<?, List<? extends String>, String, ObjectAssert<String>> initializes(
            String... command) {
        write("closed", "one", "");
        site.startWith(
                        "PORTOLAN_JAVA_OPTS",
                        "-Xlog:class+init=info:file=" + site.folder().resolve("initialized"),
                        command)
                .end()
                .exits(0);
        List<String> lines = site.read("initialized").lines().toList();
        return assertThat(lines).as(String.join(" ", command)).anyMatch(line -> line.contains("org/portolan/cli/Cli'"));
    }

    /** Portolan's own classes that a deploy, which must say this, does not find in the archive. */
    private static List<String> fromTheJar(String name, String said) {
        site.startWith(
                        "PORTOLAN_JAVA_OPTS",
                        "-Xlog:class+load:file=" + site.folder().resolve("classes"),
                        "deploy",
                        name)
                .end()
                .exits(0)
                .prints(said);
        assertThat(loaded()).as("classes of the archive").anyMatch(line -> line.contains("shared objects file"));
        // The hidden classes of a switch over types are made by each JVM; nothing archives them.
        return loaded().stream()
                .filter(line -> line.contains(" org.portolan."))
                .filter(line -> !line.contains("shared objects file") && !line.contains("$$TypeSwitch/"))
                .toList();
    }

    private static List<String> loaded() {
        return site.read("classes")
                .lines()
                .filter(line -> line.contains(" source: "))
                .toList();
    }
}
