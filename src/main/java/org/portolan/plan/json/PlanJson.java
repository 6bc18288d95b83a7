package org.portolan.plan.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.json.JsonTree;
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
    private static final int MAX_CHARACTERS = 16 * 1024 * 1024;
    private static final int MAX_DEPTH = 16;

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
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", word(action.kind()));
        tree.put("mark", action.kind().mark());
        tree.put("subject", action.subject());
        tree.put("summary", action.summary());
        tree.put("reasons", action.reasons());
        PlanText.service(plan, action)
                .ifPresent(goal -> tree.put("deadlines_ms", new LinkedHashMap<>(Deadlines.millis(goal.spec()))));
        return tree;
    }

    /** Plans as the text of a file that {@link #read} reads. */
    public static String write(List<Plan> plans) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("format", FORMAT);
        file.put("plans", plans.stream().map(PlanJson::tree).toList());
        return JsonTree.text(file, true) + "\n";
    }

    /**
     * Reads a saved plan.
     *
     * @param name the file's name, for messages
     * @throws Failure when the text is not a saved plan of this format
     */
    public static List<SavedPlan> read(String name, String text) {
        JsonNode file = parse(name, text);
        if (!FORMAT.equals(file.path("format").asText())) {
            throw notAPlan(name, "it has no \"format\": \"" + FORMAT + "\"");
        }
        List<SavedPlan> plans = new ArrayList<>();
        for (JsonNode node : file.path("plans")) {
            List<Action> actions = new ArrayList<>();
            for (JsonNode action : node.path("actions")) {
                List<String> reasons = new ArrayList<>();
                action.path("reasons").forEach(reason -> reasons.add(reason.asText()));
                actions.add(new Action(
                        kind(name, action.path("kind").asText()),
                        required(name, action, "subject"),
                        required(name, action, "summary"),
                        List.copyOf(reasons)));
            }
            plans.add(new SavedPlan(
                    required(name, node, "deployment"), required(name, node, "fingerprint"), List.copyOf(actions)));
        }
        if (plans.isEmpty()) {
            throw notAPlan(name, "it contains no plan");
        }
        return List.copyOf(plans);
    }

    private static JsonNode parse(String name, String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw notAPlan(name, "it is longer than " + MAX_CHARACTERS + " characters");
        }
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
        try {
            return new ObjectMapper(factory).readTree(text);
        } catch (JsonProcessingException broken) {
            throw notAPlan(name, "it is not JSON: " + broken.getOriginalMessage());
        }
    }

    private static String required(String name, JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (value == null || !value.isTextual()) {
            throw notAPlan(name, "\"" + field + "\" is missing");
        }
        return value.asText();
    }

    private static Action.Kind kind(String name, String word) {
        for (Action.Kind kind : Action.Kind.values()) {
            if (word(kind).equals(word)) {
                return kind;
            }
        }
        throw notAPlan(name, "there is no kind of action \"" + word + "\"");
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
