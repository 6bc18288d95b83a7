package org.portolan.cli;

import java.util.TreeSet;
import org.portolan.operate.Request;

/** Stops, starts or restarts services, all of a deployment when none is named. */
final class ServicesCommand extends ReasonedCommand {
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
        TreeSet<String> named = new TreeSet<>(services.all());
        String deployment = deployment(context);
        return show(context, perform(context, interrupts, mandate -> switch (verb) {
            case STOP -> new Request.Stop(deployment, named, mandate);
            case START -> new Request.Start(deployment, named, mandate);
            case RESTART -> new Request.Restart(deployment, named, mandate);
        }));
    }
}
