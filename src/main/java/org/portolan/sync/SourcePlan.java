package org.portolan.sync;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.portolan.json.StrictJson;
import org.portolan.plan.Action;
import org.portolan.plan.json.PlanJson;
import org.portolan.plan.json.ShownPlan;

/**
 * What a deploy of a source would do, as it is shown.
 *
 * @param departures deployments that the source named before and no longer does
 * @param markdown all of it as a comment on a pull request
 */
public record SourcePlan(List<ShownPlan> plans, List<Action> departures, Supplier<String> markdown) {
    public boolean isEmpty() {
        return departures.isEmpty() && plans.stream().allMatch(ShownPlan::isEmpty);
    }

    /** All of it, for {@link #read}. */
    public Map<String, Object> wire() {
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("plans", plans.stream().map(ShownPlan::wire).toList());
        wire.put("departures", departures.stream().map(PlanJson::tree).toList());
        wire.put("markdown", markdown.get());
        return wire;
    }

    /** One that {@link #wire} wrote. */
    public static SourcePlan read(StrictJson node) {
        String markdown = node.text("markdown");
        return new SourcePlan(
                node.list("plans", ShownPlan::read), node.list("departures", PlanJson::action), () -> markdown);
    }
}
