package org.portolan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.model.InvalidInput;
import org.portolan.plan.json.PlanJson;
import org.portolan.plan.json.ShownPlan;

/** What holds of every plan, on histories of random files, deaths and losses. A failure names the history's seed. */
class PlannerPropertyTest {
    private static final int STEPS = 12;

    static LongStream seeds() {
        String only = System.getProperty("seed");
        return only == null ? LongStream.range(0, 150) : LongStream.of(Long.parseLong(only));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyPlanKeepsThePromises(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomWorld world = new RandomWorld(random);
        Map<String, Set<String>> meaning = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            int losses = world.losses();
            world.disturb();
            if (world.losses() > losses) {
                meaning.clear();
            }
            PlanInput input = world.serverTarget();
            Plan plan;
            try {
                plan = Planner.plan(input);
            } catch (InvalidInput impossible) {
                continue;
            }
            assertThat(Planner.plan(input)).as("planned twice").isEqualTo(plan);
            checkTexts(plan, world);
            checkNumbers(plan, world, meaning);
            checkActions(plan, world);
            world.apply(plan);
            Plan again = Planner.plan(world.again(input));
            assertThat(again.actions()).as("planned after it was applied").isEmpty();
            if (!plan.isEmpty()) {
                assertThat(again.fingerprint())
                        .as("a saved plan that was carried out is stale")
                        .isNotEqualTo(plan.fingerprint());
            }
        }
    }

    private static void checkTexts(Plan plan, RandomWorld world) {
        String text = PlanText.render(plan, true)
                + PlanText.render(plan, false)
                + new String(PlanJson.write(List.of(ShownPlan.of(plan)), Map.of()), StandardCharsets.UTF_8);
        assertThat(text).doesNotContain(RandomWorld.SECRET);
        for (String foreign : world.foreignNames()) {
            assertThat(text).doesNotContain(foreign);
        }
    }

    private static void checkNumbers(Plan plan, RandomWorld world, Map<String, Set<String>> meaning) {
        for (DesiredRelease.ServiceGoal goal : plan.goal().services().values()) {
            if (goal.fresh()) {
                assertThat(world.everUsed(goal.name()))
                        .as("numbers of " + goal.name())
                        .doesNotContain(goal.version());
            }
            Set<String> hashes = meaning.computeIfAbsent(goal.name() + "-" + goal.version(), key -> new HashSet<>());
            hashes.add(goal.hash());
            assertThat(hashes).as("one number, one definition").hasSize(1);
        }
    }

    private static void checkActions(Plan plan, RandomWorld world) {
        for (Action action : plan.actions()) {
            assertThat(action.reasons()).as(action.summary()).isNotEmpty().doesNotHaveDuplicates();
            boolean volume =
                    action.subject().contains("/") && action.kind().mark().equals("-");
            assertThat(volume).as("a volume is removed: " + action.summary()).isFalse();
            if (action.kind() == Action.Kind.REMOVE_SERVICE) {
                assertThat(world.declared()).doesNotContain(action.subject());
                assertThat(plan.settlement().byHand()).doesNotContain(action.subject());
            }
        }
        assertThat(plan.goal().removed()).noneMatch(plan.goal().services()::containsKey);
        assertThat(plan.goal().meshPorts().values()).doesNotHaveDuplicates();
        assertThat(plan.goal().meshPorts()).containsAllEntriesOf(world.meshPorts());
    }
}
