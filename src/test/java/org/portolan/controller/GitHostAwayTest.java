package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.config.Configuration;
import org.portolan.config.Configurations;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Request;
import org.portolan.process.Home;
import org.portolan.query.ControllerStatus;
import org.portolan.sim.SimSite;
import org.portolan.source.GitSettings;
import org.portolan.source.Sources;
import org.portolan.source.git.GitProgram;
import org.portolan.source.git.GitSources;
import org.portolan.sync.SourceAccess;
import org.portolan.sync.SourceInputs;
import org.portolan.sync.SourceLoader;
import org.portolan.sync.SourceRequest;
import org.portolan.testing.FreePorts;

/** A real git daemon that is stopped and started again, and a controller on a simulated engine with virtual time. */
@Tag("real")
class GitHostAwayTest {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private final SimControl sim = new SimControl(3);
    private int port;
    private @Nullable Process daemon;
    private GitProgram work;

    @BeforeEach
    void prepare() throws IOException {
        port = FreePorts.next();
        work = GitProgram.repository(folder.resolve("work"));
        GitProgram.bare(folder.resolve("host/shop.git"));
        start();
    }

    @AfterEach
    void stop() {
        Process running = daemon;
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroy);
            running.destroy();
            running.onExit().join();
        }
    }

    private void start() throws IOException {
        Process started = new ProcessBuilder(
                        "git",
                        "daemon",
                        "--reuseaddr",
                        "--listen=127.0.0.1",
                        "--port=" + port,
                        "--export-all",
                        "--base-path=" + folder.resolve("host"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        daemon = started;
        long end = System.nanoTime() + 10_000_000_000L;
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                return;
            } catch (IOException notYet) {
                assertThat(started.isAlive())
                        .as(Files.readString(folder.resolve("log")))
                        .isTrue();
            }
        }
        throw new AssertionError("git daemon does not listen");
    }

    private String url() {
        return "git://127.0.0.1:" + port + "/shop.git";
    }

    private String push(String tag) {
        String commit = work.write(
                        "Servicefile",
                        "Name: shop\nweb:\n  image: web:" + tag + "\n  ports: {http: 80}\n  health: {http: /up}\n")
                .commit("web " + tag);
        work.run("push", "-q", folder.resolve("host/shop.git").toString(), "main");
        return commit;
    }

    private SourceLoader loader() {
        Map<String, String> environment =
                Map.of("PORTOLAN_SOURCES", "{shop: {url: \"" + url() + "\", ref: main}}", "HOME", folder.toString());
        Path state = folder.resolve("state");
        SourceAccess access = new SourceAccess() {
            @Override
            public Home home() {
                return Home.of(Map.of("PORTOLAN_HOME", state.toString()));
            }

            @Override
            public Configuration configuration() {
                return Configurations.read(environment, state);
            }

            @Override
            public Sources sources() {
                return new GitSources(GitSettings.of(state, environment));
            }
        };
        SourceLoader loader = new SourceLoader(access, environment, InstantSource.system(), warning -> {});
        FollowedSources followed =
                new FollowedSources(() -> access.configuration().sources(), state, loader);
        sim.otherReader = followed;
        sim.followed.clear();
        sim.followed.addAll(followed.all());
        return loader;
    }

    private void byHand(SourceLoader loader, String commit) {
        Desired mirrored = loader.automatic(
                        new SourceRequest.Place.Repository(url(), Optional.of(commit), ""),
                        Optional.empty(),
                        SourceInputs.NONE)
                .withOrigin()
                .getFirst();
        sim.site.process().perform(new Request.Apply(mirrored, List.of(), SimSite.MANDATE));
    }

    @Test
    void whatIsDeployedStaysAndWhatIsMirroredCanBeDeployedUntilTheHostIsBack() throws IOException {
        SourceLoader loader = loader();
        String first = push("1");
        Controller controller = sim.controller(sim.site.process());
        sim.pass(LONG, controller);
        assertThat(sim.running()).containsExactly("shop-web-1-1");
        String second = push("2");
        sim.pass(LONG, controller);
        assertThat(sim.running()).containsExactly("shop-web-2-1");

        stop();
        Instant away = sim.site.clock.instant();
        sim.pass(Duration.ofMinutes(30), controller);
        Standing source = sim.standing(Subject.SOURCE, "shop");
        assertThat(source.condition()).isEqualTo(Condition.FAILING);
        assertThat(source.what()).contains("cannot fetch " + url().replace(".git", ""), "the connection was refused");
        assertThat(source.since()).as("since when").isBetween(away, away.plus(Duration.ofMinutes(2)));
        assertThat(source.commit()).as("that was read last").isEqualTo(second);
        assertThat(new ControllerStatus(Optional.empty(), List.of(source), List.of()).words(Subject.SOURCE, "shop"))
                .singleElement()
                .satisfies(
                        words -> assertThat(words).startsWith("failing since ").contains("next attempt"));
        assertThat(sim.running()).containsExactly("shop-web-2-1");

        byHand(loader, first);
        sim.pass(LONG, controller);
        assertThat(sim.running()).as("back to what was mirrored before").containsExactly("shop-web-1-1");
        byHand(loader, second);
        sim.pass(LONG, controller);
        assertThat(sim.running()).as("the last commit that was mirrored").containsExactly("shop-web-2-1");

        push("3");
        start();
        sim.pass(Duration.ofMinutes(10), controller);
        assertThat(sim.running()).containsExactly("shop-web-3-1");
        assertThat(sim.standing(Subject.SOURCE, "shop").condition()).isEqualTo(Condition.OK);
    }
}
