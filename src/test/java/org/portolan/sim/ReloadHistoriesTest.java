package org.portolan.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
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
import org.portolan.model.container.ContainerFile;
import org.portolan.model.service.Desired;
import org.portolan.operate.Request;
import org.portolan.release.Outcome;

/**
 * Whole histories of files that running instances load, with seeded faults: processes die at any step, calls fail or lose
 * their answers, content is refused, hangs, or makes instances ill or end, versions change at the same time, the store is
 * flushed, the engine restarts, somebody edits a file in a container. What makes an instance ill reaches no second one, and at
 * the end each has loaded what the last good files say, without a new container for that. Replay one with
 * {@code -Dtest=ReloadHistoriesTest -Dhistory=SEED}.
 */
class ReloadHistoriesTest {
    private static final int HISTORIES = 400;
    private static final String CONF = "/etc/web/web.conf";
    private static final List<String> CONTENTS =
            List.of("one", "two", "three", "refused", "hangs", "breaks", "crashes");

    @ParameterizedTest(name = "histories {0}")
    @MethodSource("org.portolan.sim.SeededHistories#blocks")
    void promisesHold(int block) {
        SeededHistories.run(block, HISTORIES, History::new);
    }

    /** One history. */
    private static final class History implements SeededHistories.Seeded {
        private final Random random;
        private final SimSite site;
        private final String strategy;
        private final boolean readOnly;
        private boolean faulty;
        private SimSite.Process process;

        History(long seed) {
            random = new Random(seed);
            site = new SimSite(seed);
            site.scatter(random);
            process = site.process();
            strategy = List.of("rolling", "rolling", "recreate", "canary", "blue-green")
                    .get(random.nextInt(5));
            readOnly = random.nextInt(4) == 0;
            for (String tag : List.of("1", "2")) {
                site.engine
                        .world()
                        .image("web:" + tag, Behaviour.healthyAfter(Duration.ofMillis(random.nextInt(2000))), 80);
            }
        }

        @Override
        public SimSite site() {
            return site;
        }

        @Override
        public void run() {
            converge(desired("1", "one"));
            site.engine.faults(this::fate);
            for (int i = 0; i < 4; i++) {
                faulty = true;
                if (random.nextInt(4) == 0) {
                    site.store.flush();
                }
                if (random.nextInt(6) == 0) {
                    site.engine.world().restart();
                }
                if (random.nextInt(6) == 0) {
                    edit();
                }
                String content = CONTENTS.get(random.nextInt(CONTENTS.size()));
                Desired files = desired(random.nextInt(4) == 0 ? "2" : "1", content);
                for (int tries = random.nextInt(3); tries >= 0; tries--) {
                    attempt(files);
                }
                if (random.nextInt(5) == 0) {
                    rollback();
                }
            }
            faulty = false;
            converge(desired("1", "one"));
            assertLoaded("one");
            List<String> ids = ids();
            converge(desired("1", "two"));
            assertLoaded("two");
            assertThat(ids()).as("no container is replaced for a file").isEqualTo(ids);
            assertThat(site.proxy.serving("shop", "web")).hasSize(2);
        }

        private void assertLoaded(String content) {
            site.clock.advance(Duration.ofMinutes(2));
            List<Container> all = site.engine.world().all();
            assertThat(all).hasSize(2).allMatch(container -> container.state() == Container.State.RUNNING);
            assertThat(all)
                    .allMatch(container ->
                            site.engine.world().loaded(container.id(), CONF).equals(content));
            assertThat(all).allMatch(container -> container.restart().equals("unless-stopped"));
        }

        private List<String> ids() {
            return site.engine.world().all().stream().map(Container::id).toList();
        }

        private void edit() {
            site.engine.world().all().stream()
                    .filter(container -> container.state() == Container.State.RUNNING)
                    .findFirst()
                    .ifPresent(container -> {
                        boolean before = faulty;
                        faulty = false;
                        site.engine.put(
                                container.id(),
                                readOnly ? "/etc/web" : "/",
                                List.of(new ContainerFile(
                                        CONF, 0644, 0, 0, "by hand".getBytes(StandardCharsets.UTF_8))));
                        faulty = before;
                    });
        }

        private Fate fate(SimEngine.Call call) {
            if (call.verb().equals("reload")
                    && !strategy.equals("blue-green")
                    && site.engine.world().content(call.subject(), CONF).equals("breaks")) {
                assertThat(site.engine.world().all().stream()
                                .filter(container -> container.state() == Container.State.RUNNING)
                                .filter(container -> !container.id().equals(call.subject()))
                                .filter(container -> site.engine
                                        .world()
                                        .loaded(container.id(), CONF)
                                        .equals("breaks")))
                        .as("others that are ill of what is loaded by %s", call.subject())
                        .isEmpty();
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

        private void attempt(Desired files) {
            process = site.process();
            try {
                process.deploy(files);
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

        private Desired desired(String tag, String content) {
            Map<String, Object> web = new TreeMap<>(Map.of(
                    "image", "web:" + tag,
                    "ports", Map.of("http", 80L),
                    "health", Map.of("http", "/up", "deadline", "10s"),
                    "stop", Map.of("drain", "5s", "grace", "2s"),
                    "rollout",
                            strategy.equals("canary")
                                    ? Map.of(
                                            "strategy", strategy, "steps", List.of(Map.of("weight", 50L, "bake", "1s")))
                                    : Map.of("strategy", strategy),
                    "files", Map.of(CONF, Map.of("content", content, "reload", Map.of("signal", "HUP")))));
            if (readOnly) {
                web.put("read_only", true);
            }
            return SimSite.desired("shop", Map.of("web", web), Map.of("web", 2));
        }
    }
}
