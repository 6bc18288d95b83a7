package org.portolan.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.operate.Request;
import org.portolan.release.Outcome;

/**
 * Whole histories of releases with jobs and seeded faults: processes die at any step, calls fail or lose their answers, jobs
 * fail and hang, the store is flushed, the engine restarts. A job that was seen to be completed never starts again, no
 * instance of a version starts before its job is completed, a rollback starts none, and no two run at once. Replay one with
 * {@code -Dtest=JobHistoriesTest -Dhistory=SEED}.
 */
class JobHistoriesTest {
    private static final int HISTORIES = 400;
    private static final Map<String, Behaviour> JOBS = new TreeMap<>(Map.of(
            "quick", Behaviour.exitsAfter(Duration.ZERO, 0),
            "slow", Behaviour.exitsAfter(Duration.ofSeconds(8), 0),
            "fails", Behaviour.exitsAfter(Duration.ofMillis(700), 3).logging("no such table"),
            "hangs", Behaviour.GOOD,
            "nothing", Behaviour.startFails("no such file")));

    @ParameterizedTest(name = "histories {0}")
    @MethodSource("org.portolan.sim.SeededHistories#blocks")
    void promisesHold(int block) {
        SeededHistories.run(block, HISTORIES, History::new);
    }

    /** One history. */
    private static final class History implements SeededHistories.Seeded {
        private final Random random;
        private final SimSite site;
        private boolean faulty;
        private SimSite.Process process;

        History(long seed) {
            random = new Random(seed);
            site = new SimSite(seed);
            site.scatter(random);
            process = site.process();
            for (String tag : List.of("1", "2", "3")) {
                site.engine
                        .world()
                        .image("web:" + tag, Behaviour.healthyAfter(Duration.ofMillis(random.nextInt(2000))), 80);
            }
            site.engine.world().image("web:ill", Behaviour.exitsAfter(Duration.ofMillis(500), 3), 80);
            JOBS.forEach((command, behaviour) -> site.engine.world().job(command, behaviour));
        }

        @Override
        public SimSite site() {
            return site;
        }

        @Override
        public void run() {
            site.engine.faults(this::fate);
            for (int i = 0; i < 4; i++) {
                faulty = true;
                if (random.nextInt(4) == 0) {
                    site.store.flush();
                }
                if (random.nextInt(6) == 0) {
                    site.engine.world().restart();
                }
                String job = List.copyOf(JOBS.keySet()).get(random.nextInt(JOBS.size()));
                String tag = random.nextInt(4) == 0 ? "ill" : Integer.toString(1 + random.nextInt(3));
                Desired files = desired(tag, job);
                for (int tries = random.nextInt(3); tries >= 0; tries--) {
                    attempt(files);
                }
                if (random.nextInt(5) == 0) {
                    rollback();
                }
            }
            faulty = false;
            converge(desired("1", "slow"));
            // What the engine restarts by itself comes back after a pause, and then starts up.
            site.clock.advance(Duration.ofMinutes(2));
            assertThat(site.proxy.serving("shop", "web")).hasSize(2);
            assertThat(site.engine.world().jobsAgain()).isEmpty();
            assertThat(site.engine.world().all().stream()
                            .filter(container -> container.labels().containsKey(Labels.JOB)))
                    .as("what is left of jobs is completed")
                    .allMatch(container -> container.state() == Container.State.EXITED && container.exitCode() == 0);
        }

        private Fate fate(SimEngine.Call call) {
            if (call.verb().equals("start")) {
                check(call.subject());
            }
            if (call.verb().equals("observe") && random.nextInt(3) == 0) {
                process.progress();
            }
            if (!faulty) {
                return Fate.GOOD;
            }
            double draw = random.nextDouble();
            Duration takes = random.nextInt(20) == 0 ? Duration.ofMillis(random.nextInt(2000)) : Duration.ZERO;
            if (draw < 0.02) {
                return new Fate(Faults.What.CRASH_BEFORE, takes);
            }
            if (draw < 0.05 && call.changes()) {
                return new Fate(Faults.What.CRASH_AFTER, takes);
            }
            if (draw < 0.07) {
                return new Fate(Faults.What.FAILS, takes);
            }
            if (draw < 0.10 && call.changes()) {
                return new Fate(random.nextBoolean() ? Faults.What.ANSWER_LOST : Faults.What.TWICE, takes);
            }
            return new Fate(Faults.What.GOOD, takes);
        }

        private void check(String subject) {
            List<Container> all = site.engine.world().all();
            Container starting = all.stream()
                    .filter(container -> container.id().equals(subject))
                    .findFirst()
                    .orElse(null);
            if (starting == null || starting.state() == Container.State.RUNNING) {
                return;
            }
            String version = starting.label(Labels.VERSION);
            if (!starting.label(Labels.JOB).isEmpty()) {
                assertThat(all.stream()
                                .filter(other -> !other.id().equals(starting.id())
                                        && !other.label(Labels.JOB).isEmpty()
                                        && other.state() == Container.State.RUNNING))
                        .as("others that run beside %s", starting.name())
                        .isEmpty();
                Optional<DeploymentState.Running> running =
                        site.store.connect("looker").deployment("shop").flatMap(DeploymentState::running);
                assertThat(running.filter(DeploymentState.Running::back))
                        .as("%s starts in a rollback", starting.name())
                        .isEmpty();
            } else if (starting.state() == Container.State.CREATED) {
                assertThat(site.engine.world().jobCompleted("web/" + version + "/Schema"))
                        .as("%s starts after its job", starting.name())
                        .isTrue();
            }
        }

        private void attempt(Desired files) {
            process = site.process();
            try {
                process.deploy(files);
            } catch (Faults.Crash | Failure ended) {
                process.die();
            }
            assertThat(site.engine.world().jobsAgain()).isEmpty();
        }

        private void rollback() {
            process = site.process();
            try {
                process.perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
            } catch (Faults.Crash | Failure ended) {
                process.die();
            }
        }

        private void converge(Desired files) {
            List<String> failures = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                process = site.process();
                try {
                    if (process.deploy(files).kind() == Outcome.Kind.NO_CHANGES) {
                        return;
                    }
                } catch (Failure failure) {
                    failures.add(failure.what());
                    process.die();
                }
            }
            fail("it does not converge: %s", failures);
        }

        private static Desired desired(String tag, String job) {
            Map<String, Object> web = Map.of(
                    "image", "web:" + tag,
                    "ports", Map.of("http", 80L),
                    "health", Map.of("http", "/up", "deadline", "10s"),
                    "stop", Map.of("drain", "5s", "grace", "2s"),
                    "jobs", Map.of("Schema", Map.of("cmd", List.of(job), "timeout", "20s")));
            return SimSite.desired("shop", Map.of("web", web), Map.of("web", 2));
        }
    }
}
