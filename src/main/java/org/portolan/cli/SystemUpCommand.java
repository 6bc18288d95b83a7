package org.portolan.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.portolan.model.Failure;
import org.portolan.operate.EngineWait;
import org.portolan.operate.SystemStart;

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
        boolean alone = wait.given() && !EngineWait.answers(context.parts(), Duration.ofSeconds(wait.or(0)));
        if (alone) {
            console.warning("the engine does not answer after " + wait.or(0)
                    + " s; the proxies start without its networks' addresses");
        }
        SystemStart.Started now = new SystemStart(context.parts(), console).start(!alone, watcher(console));
        console.record(
                "system",
                Map.of(
                        "store",
                        now.store(),
                        "started",
                        now.started(),
                        "proxies",
                        now.proxies(),
                        "repaired",
                        now.repaired()));
        // What cannot be started is said at the end: the proxies serve the rest meanwhile.
        if (now.failed().isPresent()) {
            throw now.failed().get();
        }
        return ExitStatus.DONE.code();
    }

    private static SystemStart.Watcher watcher(Console console) {
        return new SystemStart.Watcher() {
            @Override
            public void storeUp(String where) {
                console.job("Store up");
                console.detail(where);
            }

            @Override
            public void storeLeft(String holds, boolean ended) {
                console.warning("the embedded store is no longer used but still has " + holds
                        + (ended ? "; it was stopped" : "") + ". Move its history with `portolan system move-store`");
            }

            @Override
            public void instancesNotStarted(Failure why) {
                console.warning("instances that stopped with the engine are not started: " + why.what());
            }

            @Override
            public void proxiesRenewed(String how) {
                console.detail(how);
            }

            @Override
            public void proxiesUp(List<String> repaired, List<String> proxies) {
                console.job("Proxies up");
                repaired.forEach(console::detail);
                proxies.forEach(console::detail);
            }
        };
    }
}
