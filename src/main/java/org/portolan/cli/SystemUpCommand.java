package org.portolan.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.operate.StoppedInstances;

/** Starts the store, the instances that stopped with the engine, and the proxies, as they were. */
final class SystemUpCommand extends CliCommand {
    private final Syntax.Whole wait = syntax().whole(
                    "--wait", "SECONDS", "How long to wait for the engine, for example at boot; default: do not wait.");

    SystemUpCommand() {
        super("up", "Start the store, the proxies, and instances that stopped with the engine.");
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
        context.parts().leftStore().ifPresent(left -> {
            boolean ended = context.parts().stopStore();
            console.warning("the embedded store is no longer used but still has " + left
                    + (ended ? "; it was stopped" : "") + ". Move its history with `portolan system move-store`");
        });
        List<String> started = new ArrayList<>();
        Optional<Failure> notStarted = alone ? Optional.empty() : startInstances(context, started);
        context.parts().proxy().renewal().ifPresent(console::detail);
        List<String> repaired = context.parts().proxy().ensureRunning();
        List<String> proxies = context.parts().proxy().describe();
        console.job("Proxies up");
        repaired.forEach(console::detail);
        proxies.forEach(console::detail);
        console.record("system", Map.of("store", store, "started", started, "proxies", proxies, "repaired", repaired));
        if (notStarted.isPresent()) {
            throw notStarted.get();
        }
        return ExitStatus.DONE.code();
    }

    /** What cannot be started is told at the end: the proxies serve the rest meanwhile. */
    private static Optional<Failure> startInstances(Context context, List<String> started) {
        try {
            started.addAll(new StoppedInstances(context.parts().installation(context.console())).start());
            return Optional.empty();
        } catch (Failure failure) {
            if (failure.kind().passes()) {
                context.console().warning("instances that stopped with the engine are not started: " + failure.what());
                return Optional.empty();
            }
            return Optional.of(failure);
        }
    }
}
