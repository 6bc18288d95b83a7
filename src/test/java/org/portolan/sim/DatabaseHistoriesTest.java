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
import org.portolan.engine.sim.SimDatabases;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.operate.Request;
import org.portolan.release.Outcome;

/**
 * Whole histories of releases with a database and seeded faults: processes die at any step, calls fail or lose their answers,
 * the server starts slowly, passwords are rotated, releases fail, roll back and are rolled back, the store is flushed. No
 * instance starts on the way forward with a password that the server refuses, or before its database is made; in the end
 * instances and server agree. Replay one with {@code -Dtest=DatabaseHistoriesTest -Dhistory=SEED}.
 */
class DatabaseHistoriesTest {
    private static final int HISTORIES = 400;
    private static final String PASSWORD = "Database_shop";
    private static final String VARIABLE = "PGPASSWORD";

    @ParameterizedTest(name = "histories {0}")
    @MethodSource("org.portolan.sim.SeededHistories#blocks")
    void promisesHold(int block) {
        SeededHistories.run(block, HISTORIES, History::new);
    }

    /** One history. */
    private static final class History implements SeededHistories.Seeded {
        private final Random random;
        private final SimSite site;
        private final SimDatabases server;
        private boolean faulty;
        private boolean flushed;
        private SimSite.Process process;

        History(long seed) {
            random = new Random(seed);
            site = new SimSite(seed);
            site.scatter(random);
            process = site.process();
            server = site.engine.world().databases();
            if (random.nextBoolean()) {
                server.acceptsBoth();
            }
            for (String tag : List.of("1", "2", "3")) {
                site.engine
                        .world()
                        .image("web:" + tag, Behaviour.healthyAfter(Duration.ofMillis(random.nextInt(2000))), 80);
            }
            site.engine.world().image("web:ill", Behaviour.exitsAfter(Duration.ofMillis(500), 3), 80);
            site.engine.world().image("postgres:1", Behaviour.healthyAfter(Duration.ofMillis(500)), 5432);
            site.engine.world().job("migrate", Behaviour.exitsAfter(Duration.ofMillis(900), 0));
        }

        @Override
        public SimSite site() {
            return site;
        }

        @Override
        public void run() {
            site.engine.faults(this::fate);
            for (int i = 0; i < 5; i++) {
                faulty = true;
                if (random.nextInt(4) == 0) {
                    server.startsSlowly(random.nextInt(6));
                }
                if (random.nextInt(5) == 0 && agreed()) {
                    site.store.flush();
                    flushed = true;
                }
                String tag = random.nextInt(4) == 0 ? "ill" : Integer.toString(1 + random.nextInt(3));
                for (int tries = random.nextInt(3); tries >= 0; tries--) {
                    attempt(desired(tag));
                }
                if (random.nextInt(2) == 0) {
                    request(new Request.RotateSecret("shop", PASSWORD, SimSite.MANDATE));
                }
                if (random.nextInt(5) == 0) {
                    request(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
                }
            }
            faulty = false;
            converge(desired("1"));
            assertThat(site.proxy.serving("shop", "web")).hasSize(2);
            assertThat(server.databases()).containsExactly("shop");
            assertThat(given()).containsExactly(server.users().get("shop"));
            if (!flushed) {
                assertThat(site.process().installation.store().generated("shop").getOrDefault(PASSWORD, List.of()))
                        .last()
                        .satisfies(newest -> assertThat(server.users()).containsEntry("shop", newest.text()));
            }
        }

        private List<String> given() {
            return site.engine.world().all().stream()
                    .filter(container -> container.name().startsWith("shop-web-"))
                    .filter(container -> container.state() == Container.State.RUNNING)
                    .map(container -> password(container.id()))
                    .distinct()
                    .toList();
        }

        /** A question of the test, which nothing befalls. */
        private String password(String container) {
            boolean before = faulty;
            faulty = false;
            try {
                return site.engine.made(container).orElseThrow().env().getOrDefault(VARIABLE, "");
            } finally {
                faulty = before;
            }
        }

        /** A store that is lost while containers and server disagree takes the password with it: nobody can know it. */
        private boolean agreed() {
            return site.store
                            .connect("looker")
                            .deployment("shop")
                            .filter(state -> state.running().isEmpty())
                            .isPresent()
                    && given().size() == 1
                    && given().getFirst().equals(server.users().get("shop"));
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
            Container starting = site.engine.world().all().stream()
                    .filter(container -> container.id().equals(subject))
                    .filter(container -> container.state() == Container.State.CREATED)
                    .filter(container -> container.label(Labels.SERVICE).equals("web"))
                    .findFirst()
                    .orElse(null);
            boolean back = site.store
                    .connect("looker")
                    .deployment("shop")
                    .flatMap(DeploymentState::running)
                    .filter(DeploymentState.Running::back)
                    .isPresent();
            if (starting != null && !back) {
                assertThat(server.databases()).as("%s starts", starting.name()).containsExactly("shop");
                assertThat(server.accepts("shop", password(starting.id())))
                        .as("%s starts with a password that works", starting.name())
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
        }

        private void request(Request request) {
            process = site.process();
            try {
                process.perform(request);
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

        private static Desired desired(String tag) {
            Map<String, Object> database = Map.of(
                    "in", "db", "type", "mariadb", "user", "shop", "database", "shop", "password", "{Database_shop}");
            Map<String, Object> web = Map.of(
                    "image", "web:" + tag,
                    "ports", Map.of("http", 80L),
                    "health", Map.of("http", "/up", "deadline", "10s"),
                    "stop", Map.of("drain", "5s", "grace", "2s"),
                    "require", List.of("db"),
                    "inherited_env", Map.of(VARIABLE, "{Database_shop}"),
                    "databases", Map.of("shop", database),
                    "jobs", Map.of("Schema", Map.of("cmd", List.of("migrate"))));
            Map<String, Object> db = Map.of(
                    "image", "postgres:1",
                    "ports", Map.of("", 5432L),
                    "health", Map.of("exec", List.of("ready"), "deadline", "10s"));
            Desired plain = SimSite.desired("shop", Map.of("web", web, "db", db), Map.of("web", 2));
            return new Desired(
                    "shop",
                    plain.origin(),
                    plain.services(),
                    List.of(),
                    "",
                    new TreeMap<>(Map.of(PASSWORD, new GenerateSpec(GenerateSpec.Kind.PASSWORD, 32))),
                    new TreeMap<>());
        }
    }
}
