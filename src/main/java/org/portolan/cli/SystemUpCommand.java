package org.portolan.cli;

import java.util.List;
import java.util.Map;
import org.portolan.model.ExitStatus;

/** Starts the store and the proxies, as they were. */
final class SystemUpCommand extends CliCommand {
    SystemUpCommand() {
        super("up", "Start the store and the proxies, as they were; what runs already is left alone.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        String store = context.parts().store().describe();
        console.job("Store up");
        console.detail(store);
        context.parts().proxy().ensureRunning();
        List<String> proxies = context.parts().proxy().describe();
        console.job("Proxies up");
        proxies.forEach(console::detail);
        console.record("system", Map.of("store", store, "proxies", proxies));
        return ExitStatus.DONE.code();
    }
}
