package org.portolan.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.plan.Action.Kind;

/** What is wrong with the proxies themselves: as an action where a repair is known, else as a warning. */
final class ProxyRepairs {
    private ProxyRepairs() {}

    /** What is not as it should be shows only where the deployment is served: else the proxies start when it is. */
    static void add(PlanInput input, List<Action> actions, List<Problem> problems) {
        List<String> reasons = new ArrayList<>();
        Set<String> repairs = new LinkedHashSet<>();
        for (ProxyDefect defect : input.proxies().defects().get()) {
            if (defect.down()) {
                problems.add(Problem.warning(Position.of("proxies"), defect.found())
                        .withHint("any deploy or `portolan system up` starts it"));
            } else if (defect.repair().isPresent()) {
                repairs.add(defect.repair().get());
                reasons.add(defect.found());
            } else {
                Problem warning = Problem.warning(Position.of("proxies"), defect.found());
                problems.add(defect.remedy().map(warning::withHint).orElse(warning));
            }
        }
        if (input.applied().isPresent() && !repairs.isEmpty()) {
            actions.add(new Action(
                    Kind.REPAIR_PROXIES, "proxies", "proxies  " + String.join("; ", repairs), List.copyOf(reasons)));
        }
    }
}
