package org.portolan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code plan.md} of some cases of {@link GoldenPlanTest}; {@code -Dupdate} writes what is given now. */
class PlanMarkdownTest {
    private static final Path CASES = Path.of("src/test/resources/plan");

    private static Plan plan(String name) throws IOException {
        return Planner.plan(PlanCase.read(CASES.resolve(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"adopt", "blue-green", "by-hand-taken-over", "database-added"})
    void comment(String name) throws IOException {
        String given = PlanMarkdown.render("deploy/Servicefile", List.of(plan(name)), List.of());
        Path expected = CASES.resolve(name).resolve("plan.md");
        if (System.getProperty("update") != null) {
            Files.writeString(expected, given);
        }
        assertThat(given).isEqualTo(Files.readString(expected)).doesNotContainIgnoringCase("hunter2");
    }

    private static Plan with(Plan plan, List<Action> actions) {
        return plan.with(actions);
    }

    private static Action action(String summary, String... reasons) {
        return new Action(Action.Kind.REPLACE_SERVICE, "web", summary, List.of(reasons));
    }

    @Test
    void nothingToDoKeepsTheMarkerSoThatAnOldCommentIsReplaced() throws IOException {
        String given = PlanMarkdown.render("Servicefile", List.of(with(plan("blue-green"), List.of())), List.of());
        assertThat(given)
                .isEqualTo("<!-- portolan-plan: Servicefile -->\n### Portolan plan for `Servicefile`\n\nNo changes.\n");
    }

    @Test
    void whatAFileSaysIsNoMarkup() throws IOException {
        Action hostile = action(
                "web  | cell | <img src=x onerror=alert(1)> @team ![x](http://evil)\nsecond line",
                "```\n<script>alert(1)</script>\n```` ping @everyone",
                "two");
        String given = PlanMarkdown.render(
                "a--><script>.yaml", List.of(with(plan("blue-green"), List.of(hostile))), List.of());
        String folded = given.substring(given.indexOf("<details>"));
        String open = given.substring(0, given.indexOf("<details>"));
        assertThat(open.lines().findFirst().orElseThrow()).isEqualTo("<!-- portolan-plan: a-???script?.yaml -->");
        assertThat(open.substring(open.indexOf("| |")))
                .doesNotContain("<img", "<script", "@team", "@everyone", "![x]")
                .contains("\\| cell \\|", "&lt;img", "second line", "(and 1 more)");
        assertThat(open.lines().filter(line -> line.startsWith("| `~`"))).hasSize(1);
        // The fence is longer than any in the text, which then cannot end it.
        assertThat(folded).contains("\n`````diff\n", "\n`````\n");
    }

    @Test
    void aCommentIsNotLongerThanTheHostsTake() throws IOException {
        List<Action> many = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            many.add(action("web" + i + "  version 1 → 2", "the image changed from " + "x".repeat(500)));
        }
        String given = PlanMarkdown.render("Servicefile", List.of(with(plan("blue-green"), many)), List.of());
        assertThat(given.length()).isLessThan(60_000);
        assertThat(given).contains("and 1900 more").contains("too long for a comment");
    }

    @Test
    void whatTheFileNoLongerNamesIsThere() throws IOException {
        Action gone = new Action(Action.Kind.REMOVE_DEPLOYMENT, "wiki", "wiki  is removed", List.of("not in the file"));
        String given = PlanMarkdown.render("", List.of(with(plan("blue-green"), List.of())), List.of(gone));
        assertThat(given)
                .startsWith("<!-- portolan-plan -->\n### Portolan plan\n")
                .contains("| `-` | wiki  is removed | not in the file |")
                .doesNotContain("No changes");
    }
}
