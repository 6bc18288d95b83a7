package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.container.Container;
import org.portolan.model.labels.Labels;
import org.portolan.sim.SimSite;

/** Commands in containers. {@link AttachedThroughControllerTest} runs the same through a controller. */
class AttachedCommandsTest {
    @TempDir
    Path folder;

    SimSite site;
    SiteParts parts;

    @BeforeEach
    void deployed() {
        site = ChangingCommandsTest.shopSite();
        parts = parts(folder, site);
    }

    SiteParts parts(Path home, SimSite at) {
        return new SiteParts(home, at);
    }

    final List<Container> runs() {
        return site.engine.containers().stream()
                .filter(container -> !container.label(Labels.RUN).isEmpty())
                .toList();
    }

    @Test
    void inputGoesInAndComesOut() {
        // More than any buffer on the way, with letters of more than one byte.
        String much = "größe\n".repeat(50_000);
        CliRun run = parts.with(much, "", "exec", "-i", "web", "cat");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo(much);
        assertThat(run.status()).isZero();
        assertThat(parts.with("unread", "", "exec", "web", "cat").out()).isEmpty();
    }

    @Test
    void theOutputsAreToldApart() {
        CliRun run = parts.run("exec", "shop-web-2-1", "both");
        assertThat(run).isEqualTo(new CliRun(0, "to output\n", "to error\n"));
        assertThat(site.engine.attached.getLast().container).isEqualTo(id("shop-web-2-1"));
    }

    private String id(String name) {
        return site.engine.inspect(name).orElseThrow().id();
    }

    @Test
    void theStatusIsTheCommands() {
        assertThat(parts.run("exec", "web", "--", "exit", "3")).isEqualTo(new CliRun(3, "", ""));
        assertThat(parts.run("run", "web", "--", "exit", "7").status()).isEqualTo(7);
        assertThat(parts.run("exec", "web", "--", "exit", "0").status()).isZero();
    }

    @Test
    void theCommandGetsItsWordsAsTheyAre() {
        List<String> words = List.of("exit", "0", "", "a b", "$HOME", "--yes", "x".repeat(100_000));
        List<String> line = new java.util.ArrayList<>(List.of("exec", "web", "--"));
        line.addAll(words);
        assertThat(parts.run(line.toArray(String[]::new)).status()).isZero();
        assertThat(site.engine.attached.getLast().command).isEqualTo(words);
        assertThat(site.engine.attached.getLast().terminal).isFalse();
    }

    @Test
    void aRunHasASeparateContainerWhichGoesWithIt() {
        assertThat(parts.with("typed", "", "run", "web", "-i", "--", "cat")).isEqualTo(new CliRun(0, "typed", ""));
        assertThat(site.engine.attached.getLast().command).containsExactly("cat");
        assertThat(runs()).isEmpty();
        parts.run("exec", "-t", "web", "exit", "0");
        assertThat(site.engine.attached.getLast().terminal).isTrue();
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(parts.run("exec", "wob", "cat").status()).isEqualTo(2);
        CliRun run = parts.run("run", "wep", "cat");
        assertThat(run.err()).contains("deployment shop has no service wep", "did you mean web?");
        assertThat(run.status()).isEqualTo(2);
        assertThat(parts.run("-D", "blog", "run", "web", "cat").err()).contains("blog");
        CliRun typed = parts.run("exec", "-it", "web", "cat");
        assertThat(typed.status()).isEqualTo(2);
        assertThat(typed.err()).contains("standard input is not a terminal");
        assertThat(site.engine.attached).isEmpty();
    }
}
