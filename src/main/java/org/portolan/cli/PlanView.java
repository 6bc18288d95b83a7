package org.portolan.cli;

import java.util.Map;
import org.portolan.plan.Plan;
import org.portolan.plan.PlanText;
import org.portolan.plan.json.PlanJson;

/** Shows plans, to people and to programs. */
final class PlanView {
    private PlanView() {}

    /** Shows one plan; the exit status says whether there is something to do. */
    static int show(Console console, Plan plan, boolean verbose) {
        if (console.json()) {
            console.record("plan", Map.of("plan", PlanJson.tree(plan)));
        } else {
            console.text(PlanText.render(plan, verbose) + (verbose ? PlanText.deadlines(plan) : ""));
        }
        return plan.isEmpty() ? ExitStatus.DONE.code() : ExitStatus.PENDING.code();
    }
}
