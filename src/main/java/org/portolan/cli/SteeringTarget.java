package org.portolan.cli;

import org.portolan.reconcile.WorkKey;

/** The parameter that says which deployment or source an instruction to the controller is about. */
final class SteeringTarget {
    private final Syntax.Text name;
    private final Syntax.Flag source;

    SteeringTarget(Syntax syntax) {
        name = syntax.parameter("NAME", false, "The deployment, like -D, or with --source the source.");
        source = syntax.flag("--source", "NAME is a source, as the configuration calls it.");
    }

    boolean given() {
        return name.given();
    }

    boolean isSource() {
        return source.given();
    }

    WorkKey key(Context context) {
        if (source.given()) {
            if (!name.given()) {
                throw FailureView.usage("--source needs a NAME", "'portolan status' shows the sources.");
            }
            return WorkKey.source(name.or(""));
        }
        return WorkKey.deployment(name.given() ? name.or("") : ChangeCommand.deployment(context));
    }
}
