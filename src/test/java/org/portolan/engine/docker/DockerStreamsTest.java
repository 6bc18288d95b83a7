package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.engine.sim.ScriptedStreams;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.testing.PrivateDocker;

/** Output, commands, events and signals on a real engine, and what happens when the engine hangs or goes away. */
@Tag("real")
class DockerStreamsTest {
    private static final PrivateDocker DOCKER = PrivateDocker.shared();
    private final Engine engine = connect(Duration.ofSeconds(20));

    private static Engine connect(Duration deadline) {
        return DockerEngine.connect(DockerEndpoint.unix(DOCKER.socket(), Path.of("/nonexistent")), deadline);
    }

    @AfterEach
    void clean() {
        engine.close();
        DOCKER.removeContainers();
    }

    private String run(String name, String script, Map<String, Object> keys) {
        String image = "streams/sh:1";
        DOCKER.image(image, Map.of(), List.of("sleep", "1000"), List.of());
        ServiceSpec service = ServiceSpec.from("web", Definition.of(keys));
        String id = engine.create(new ContainerSpec(
                name,
                service,
                image,
                Map.of(),
                PrivateDocker.sh(script),
                Optional.empty(),
                Map.of(Labels.INSTALLATION, "streams"),
                "",
                List.of(),
                List.of(),
                List.of(),
                "no"));
        engine.start(id);
        return id;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void follows_output_and_errors_until_the_end_of_the_container() throws Exception {
        String id = run("follow-1", "echo out; echo err >&2; sleep 0.5; echo late", Map.of());
        List<String> lines = new CopyOnWriteArrayList<>();
        try (AutoCloseable stream = engine.logs(
                id, Optional.empty(), 100, true, (at, error, text) -> lines.add((error ? "!" : "") + text))) {
            assertThat(stream).isNotNull();
            await(() -> lines.contains("late"));
        }
        assertThat(lines).containsExactlyInAnyOrder("out", "!err", "late");
        assertThat(engine.tail(id, 1)).containsExactly("late");
    }

    @Test
    void joins_a_line_that_the_engine_keeps_in_parts() throws Exception {
        String script =
                "i=0; while [ $i -lt 2500 ]; do printf '0123456789ABCDEF'; i=$((i+1)); done; echo end; echo next";
        for (Map<String, Object> keys : List.<Map<String, Object>>of(Map.of(), Map.of("docker", Map.of("Tty", true)))) {
            String id = run("long-" + keys.size(), script + "; sleep 100", keys);
            await(() -> engine.tail(id, 9).contains("next"));
            List<String> lines = new ArrayList<>();
            engine.logs(id, Optional.empty(), 100, false, (at, error, text) -> lines.add(text))
                    .close();
            assertThat(lines).containsExactly("0123456789ABCDEF".repeat(2500) + "end", "next");
        }
    }

    @Test
    void gives_only_what_came_since_a_moment() throws Exception {
        String id = run("since-1", "echo one; echo two; echo three; sleep 100", Map.of());
        await(() -> engine.tail(id, 9).size() == 3);
        List<Instant> times = new ArrayList<>();
        List<String> all = new ArrayList<>();
        engine.logs(id, Optional.empty(), 9, false, (at, error, text) -> {
                    times.add(at);
                    all.add(text);
                })
                .close();
        assertThat(all).containsExactly("one", "two", "three");
        List<String> rest = new ArrayList<>();
        engine.logs(id, Optional.of(times.get(1)), 0, false, (at, error, text) -> rest.add(text))
                .close();
        assertThat(rest).containsExactly("three");
    }

    @Test
    void reads_a_terminals_output() throws Exception {
        String id = run("tty-1", "echo seen; sleep 100", Map.of("docker", Map.of("Tty", true)));
        await(() -> engine.tail(id, 5).equals(List.of("seen")));
    }

    @Test
    void a_log_that_the_driver_does_not_keep_is_said() {
        String id = run("none-1", "echo lost; sleep 100", Map.of("logging", Map.of("driver", "none")));
        assertThatThrownBy(() -> engine.tail(id, 5))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("the log driver `none` does not support reading logs");
    }

    @Test
    void a_command_gives_output_and_status() {
        String id = run("exec-1", "sleep 100", Map.of());
        Engine.ExecResult result =
                engine.exec(id, List.of("sh", "-c", "echo a; echo b >&2; exit 7"), Duration.ofSeconds(10));
        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.output()).contains("a\n").contains("b\n");
        assertThat(engine.exec(id, List.of("no-such-command"), Duration.ofSeconds(10))
                        .exitCode())
                .isIn(126, 127);
    }

    @Test
    void a_commands_variables_are_in_no_list_of_processes() {
        String id = run("exec-2", "sleep 100", Map.of());
        Engine.ExecResult result = engine.exec(
                id,
                List.of(
                        "sh",
                        "-c",
                        "echo ${HOSTNAME:+service} $SECRET; tr '\\0' ' ' < /proc/self/cmdline; cat /proc/$$/cmdline"),
                Map.of("SECRET", "it's $x"),
                Duration.ofSeconds(10));
        assertThat(result.output()).startsWith("service it's $x\n");
        assertThat(result.output().lines().skip(1)).noneMatch(line -> line.contains("it's"));
    }

    @Test
    void a_command_that_takes_too_long_is_left_with_status_124() {
        String id = run("slow-1", "sleep 100", Map.of());
        long start = System.nanoTime();
        Engine.ExecResult result = engine.exec(id, List.of("sh", "-c", "echo begun; sleep 30"), Duration.ofMillis(700));
        assertThat(result.exitCode()).isEqualTo(124);
        assertThat(result.output()).isEqualTo("begun\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void a_commands_output_is_bounded() {
        String id = run("much-1", "sleep 100", Map.of());
        Engine.ExecResult result =
                engine.exec(id, List.of("sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x"), Duration.ofSeconds(20));
        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).hasSize(64 << 10);
    }

