package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.plan.Plan;
import org.portolan.query.Inventory;

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
        Operations operations = new Operations(context.parts().installation(console));
        Map<String, Plan> drifted = new LinkedHashMap<>();
        for (String deployment : DeploymentChoice.listed(context, inventory, name)) {
            // Of what only labels know there is nothing to compare with.
            if (inventory.states().containsKey(deployment)) {
                Plan plan =
                        operations.drift(deployment, Mandate.of(new Caller.Person(Actor.asks(context.environment()))));
                if (!plan.isEmpty() || console.json()) {
                    drifted.put(deployment, plan);
                }
            }
        }
        int status = ExitStatus.DONE.code();
        for (Map.Entry<String, Plan> drift : drifted.entrySet()) {
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
