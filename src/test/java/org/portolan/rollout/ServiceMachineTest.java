package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.engine.Container;
import org.portolan.model.Definition;
import org.portolan.model.InstanceId;
import org.portolan.model.ServiceSpec;
import org.portolan.model.ServiceSpec.Strategy;
import org.portolan.plan.Goal.ServiceGoal;
import org.portolan.proxy.DeploymentRoutes;

/** The state machine against a toy world that obeys it slowly and in random order. */
class ServiceMachineTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** A container of the toy world. */
    private static final class Toy {
        final InstanceId id;
        Container.State state = Container.State.CREATED;
        int healthyIn = -1;
        boolean trial;
        boolean kept;
        Wish wish;
        int acknowledgedIn;
        Instant wishSince = START;
        int sessions;

        Toy(InstanceId id) {
            this.id = id;
        }

        boolean acknowledged() {
            return acknowledgedIn <= 0;
        }

        InstanceView view(boolean fails) {
            boolean healthy = state == Container.State.RUNNING && healthyIn == 0 && !fails;
            Optional<String> failure =
                    fails && state != Container.State.CREATED ? Optional.of("fails") : Optional.empty();
            return new InstanceView(
                    id,
                    id.name(),
                    state,
                    healthy,
                    failure,
                    trial,
                    kept,
                    true,
                    new InstanceView.Route(
                            Optional.ofNullable(wish), acknowledged(), sessions, Optional.of(wishSince)));
        }
    }

    /** The world: containers that take random times to do what they are told. */
    private static final class World {
        final Random random;
        final Map<InstanceId, Toy> toys = new TreeMap<>();
        final ServiceSpec spec;
        int failingVersion = -1;
        Instant now = START;
        Journal journal = Journal.START;
        int mostAlive;
        int fewestServing = Integer.MAX_VALUE;

        World(long seed, ServiceSpec spec) {
            random = new Random(seed);
            this.spec = spec;
        }

        void serving(int version, int count) {
            for (int n = 1; n <= count; n++) {
                Toy toy = new Toy(new InstanceId("shop", "web", version, n));
                toy.state = Container.State.RUNNING;
                toy.healthyIn = 0;
                toy.wish = Wish.READY;
                toys.put(toy.id, toy);
            }
        }

        List<InstanceView> views() {
            return toys.values().stream()
                    .map(toy -> toy.view(toy.id.version() == failingVersion))
                    .toList();
        }

        long serving() {
            return views().stream()
                    .filter(view ->
                            view.serving() && view.route().wish().orElseThrow().weight() > 0)
                    .count();
        }

        /** One round; returns the decision. */
        ServiceDecision round(int version, int scale, boolean forward) {
            now = now.plusMillis(500);
            for (Toy toy : toys.values()) {
                toy.healthyIn = Math.max(toy.state == Container.State.RUNNING ? 0 : -1, toy.healthyIn - 1);
                toy.acknowledgedIn--;
                toy.sessions = Math.max(0, toy.sessions - random.nextInt(2));
            }
            ServiceGoal goal =
                    new ServiceGoal("web", version, true, "hash" + version, Definition.of(Map.of()), spec, scale);
            ServiceDecision decision =
                    ServiceMachine.decide("shop", goal, views(), Set.of(), journal, Gates.NONE, forward, now);
            decision.journal().ifPresent(next -> journal = next);
            route(decision);
            for (Step step : decision.steps()) {
                if (random.nextInt(3) > 0) {
                    act(step);
                }
            }
            mostAlive = Math.max(mostAlive, (int)
                    views().stream().filter(InstanceView::running).count());
            fewestServing = Math.min(fewestServing, (int) serving());
            return decision;
        }

        private void route(ServiceDecision decision) {
            for (Toy toy : toys.values()) {
                Wish next = decision.wishes().get(toy.id);
                boolean changed =
                        next == null ? toy.wish != null : toy.wish == null || next.state() != toy.wish.state();
                if (changed) {
                    toy.wishSince = now;
                    toy.acknowledgedIn = random.nextInt(3);
                    toy.sessions = next != null && next.state() == DeploymentRoutes.State.DRAIN
                            ? random.nextInt(4)
                            : toy.sessions;
                }
                toy.wish = next;
            }
        }

        private void act(Step step) {
            switch (step) {
                case Step.Create create -> toys.put(create.instance(), new Toy(create.instance()));
                case Step.Start start -> {
                    Toy toy = toys.get(start.instance());
                    toy.state = Container.State.RUNNING;
                    toy.healthyIn = 1 + random.nextInt(4);
                    toy.trial = true;
                }
                case Step.KeepRunning keep -> toys.get(keep.instance()).kept = true;
                case Step.Stop stop -> {
                    Toy toy = toys.get(stop.instance());
                    boolean drained = toy.wish == null
                            || (toy.wish.state() == DeploymentRoutes.State.MAINT
                                    && (toy.sessions == 0 || now.isAfter(toy.wishSince)));
                    assertThat(drained)
                            .as("stopped before it was drained: %s", toy.id)
                            .isTrue();
                    toy.state = Container.State.EXITED;
                }
                case Step.Remove remove -> toys.remove(remove.instance());
            }
        }

        ServiceDecision until(int version, int scale, boolean forward) {
            ServiceDecision decision = round(version, scale, forward);
            for (int rounds = 0;
                    rounds < 500 && !decision.reached() && (decision.failure().isEmpty() || !forward);
                    rounds++) {
                decision = round(version, scale, forward);
            }
            return decision;
        }
    }

    private static ServiceSpec spec(Strategy strategy, int surge, int unavailable) {
        Map<String, Object> rollout = new TreeMap<>();
        rollout.put(
                "strategy", strategy.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        rollout.put("max_surge", (long) surge);
        rollout.put("max_unavailable", (long) unavailable);
        if (strategy == Strategy.CANARY) {
            rollout.put("steps", List.of(Map.of("weight", 10L, "bake", "1s"), Map.of("weight", 50L, "bake", "2s")));
        }
        return ServiceSpec.from("web", Definition.of(Map.of("rollout", rollout, "ports", Map.of("http", 80L))));
    }

    static Stream<Long> seeds() {
        return IntStream.range(0, 60).mapToObj(Long::valueOf);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rollingNeverServesFewerAndNeverRunsMore(long seed) {
        Random random = new Random(seed);
        int scale = 1 + random.nextInt(5);
        int surge = random.nextInt(3);
        int unavailable = surge == 0 ? 1 + random.nextInt(2) : random.nextInt(2);
        World world = new World(seed, spec(Strategy.ROLLING, surge, unavailable));
        world.serving(1, scale);

        ServiceDecision end = world.until(2, scale, true);

        assertThat(end.reached()).as("seed %s: %s", seed, end.waits()).isTrue();
        assertThat(world.fewestServing).isGreaterThanOrEqualTo(scale - unavailable);
        assertThat(world.mostAlive).isLessThanOrEqualTo(scale + surge);
        assertThat(world.toys.keySet()).allMatch(id -> id.version() == 2).hasSize(scale);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void blueGreenSwitchesOnceAllNewAreUp(long seed) {
        int scale = 1 + (int) (seed % 4);
        World world = new World(seed, spec(Strategy.BLUE_GREEN, 1, 0));
        world.serving(1, scale);

        ServiceDecision end = world.until(2, scale, true);

        assertThat(end.reached()).as("seed %s: %s", seed, end.waits()).isTrue();
        assertThat(world.fewestServing).isGreaterThanOrEqualTo(scale);
        assertThat(world.mostAlive).isLessThanOrEqualTo(2 * scale);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void canaryGoesThroughItsSteps(long seed) {
        int scale = 1 + (int) (seed % 6);
        World world = new World(seed, spec(Strategy.CANARY, 1, 0));
        world.serving(1, scale);

        ServiceDecision end = world.until(2, scale, true);

        assertThat(end.reached()).as("seed %s: %s", seed, end.waits()).isTrue();
        assertThat(world.journal.step()).isEqualTo(2);
        assertThat(world.fewestServing).isGreaterThanOrEqualTo(scale);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void recreateNeverRunsMoreThanTheScale(long seed) {
        int scale = 1 + (int) (seed % 3);
        World world = new World(seed, spec(Strategy.RECREATE, 1, 0));
        world.serving(1, scale);

        ServiceDecision end = world.until(2, scale, true);

        assertThat(end.reached()).as("seed %s: %s", seed, end.waits()).isTrue();
        assertThat(world.mostAlive).isLessThanOrEqualTo(scale);
        assertThat(world.fewestServing).isGreaterThanOrEqualTo(scale - 1);
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void aFailedVersionIsTakenBack(Strategy strategy) {
        for (long seed = 0; seed < 40; seed++) {
            World world = new World(seed, spec(strategy, 1, 0));
            world.serving(1, 2);
            world.failingVersion = 2;

            ServiceDecision failed = world.until(2, 2, true);
            assertThat(failed.failure()).as("seed %s", seed).isPresent();
            ServiceDecision back = world.until(1, 2, false);

            assertThat(back.reached())
                    .as("seed %s %s: %s", seed, strategy, back.waits())
                    .isTrue();
            assertThat(world.toys.keySet()).allMatch(id -> id.version() == 1).hasSize(2);
            assertThat(world.serving()).isEqualTo(2);
            if (strategy != Strategy.RECREATE) {
                assertThat(world.fewestServing).isEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void anInterruptedRolloutGoesBackFromAnywhereWithoutLoss(Strategy strategy) {
        for (long seed = 0; seed < 60; seed++) {
            World world = new World(seed, spec(strategy, 1, 0));
            world.serving(1, 3);
            int rounds = (int) (seed % 30);
            for (int i = 0; i < rounds; i++) {
                world.round(2, 3, true);
            }
            ServiceDecision back = world.until(1, 3, false);

            assertThat(back.reached())
                    .as("seed %s %s: %s", seed, strategy, back.waits())
                    .isTrue();
            assertThat(world.toys.keySet()).allMatch(id -> id.version() == 1).hasSize(3);
            if (strategy != Strategy.RECREATE) {
                assertThat(world.fewestServing).as("seed %s %s", seed, strategy).isEqualTo(3);
            }
        }
    }

    @Test
    void scalingDownKeepsTheLowestNumbers() {
        World world = new World(1, spec(Strategy.ROLLING, 1, 0));
        world.serving(1, 4);

        assertThat(world.until(1, 2, true).reached()).isTrue();

        assertThat(new ArrayList<>(world.toys.keySet()))
                .containsExactly(new InstanceId("shop", "web", 1, 1), new InstanceId("shop", "web", 1, 2));
    }

    @Test
    void weightsGiveTheShareAsked() {
        assertThat(Canary.Weights.of(5, 1, 4)).isEqualTo(new Canary.Weights(21, 100));
        assertThat(Canary.Weights.of(50, 1, 9)).isEqualTo(new Canary.Weights(256, 28));
        assertThat(Canary.Weights.of(50, 2, 2)).isEqualTo(new Canary.Weights(100, 100));
        assertThat(Canary.Weights.of(1, 3, 1).fresh()).isEqualTo(1);
    }

    @Test
    void anInstanceDrainsForItsTimeAndNoLonger() {
        World world = new World(1, spec(Strategy.ROLLING, 1, 0));
        world.serving(1, 1);
        Toy old = world.toys.values().iterator().next();
        for (int i = 0; i < 20; i++) {
            world.round(2, 1, true);
            old.sessions = 3;
        }
        assertThat(old.wish.state()).isEqualTo(DeploymentRoutes.State.DRAIN);

        world.now = world.now.plus(Duration.ofSeconds(31));
        for (int i = 0; i < 10; i++) {
            world.round(2, 1, true);
            old.sessions = 3;
        }

        assertThat(world.toys).doesNotContainKey(old.id);
    }
}
