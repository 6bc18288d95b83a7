package org.portolan.page;

import java.util.List;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;

/**
 * One thing that a plan does, and why.
 *
 * @param mark {@code +}, {@code ~} or {@code -}
 * @param word what the mark means, for who hears it
 */
public record PlanStep(String mark, String word, String summary, List<String> reasons) {

    static List<PlanStep> all(Plan plan) {
        return plan.actions().stream().map(PlanStep::of).toList();
    }

    static List<String> warnings(Plan plan) {
        return plan.warnings().stream().map(warning -> warning.message()).toList();
    }

    private static PlanStep of(Action action) {
        String mark = action.kind().mark();
        String word =
                switch (mark) {
                    case "+" -> "add:";
                    case "-" -> "remove:";
                    case "~" -> "change:";
                    default -> "";
                };
        return new PlanStep(mark, word, action.summary(), action.reasons());
    }
}
