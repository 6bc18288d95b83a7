package org.portolan.cli;

import java.util.List;
import java.util.Map;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.SystemStop;

/** Ends the proxies and the store that Portolan started. */
final class SystemDownCommand extends CliCommand {
    SystemDownCommand() {
        super(
                "down",
                "Stop the proxies and the embedded store; instances keep running, domains do not answer until 'system up'.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        // A script that stops the system means it: only a person is asked.
        boolean asks = console.asks() && !context.options().yes();
        Mandate mandate = Mandate.of(new Caller.Person(Actor.asks(context.environment())))
                .agreeing(asks ? Agreement.NONE : Agreement.EVERYTHING);
        boolean ran = mandate.agreedBy(
                needs -> ChangeCommand.agrees(
                        console, List.of(), "Stop the proxies? No domain answers until 'portolan system up'."),
                asked -> new SystemStop(context.parts()).stop(asked.agreed(), () -> console.job("Proxies down")));
        if (ran) {
            console.job("Store down");
        }
        console.record("system", Map.of("proxies", "down", "store_ended", ran));
        return ExitStatus.DONE.code();
    }
}
