package org.portolan.cli;

import java.util.TreeSet;
import org.portolan.operate.Operations;

/** Stops, starts or restarts services, all of a deployment when none is named. */
final class ServicesCommand extends ChangeCommand {
    private final Syntax.Texts services = syntax().parameters("SERVICE", false, "Services; default: all.");
    private final Verb verb;

    /** What is done to them. */
    enum Verb {
        STOP("stop", "Stop services; they stay stopped, also after deploys, until 'start'."),
        START("start", "Start stopped services."),
        RESTART("restart", "Replace all instances by new ones of the same version, without lost requests.");

        private final String word;
        private final String description;

        Verb(String word, String description) {
            this.word = word;
            this.description = description;
        }
    }

    ServicesCommand(Verb verb) {
        super(verb.word, verb.description);
        this.verb = verb;
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        Operations operations = operations(context);
        TreeSet<String> named = new TreeSet<>(services.all());
        String deployment = deployment(context);
        return show(context, asking(context, interrupts, options -> switch (verb) {
            case STOP -> operations.stop(deployment, named, options);
            case START -> operations.start(deployment, named, options);
            case RESTART -> operations.restart(deployment, named, options);
        }));
    }
}
