package org.portolan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.plan.json.PlanJson;
import org.portolan.plan.json.ShownPlan;

/**
 * Each folder of {@code src/test/resources/plan} is a case: {@code desired.yaml} and {@code world.yaml} give {@code
 * plan.txt}. {@code -Dupdate} writes what is given now.
 */
class GoldenPlanTest {
    private static final Path CASES = Path.of("src/test/resources/plan");

    static List<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void plan(String name) throws IOException {
        Path folder = CASES.resolve(name);
        String given = outcome(PlanCase.read(folder));
        Path expected = folder.resolve("plan.txt");
        if (System.getProperty("update") != null) {
            Files.writeString(expected, given);
        }
        assertThat(given).as(name).isEqualTo(Files.readString(expected));
        assertThat(given).as("a secret in " + name).doesNotContainIgnoringCase("hunter2");
    }

    private static String outcome(PlanInput input) {
        try {
            Plan plan = Planner.plan(input);
            assertThat(new String(PlanJson.write(List.of(ShownPlan.of(plan)), Map.of()), StandardCharsets.UTF_8))
                    .doesNotContainIgnoringCase("hunter2");
            return PlanText.render(plan, true) + goal(plan);
        } catch (InvalidInput invalid) {
            StringBuilder text = new StringBuilder("invalid: " + invalid.what() + "\n");
            for (Problem problem : invalid.problems()) {
                text.append(problem.render()).append('\n');
            }
            return text.toString();
        } catch (Failure failure) {
            StringBuilder text =
                    new StringBuilder(failure.kind().name().toLowerCase(Locale.ROOT) + ": " + failure.what() + "\n");
            failure.details().forEach(line -> text.append("    ").append(line).append('\n'));
            failure.hint().ifPresent(hint -> text.append(hint).append('\n'));
            return text.toString();
        }
    }

    private static String goal(Plan plan) {
        StringBuilder text = new StringBuilder("--- goal\n");
        for (DesiredRelease.ServiceGoal goal : plan.goal().services().values()) {
            text.append(goal.name()).append(" version ").append(goal.version());
            text.append(goal.fresh() ? " (new)" : "").append(" x ").append(goal.scale());
            text.append(" ports ")
                    .append(goal.spec().ports().stream()
                            .map(port -> "Port[name=" + port.name() + ", container=" + port.container()
                                    + (port.occasional() ? ", occasional]" : "]"))
                            .toList());
            text.append(
                    goal.spec().wanMap().isEmpty()
                            ? "\n"
                            : " wan_map " + goal.spec().wanMap() + "\n");
        }
        if (!plan.goal().volumes().isEmpty()) {
            text.append("volumes ").append(plan.goal().volumes()).append('\n');
        }
        text.append("mesh ").append(plan.goal().meshPorts()).append('\n');
        Plan.Settlement settlement = plan.settlement();
        text.append("owner ").append(settlement.owner()).append(", by hand ").append(settlement.byHand());
        return text.append(settlement.adopted() ? ", adopted" : "").append('\n').toString();
    }
}
