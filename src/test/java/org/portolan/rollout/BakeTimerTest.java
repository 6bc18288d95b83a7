package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.container.Container;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;

/** New instances are watched for {@code rollout.bake} before a replacement continues, and before it is done. */
class BakeTimerTest {
    private static final Duration BAKE = Duration.ofSeconds(10);

    private static ServiceSpec spec(String strategy, Object... further) {
        Map<String, Object> rollout = new TreeMap<>();
        rollout.put("strategy", strategy);
        if (strategy.equals("canary")) {
            rollout.put("steps", List.of(Map.of("weight", 50L, "bake", "1s"), Map.of("weight", 100L, "bake", "10s")));
        } else {
            rollout.put("bake", "10s");
        }
        for (int i = 0; i < further.length; i += 2) {
            rollout.put((String) further[i], further[i + 1]);
        }
        return ServiceSpec.from("web", Definition.of(Map.of("rollout", rollout, "ports", Map.of("http", 80L))));
    }

    private static long serving(ToyWorld world, int version) {
        return world.views().stream()
                .filter(view -> view.id().version() == version && view.serving())
                .count();
    }

    private static long running(ToyWorld world, int version) {
        return world.toys.values().stream()
                .filter(toy -> toy.id.version() == version && toy.state == Container.State.RUNNING)
                .count();
    }

    /** Goes on until this many of version 2 serve, and says when. */
    private static Instant untilServing(ToyWorld world, int count, int scale) {
        for (int rounds = 0; rounds < 500 && serving(world, 2) < count; rounds++) {
            world.round(2, scale, true);
        }
        assertThat(serving(world, 2)).isEqualTo(count);
        return world.now;
    }

    private static void untilReached(ToyWorld world, int scale) {
        ServiceDecision end = world.until(2, scale, true);
        assertThat(end.reached()).as("%s", end.waits()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void rollingWatchesTheFirstBesideTheOldOnesAndThenAll(long seed) {
        ToyWorld world = new ToyWorld(seed, spec("rolling"));
        world.serving(1, 3);

        Instant first = untilServing(world, 1, 3);
        while (world.now.isBefore(first.plus(BAKE))) {
            assertThat(running(world, 1)).isEqualTo(3);
            world.round(2, 3, true);
        }
        Instant all = untilServing(world, 3, 3);
        untilReached(world, 3);

        assertThat(world.now).isAfterOrEqualTo(all.plus(BAKE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aSingleInstanceIsWatchedOnce(long seed) {
        ToyWorld world = new ToyWorld(seed, spec("rolling"));
        world.serving(1, 1);

        Instant first = untilServing(world, 1, 1);
        while (world.now.isBefore(first.plus(BAKE))) {
            assertThat(running(world, 1)).as("the old one serves beside it").isEqualTo(1);
            world.round(2, 1, true);
        }
        untilReached(world, 1);

        assertThat(world.now).isBetween(first.plus(BAKE), first.plus(BAKE).plus(BAKE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rolling", "recreate"})
    void stopFirstIsWatchedAtItsEnd(String strategy) {
        ToyWorld world = new ToyWorld(1, spec(strategy, "max_surge", 0L, "max_unavailable", 1L));
        world.serving(1, 1);

        Instant all = untilServing(world, 1, 1);
        if (strategy.equals("recreate")) {
            world.round(2, 1, true);
            assertThat(world.toys).as("the old one is kept, stopped").hasSize(2);
        }
        untilReached(world, 1);

        assertThat(world.now).isAfterOrEqualTo(all.plus(BAKE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void blueGreenKeepsTheOldOnesAfterTheSwitch(long seed) {
        ToyWorld world = new ToyWorld(seed, spec("blue-green"));
        world.serving(1, 2);

        while (world.views().stream().noneMatch(view -> view.id().version() == 2 && view.carries())) {
            world.round(2, 2, true);
        }
        Instant switched = world.now;
        while (world.now.isBefore(switched.plus(BAKE))) {
            assertThat(running(world, 1)).isEqualTo(2);
            world.round(2, 2, true);
        }
        untilReached(world, 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aCanarysLastStepIsWatchedToo(long seed) {
        ToyWorld world = new ToyWorld(seed, spec("canary"));
        world.serving(1, 2);

        Instant all = untilServing(world, 2, 2);
        untilReached(world, 2);

        assertThat(world.now).isAfterOrEqualTo(all.plus(BAKE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyStepOfASingleCanaryBakes(long seed) {
        List<Object> steps = List.of(
                Map.of("weight", 10L, "bake", "20s"),
                Map.of("weight", 50L, "bake", "20s"),
                Map.of("weight", 100L, "bake", "10s"));
        ToyWorld world = new ToyWorld(seed, spec("canary", "steps", steps));
        world.serving(1, 1);

        Instant first = untilServing(world, 1, 1);
        while (world.now.isBefore(first.plusSeconds(40))) {
            assertThat(world.progress.step()).isLessThan(2);
            world.round(2, 1, true);
        }
        untilReached(world, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rolling", "recreate", "blue-green", "canary"})
    void onlyWhatReplacesOthersIsWatched(String strategy) {
        ToyWorld world = new ToyWorld(1, spec(strategy));
        untilReached(world, 2);
        untilReached(world, 3);
        untilReached(world, 1);
        assertThat(world.now).isBefore(ToyWorld.START.plusSeconds(60));
        assertThat(world.progress).isEqualTo(RolloutProgress.START);

        ToyWorld back = new ToyWorld(1, spec(strategy));
        back.serving(1, 1);
        assertThat(back.until(2, 1, false).reached()).isTrue();
        assertThat(back.progress).isEqualTo(RolloutProgress.START);
    }
}
