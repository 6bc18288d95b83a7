package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.plan.json.ShownPlan;
import org.portolan.query.Inventory;
import org.portolan.sync.Deploys;

/** Shows what runs otherwise than the store says, and what would repair it. Changes nothing. */
final class DiffCommand extends CliCommand {
    private final Syntax.Text name =
            syntax().parameter("DEPLOYMENT", false, "The deployment to compare, like -D; default: all.");
    private final Syntax.Flag verbose = syntax().flag("-v --verbose", "Show all reasons, and unchanged services.");

    DiffCommand() {
        super("diff", "Show drift: what runs otherwise than deployed; exit with status 3 if there is any.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        Inventory inventory = DeploymentChoice.inventory(context);
        Deploys deploys = context.parts().deploys(console, finding -> {});
        Mandate asks = Mandate.of(new Caller.Person(Actor.asks(context.environment())));
        Map<String, ShownPlan> drifted = new LinkedHashMap<>();
        for (String deployment : DeploymentChoice.listed(context, inventory, name)) {
            // Of what only labels know there is nothing to compare with.
            if (inventory.states().containsKey(deployment)) {
                ShownPlan plan = deploys.drift(deployment, asks);
                if (!plan.isEmpty() || console.json()) {
                    drifted.put(deployment, plan);
                }
            }
        }
        int status = ExitStatus.DONE.code();
        for (Map.Entry<String, ShownPlan> drift : drifted.entrySet()) {
            if (drifted.size() > 1) {
                console.line(drift.getKey());
            }
            status = Math.max(status, PlanView.show(console, drift.getValue(), verbose.given()));
        }
        if (drifted.isEmpty()) {
            console.line("No changes.");
        }
        return status;
    }
}
