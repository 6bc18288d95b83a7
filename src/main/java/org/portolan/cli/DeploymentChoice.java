package org.portolan.cli;

import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.query.Inventory;
import org.portolan.sync.HereFile;

/** Which deployments a command that looks means. */
final class DeploymentChoice {
    /** What a listing says where there is nothing. */
    static final String NONE_YET = "No deployments yet. Start with: portolan init, then portolan deploy.";

    private DeploymentChoice() {}

    /** What there is. */
    static Inventory inventory(Context context) {
        return context.queries().inventory(context.console()::warning);
    }

    /** The deployments that a listing shows: the one named by word or {@code -D}, else all; says when there is none. */
    static List<String> listed(Context context, Inventory inventory, Syntax.Text word) {
        List<String> names = inventory.deployments(asked(context, word));
        if (names.isEmpty()) {
            context.console().empty(NONE_YET);
        }
        return names;
    }

    /** The one named by word or {@code -D}; empty: all. */
    static Optional<String> asked(Context context, Syntax.Text word) {
        return Optional.ofNullable(word.orNull()).or(context.options()::deployment);
    }

    /** The deployment that was asked for, else that of the Servicefile here, else the only one. */
    static String one(Context context, Inventory inventory, Optional<String> asked) {
        List<String> all = inventory.deployments(Optional.empty());
        List<String> names = inventory.deployments(asked.or(() -> HereFile.deployment(context.parts(), all)));
        if (names.size() == 1) {
            return names.getFirst();
        }
        throw names.isEmpty()
                ? new Failure(Kind.NOT_FOUND, "no deployments yet")
                        .withHint("create one: portolan deploy, or portolan create-deployment NAME")
                : FailureView.usage("no deployment given", "Use -D with one of: " + String.join(", ", names) + ".");
    }
}
