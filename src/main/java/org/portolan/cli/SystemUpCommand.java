package org.portolan.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.portolan.model.ExitStatus;

/** Starts the store and the proxies, as they were. */
final class SystemUpCommand extends CliCommand {
    private final Syntax.Whole wait = syntax().whole(
                    "--wait", "SECONDS", "Wait so long for the engine first, as at boot; not at all unless given.");

    SystemUpCommand() {
        super("up", "Start the store and the proxies, as they were; what runs already is left alone.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        boolean alone = wait.given()
                && !EngineWait.answers(() -> context.parts().engine().info(), Duration.ofSeconds(wait.or(0)));
        if (alone) {
            console.warning("the engine does not answer after " + wait.or(0)
                    + " s; the proxies start without its networks' addresses");
        }
        String store = context.parts().store().describe();
        console.job("Store up");
        console.detail(store);
        context.parts().proxy().renewal().ifPresent(console::detail);
        List<String> repaired = context.parts().proxy().ensureRunning();
        List<String> proxies = context.parts().proxy().describe();
        console.job("Proxies up");
        repaired.forEach(console::detail);
        proxies.forEach(console::detail);
        console.record("system", Map.of("store", store, "proxies", proxies, "repaired", repaired));
        return ExitStatus.DONE.code();
    }
}
