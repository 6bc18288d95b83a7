package org.portolan.plan.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.json.StrictJson;
import org.portolan.model.Problem;
import org.portolan.model.json.FaultJson;
import org.portolan.plan.Plan;
import org.portolan.plan.PlanText;

/**
 * A plan as it is shown, whoever made it: all that people and programs see of it, and no more. What it reaches holds whole definitions,
 * which have no business on a wire.
 */
public interface ShownPlan {
    String deployment();

    boolean isEmpty();

    List<Problem> warnings();

    /** For people. */
    String text(boolean verbose);

    /** For programs: as {@link PlanJson#tree} writes it. */
    Map<String, ?> tree();

    /** One that was made here. */
    static ShownPlan of(Plan plan) {
        return new Made(plan);
    }

    /** One that {@link #wire} wrote. */
    static ShownPlan read(StrictJson node) {
        StrictJson tree = node.at("plan");
        return new Told(
                tree.text("deployment"),
                !tree.flag("changes"),
                node.list("warnings", FaultJson::read),
                node.text("text"),
                node.text("verbose"),
                tree.map());
    }

    /** All of it, for {@link #read}. */
    default Map<String, Object> wire() {
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("plan", tree());
        wire.put("warnings", warnings().stream().map(FaultJson::tree).toList());
        wire.put("text", text(false));
        wire.put("verbose", text(true));
        return wire;
    }

    /** Of a plan that is at hand. */
    record Made(Plan plan) implements ShownPlan {
        @Override
        public String deployment() {
            return plan.deployment();
        }

        @Override
        public boolean isEmpty() {
            return plan.isEmpty();
        }

        @Override
        public List<Problem> warnings() {
            return plan.warnings();
        }

        @Override
        public String text(boolean verbose) {
            return PlanText.render(plan, verbose) + (verbose ? PlanText.deadlines(plan) : "");
        }

        @Override
        public Map<String, ?> tree() {
            return PlanJson.tree(plan);
        }
    }

    /** Of a plan that was made elsewhere. */
    record Told(
            String deployment,
            boolean isEmpty,
            List<Problem> warnings,
            String brief,
            String whole,
            Map<String, @Nullable Object> tree)
            implements ShownPlan {
        @Override
        public String text(boolean verbose) {
            return verbose ? whole : brief;
        }
    }
}
