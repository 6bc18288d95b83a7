package org.portolan.cli;

import java.util.List;
import java.util.Map;

/** Takes state and history along to the server that is configured now. */
final class SystemMoveStoreCommand extends CliCommand {
    SystemMoveStoreCommand() {
        super(
                "move-store",
                "Move state and history from the embedded store to the configured server, which must be empty.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        List<String> done = context.parts().moveStore(Actor.asks(context.environment()));
        console.job("Store moved");
        done.forEach(console::detail);
        console.record("system", Map.of("moved", done));
        return ExitStatus.DONE.code();
    }
}
