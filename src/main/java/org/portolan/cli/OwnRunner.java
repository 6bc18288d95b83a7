package org.portolan.cli;

import org.portolan.operate.Caller;
import org.portolan.operate.LocalAttachedCommands;
import org.portolan.process.DeathWatch;
import org.portolan.process.ProcessIdentity;

/** This process as the one that runs commands in separate containers: whatever ends it, the container is removed. */
final class OwnRunner {
    private static final String END = "org.portolan.app.RunEnd";

    private OwnRunner() {}

    static LocalAttachedCommands.Runner of(Context context) {
        String self = ProcessIdentity.self().text();
        return new LocalAttachedCommands.Runner(
                new Caller.Person(Actor.asks(context.environment())),
                self,
                Long.toString(ProcessHandle.current().pid()),
                ProcessIdentity::isDead,
                container -> DeathWatch.start(END, container, self),
                run -> Runtime.getRuntime().addShutdownHook(new Thread(run::end, "end-run")));
    }
}
