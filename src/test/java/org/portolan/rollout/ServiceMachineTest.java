package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Strategy;

/** The state machine against a toy world that obeys it slowly and in random order. */
class ServiceMachineTest {
    static ServiceSpec spec(Strategy strategy, int surge, int unavailable) {
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
        ToyWorld world = new ToyWorld(seed, spec(Strategy.ROLLING, surge, unavailable));
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
        ToyWorld world = new ToyWorld(seed, spec(Strategy.BLUE_GREEN, 1, 0));
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
        ToyWorld world = new ToyWorld(seed, spec(Strategy.CANARY, 1, 0));
        world.serving(1, scale);

        ServiceDecision end = world.until(2, scale, true);

        assertThat(end.reached()).as("seed %s: %s", seed, end.waits()).isTrue();
        assertThat(world.progress.step()).isEqualTo(2);
        assertThat(world.fewestServing).isGreaterThanOrEqualTo(scale);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void recreateNeverRunsMoreThanTheScale(long seed) {
        int scale = 1 + (int) (seed % 3);
        ToyWorld world = new ToyWorld(seed, spec(Strategy.RECREATE, 1, 0));
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
            ToyWorld world = new ToyWorld(seed, spec(strategy, 1, 0));
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
            ToyWorld world = new ToyWorld(seed, spec(strategy, 1, 0));
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

    /** Such as instances that somebody took off their network, and a new version that needs fewer of them. */
    @ParameterizedTest
    @EnumSource(Strategy.class)
    void oldInstancesThatAreAllOutOfOrderDoNotKeepTheNewVersionFromComing(Strategy strategy) {
        for (int scale = 1; scale <= 3; scale++) {
            for (int old = 1; old <= 4; old++) {
                for (int unavailable = 0; unavailable <= 1; unavailable++) {
                    ToyWorld world = new ToyWorld(scale * 10L + old, spec(strategy, 1 - unavailable, unavailable));
                    world.serving(1, old);
                    world.impairedVersion = 1;

                    ServiceDecision end = world.until(2, scale, true);

                    assertThat(end.reached())
                            .as(
                                    "%s, scale %s, %s old, %s unavailable: %s",
                                    strategy, scale, old, unavailable, end.waits())
                            .isTrue();
                    assertThat(world.toys.keySet())
                            .allMatch(id -> id.version() == 2)
                            .hasSize(scale);
                }
            }
        }
    }

    @Test
    void scalingDownKeepsTheLowestNumbers() {
        ToyWorld world = new ToyWorld(1, spec(Strategy.ROLLING, 1, 0));
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
        ToyWorld world = new ToyWorld(1, spec(Strategy.ROLLING, 1, 0));
        world.serving(1, 1);
        ToyWorld.Toy old = world.toys.values().iterator().next();
        for (int i = 0; i < 20; i++) {
            world.round(2, 1, true);
            old.sessions = 3;
        }
        assertThat(old.serverTarget.state()).isEqualTo(RouteSet.State.DRAIN);

        world.now = world.now.plus(Duration.ofSeconds(31));
        for (int i = 0; i < 10; i++) {
            world.round(2, 1, true);
            old.sessions = 3;
        }

        assertThat(world.toys).doesNotContainKey(old.id);
    }
}
