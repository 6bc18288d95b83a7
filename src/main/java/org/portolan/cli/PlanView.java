package org.portolan.cli;

import java.util.Map;
import org.portolan.plan.Plan;
import org.portolan.plan.json.ShownPlan;

/** Shows plans, to people and to programs. */
final class PlanView {
    private PlanView() {}

    /** Shows one plan; the exit status says whether there is something to do. */
    static int show(Console console, Plan plan, boolean verbose) {
        return show(console, ShownPlan.of(plan), verbose);
    }

    /** The same of one that was made anywhere. */
    static int show(Console console, ShownPlan plan, boolean verbose) {
        if (console.json()) {
            console.record("plan", Map.of("plan", plan.tree()));
        } else {
            console.text(plan.text(verbose));
        }
        return plan.isEmpty() ? ExitStatus.DONE.code() : ExitStatus.PENDING.code();
    }
}
