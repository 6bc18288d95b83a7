package org.portolan.plan.json;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.portolan.json.JsonMismatch;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Problem;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.plan.Action;
import org.portolan.plan.Deadlines;
import org.portolan.plan.Plan;
import org.portolan.plan.PlanText;

/**
 * Writes plans as JSON and reads saved ones:
 *
 * <pre>{@code
 * {"format": "portolan-plan/1",
 *  "plans": [{"deployment": "shop", "fingerprint": "…", "changes": true,
 *             "summary": {"add": 1, "change": 0, "remove": 0},
 *             "actions": [{"kind": "add-service", "mark": "+", "subject": "web", "summary": "…", "reasons": ["…"]}],
 *             "consent": [], "warnings": []}]}
 * }</pre>
 */
public final class PlanJson {
    private static final String FORMAT = "portolan-plan/1";

    private PlanJson() {}

    /** One plan as a tree of maps and lists. */
    public static Map<String, Object> tree(Plan plan) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("deployment", plan.deployment());
        tree.put("fingerprint", plan.fingerprint());
        tree.put("changes", !plan.isEmpty());
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("add", PlanText.count(plan, "+"));
        summary.put("change", PlanText.count(plan, "~"));
        summary.put("remove", PlanText.count(plan, "-"));
        tree.put("summary", summary);
        tree.put(
                "actions",
                plan.actions().stream().map(action -> tree(plan, action)).toList());
        tree.put("consent", plan.consent());
        tree.put("warnings", plan.warnings().stream().map(Problem::render).toList());
        return tree;
    }

    private static Map<String, Object> tree(Plan plan, Action action) {
        Map<String, Object> tree = tree(action);
        PlanText.service(plan, action)
                .ifPresent(goal -> tree.put("deadlines_ms", new LinkedHashMap<>(Deadlines.millis(goal.spec()))));
        return tree;
    }

    /** What an action is and why, for {@link #action}. */
    public static Map<String, Object> tree(Action action) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", word(action.kind()));
        tree.put("mark", action.kind().mark());
        tree.put("subject", action.subject());
        tree.put("summary", action.summary());
        tree.put("reasons", action.reasons());
        return tree;
    }

    /**
     * Plans as the text of a file that {@link #read} reads.
     *
     * @param more further fields of the file
     */
    public static byte[] write(List<ShownPlan> plans, Map<String, ?> more) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("format", FORMAT);
        file.put("plans", plans.stream().map(ShownPlan::tree).toList());
        file.putAll(more);
        return (JsonTree.text(file, true) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads saved plans and what else their file has.
     *
     * @param name the file's name, for messages
     * @param rest reads the fields that the writer added
     * @throws Failure when the text is not a saved plan of this format
     */
    public static <T> T read(String name, byte[] text, BiFunction<List<SavedPlan>, StrictJson, T> rest) {
        try {
            StrictJson file = StrictJson.read(text);
            if (!FORMAT.equals(file.map().get("format"))) {
                throw notAPlan(name, "it has no \"format\": \"" + FORMAT + "\"");
            }
            List<SavedPlan> plans = List.copyOf(file.list("plans", PlanJson::plan));
            if (plans.isEmpty()) {
                throw notAPlan(name, "it contains no plan");
            }
            return rest.apply(plans, file);
        } catch (NotJson | JsonMismatch wrong) {
            throw notAPlan(name, String.valueOf(wrong.getMessage()));
        }
    }

    private static SavedPlan plan(StrictJson node) {
        return new SavedPlan(
                node.text("deployment"), node.text("fingerprint"), List.copyOf(node.list("actions", PlanJson::action)));
    }

    /** One that {@link #tree(Action)} wrote. */
    public static Action action(StrictJson node) {
        return new Action(
                kind(node.at("kind")), node.text("subject"), node.text("summary"), List.copyOf(node.texts("reasons")));
    }

    private static Action.Kind kind(StrictJson node) {
        String word = node.text();
        for (Action.Kind kind : Action.Kind.values()) {
            if (word(kind).equals(word)) {
                return kind;
            }
        }
        throw node.wrong("a kind of action, not \"" + word + "\"");
    }

    /** {@code add-service} for {@code ADD_SERVICE}. */
    private static String word(Action.Kind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static Failure notAPlan(String name, String why) {
        return new Failure(Kind.INVALID, name + " is not a saved plan: " + why)
                .withRemedy(Remedy.of("create one with ").and(Call.of(Verb.PLAN, "-o", name)));
    }
}
