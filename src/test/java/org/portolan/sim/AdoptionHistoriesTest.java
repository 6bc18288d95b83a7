package org.portolan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Adoption;
import org.portolan.model.state.DeploymentState;
import org.portolan.operate.Request;
import org.portolan.release.Outcome;

/**
 * Whole histories of deploys that take the place of a Compose project, with processes that die at any step and calls that fail.
 * Two containers never have the project's volume at once, nothing of the project is removed before a release in its place has
 * succeeded, what is not declared is never touched, and in the end either the deployment runs or the project as before.
 * Replay one with {@code -Dtest=AdoptionHistoriesTest -Dhistory=SEED}.
 */
class AdoptionHistoriesTest {
    private static final int HISTORIES = 400;
    private static final String VOLUME = "shop_data";

    @ParameterizedTest(name = "histories {0}")
    @MethodSource("org.portolan.sim.SeededHistories#blocks")
    void promisesHold(int block) {
        SeededHistories.run(block, HISTORIES, History::new);
    }

    /** One history. */
    private static final class History implements SeededHistories.Seeded {
        private final Random random;
        private final SimSite site;
        private final List<String> theirs;
        private final List<String> others;
        private boolean faulty;
        private SimSite.Process process;

        History(long seed) {
            random = new Random(seed);
            site = new SimSite(seed);
            site.scatter(random);
            process = site.process();
            site.engine.world().image("app:good", Behaviour.healthyAfter(Duration.ofMillis(random.nextInt(2000))), 80);
            site.engine.world().image("app:ill", Behaviour.exitsAfter(Duration.ofMillis(500), 3), 80);
            theirs = List.of(
                    site.engine.world().compose("shop", "db", VOLUME),
                    site.engine.world().compose("shop", "web", ""));
            others = List.of(
                    site.engine.world().compose("shop", "mail", ""),
                    site.engine.world().compose("blog", "db", "blog_data"));
        }

        @Override
        public SimSite site() {
            return site;
        }

        @Override
        public void run() {
            site.engine.faults(this::fate);
            for (int i = 0; i < 3; i++) {
                faulty = true;
                String image = random.nextInt(3) == 0 ? "app:ill" : "app:good";
                for (int tries = random.nextInt(3); tries >= 0; tries--) {
                    attempt(image, random.nextInt(4) != 0);
                }
                if (random.nextInt(6) == 0) {
                    rollback();
                }
                if (random.nextInt(8) == 0) {
                    site.engine.world().restart();
                    site.clock.advance(Duration.ofSeconds(10));
                }
            }
            faulty = false;
            boolean released = good();
            if (random.nextBoolean()) {
                converge();
                assertThat(site.proxy.serving("shop", "web")).hasSize(1);
                assertThat(theirs()).isEmpty();
            } else if (!released) {
                giveUp();
                assertThat(theirs())
                        .hasSize(2)
                        .allMatch(container -> container.state().up())
                        .allMatch(container -> container.restart().equals("unless-stopped"));
            }
            assertThat(site.engine.world().volumeNames()).contains(VOLUME);
            assertThat(all(others))
                    .hasSize(2)
                    .allMatch(container -> container.state().up());
            assertThat(site.engine.changes().stream().map(SimEngine.Call::subject))
                    .doesNotContainAnyElementsOf(others);
        }

        private Fate fate(SimEngine.Call call) {
            check(call);
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

        private void check(SimEngine.Call call) {
            assertThat(site.engine.world().all().stream()
                            .filter(container -> container.state().up()
                                    && container.volumes().containsValue(VOLUME))
                            .map(Container::name))
                    .as("have the volume at once, before %s", call)
                    .hasSizeLessThanOrEqualTo(1);
            if (call.verb().equals("remove") && theirs.contains(call.subject())) {
                assertThat(state().flatMap(DeploymentState::adoption).filter(Adoption::decided))
                        .as("%s is removed", call.subject())
                        .isPresent();
                assertThat(good()).isTrue();
            }
        }

        private Optional<DeploymentState> state() {
            return site.store.connect("looker").deployment("shop");
        }

        private boolean good() {
            return state().filter(state -> state.goodRelease() > 0).isPresent();
        }

        private List<Container> theirs() {
            return all(theirs);
        }

        private List<Container> all(List<String> ids) {
            return site.engine.world().all().stream()
                    .filter(container -> ids.contains(container.id()))
                    .toList();
        }

        private Outcome deploy(String image, boolean adopting) {
            Desired files = desired(image);
            Optional<String> project = adopting ? Optional.of("shop") : Optional.empty();
            return process.perform(
                    new Request.Apply(
                            files,
                            List.of(),
                            () -> List.of(files),
                            new Request.Apply.Terms(false, false, project, Optional.empty()),
                            SimSite.MANDATE),
                    process.options(() -> faulty && random.nextInt(400) == 0));
        }

        /** One that does not say so continues what was begun; anything else would need consent, which the tester gives. */
        private void attempt(String image, boolean adopting) {
            boolean begun = state().filter(state -> state.goodRelease() > 0
                            || (state.adoption().isPresent()
                                    && state.running()
                                            .filter(running -> !running.back())
                                            .isPresent()))
                    .isPresent();
            process = site.process();
            try {
                deploy(image, adopting || !begun);
            } catch (Faults.Crash | Failure ended) {
                process.die();
            }
        }

        private void rollback() {
            process = site.process();
            try {
                process.perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
            } catch (Faults.Crash | Failure ended) {
                process.die();
            }
        }

        private void converge() {
            for (int i = 0; i < 12; i++) {
                process = site.process();
                try {
                    if (deploy("app:good", true).kind() == Outcome.Kind.NO_CHANGES) {
                        return;
                    }
                } catch (Failure failure) {
                    process.die();
                }
            }
            throw new AssertionError("it does not converge");
        }

        /** A deploy that fails brings the project back. */
        private void giveUp() {
            process = site.process();
            try {
                deploy("app:ill", true);
            } catch (Failure failed) {
                process.die();
            }
        }

        private static Desired desired(String image) {
            Map<String, Object> db = Map.of(
                    "image", "app:good",
                    "ports", Map.of("sql", 80L),
                    "health", Map.of("http", "/up", "deadline", "10s"),
                    "stop", Map.of("drain", "1s", "grace", "2s"),
                    "volumes", Map.of("data", Map.of("target", "/data", "external", true, "source", VOLUME)));
            Map<String, Object> web = Map.of(
                    "image", image,
                    "ports", Map.of("http", 80L),
                    "require", List.of("db"),
                    "health", Map.of("http", "/up", "deadline", "10s"),
                    "stop", Map.of("drain", "1s", "grace", "2s"));
            return SimSite.desired("shop", Map.of("db", db, "web", web), Map.of());
        }
    }
}
