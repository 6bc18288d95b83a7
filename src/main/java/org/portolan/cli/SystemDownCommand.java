package org.portolan.cli;

import java.util.Map;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

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
        if (!context.options().yes()
                && console.asks()
                && !console.confirm("Stop the proxies? No domain answers until 'portolan system up'.")) {
            throw new Failure(Kind.NEEDS_CONSENT, "nothing was stopped");
        }
        context.parts().stopProxies();
        console.job("Proxies down");
        boolean ran = context.parts().stopStore();
        if (ran) {
            console.job("Store down");
        }
        console.record("system", Map.of("proxies", "down", "store_ended", ran));
        return ExitStatus.DONE.code();
    }
}