    @Test
    void attaches_input_output_and_errors_to_a_command() {
        String id = run("attach-1", "sleep 100", Map.of());
        ScriptedStreams streams = new ScriptedStreams("typed\n");
        int status = engine.attach(id, List.of("sh", "-c", "cat; echo oh >&2; exit 5"), streams);
        assertThat(status).isEqualTo(5);
        assertThat(streams.out()).isEqualTo("typed\n");
        assertThat(streams.err()).isEqualTo("oh\n");
    }

    @Test
    void another_signal_than_the_containers_own_is_sent_and_the_policy_kept() {
        String id = run("signal-1", "trap 'exit 9' USR1; while :; do sleep 0.05; done", Map.of());
        engine.setRestart(id, "always");
        engine.exec(id, List.of("sleep", "0.3"), Duration.ofSeconds(5));
        engine.stop(id, Optional.of("SIGUSR1"), Duration.ofSeconds(5));
        assertThat(engine.inspect(id).orElseThrow().state())
                .isEqualTo(org.portolan.model.container.Container.State.EXITED);
        assertThat(engine.inspect(id).orElseThrow().exitCode()).isEqualTo(9);
        assertThat(DOCKER.docker("inspect", "-f", "{{.HostConfig.RestartPolicy.Name}}", "signal-1")
                        .strip())
                .isEqualTo("always");
    }

    @Test
    void a_stop_may_take_longer_than_the_deadline_of_calls() {
        String id = run("grace-1", "trap 'sleep 3; exit 0' TERM; while :; do sleep 0.05; done", Map.of());
        try (Engine hasty = connect(Duration.ofSeconds(2))) {
            hasty.exec(id, List.of("sleep", "0.3"), Duration.ofSeconds(5));
            hasty.stop(id, Optional.empty(), Duration.ofSeconds(10));
            assertThat(hasty.inspect(id).orElseThrow().exitCode()).isZero();
        }
    }

    @Test
    void a_command_that_the_image_lacks_is_refused_at_the_start_with_the_engines_words() {
        DOCKER.image("streams/sh:1", Map.of(), List.of("sleep", "1000"), List.of());
        String id = engine.create(new ContainerSpec(
                "lacks-1",
                ServiceSpec.from("web", Definition.of(Map.of())),
                "streams/sh:1",
                Map.of(),
                List.of("/no/such/program"),
                Optional.empty(),
                Map.of(),
                "",
                List.of(),
                List.of(),
                List.of(),
                "no"));
        assertThatThrownBy(() -> engine.start(id)).isInstanceOfSatisfying(EngineException.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.REFUSED);
            assertThat(refused.what()).contains("/no/such/program");
        });
    }

    @Test
    void calls_go_on_beside_many_open_streams() throws Exception {
        String id = run("many-1", "echo hello; sleep 100", Map.of());
        List<AutoCloseable> streams = new ArrayList<>();
        List<String> lines = new CopyOnWriteArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                streams.add(engine.logs(id, Optional.empty(), 9, true, (at, error, text) -> lines.add(text)));
            }
            await(() -> lines.size() == 60);
            long start = System.nanoTime();
            engine.observe();
            engine.inspect(id);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        } finally {
            for (AutoCloseable stream : streams) {
                stream.close();
            }
        }
    }

    @Test
    void a_frozen_engine_meets_the_deadline_and_a_thawed_one_answers_again() {
        try (Engine hasty = connect(Duration.ofMillis(500))) {
            hasty.observe();
            DOCKER.freeze();
            try {
                long start = System.nanoTime();
                assertThatThrownBy(hasty::observe).isInstanceOfSatisfying(EngineException.class, gone -> {
                    assertThat(gone.reason()).isEqualTo(Reason.UNREACHABLE);
                    assertThat(gone.what()).contains("did not answer").contains("500ms");
                });
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            } finally {
                DOCKER.thaw();
            }
        }
        engine.observe();
    }

    @Test
    void events_go_on_after_the_engine_was_gone() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (AutoCloseable stream = engine.events(event -> told.add(event.action()))) {
            assertThat(stream).isNotNull();
            Thread.sleep(300);
            String id = run("events-1", "sleep 100", Map.of());
            await(() -> told.contains("start"));
            engine.exec(id, List.of("true"), Duration.ofSeconds(5));
            DOCKER.docker("run", "--rm", DOCKER.busybox(), "true");
            DOCKER.restart();
            await(() -> told.contains("reconnected"));
            engine.remove("events-1", true);
            await(() -> told.contains("destroy"));
        }
        assertThat(told).containsOnlyOnce("create", "start", "die", "reconnected", "destroy");
        assertThat(told).noneMatch(action -> action.startsWith("exec"));
    }

    @Test
    void an_engine_that_goes_away_in_the_middle_is_unreachable_and_found_again() {
        String id = run("gone-1", "sleep 100", Map.of());
        Thread killer = Thread.ofPlatform().start(() -> {
            try {
                Thread.sleep(700);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            DOCKER.crash();
        });
        try {
            assertThatThrownBy(() -> engine.stop(id, Optional.empty(), Duration.ofSeconds(30)))
                    .isInstanceOfSatisfying(EngineException.class, gone -> assertThat(gone.reason())
                            .isEqualTo(Reason.UNREACHABLE));
            assertThatThrownBy(engine::observe)
                    .isInstanceOfSatisfying(EngineException.class, gone -> assertThat(gone.reason())
                            .isEqualTo(Reason.UNREACHABLE));
            killer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            DOCKER.restart();
        }
        assertThat(engine.observe().containers()).hasSize(1);
    }
}
