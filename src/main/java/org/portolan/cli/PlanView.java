package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.portolan.model.ExitStatus;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.plan.PlanText;

/** Shows plans, to people and to programs. */
final class PlanView {
    private PlanView() {}

    /** Shows one plan; the exit status says whether there is something to do. */
    static int show(Console console, Plan plan, boolean verbose) {
        console.text(PlanText.render(plan, verbose));
        for (Action action : plan.actions()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("deployment", plan.deployment());
            fields.put("action", action.kind().name().toLowerCase(Locale.ROOT));
            fields.put("mark", action.kind().mark());
            fields.put("subject", action.subject());
            fields.put("summary", action.summary());
            fields.put("reasons", action.reasons());
            console.record("action", fields);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", plan.deployment());
        fields.put("changes", plan.actions().size());
        fields.put("consent", plan.consent());
        fields.put("warnings", plan.warnings().stream().map(JsonLines::problem).toList());
        fields.put("fingerprint", plan.fingerprint());
        console.record("plan", fields);
        return plan.isEmpty() ? ExitStatus.DONE.code() : ExitStatus.PENDING.code();
    }
}
