package org.portolan.operate;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.portolan.engine.Engine;
import org.portolan.model.container.CommandStreams;
import org.portolan.model.container.Container;
import org.portolan.model.event.EventSink;
import org.portolan.release.Installation;

/** Those of this installation's own parts. */
public final class LocalAttachedCommands implements AttachedCommands {
    private final Supplier<Engine> engine;
    private final Supplier<Installation> installation;
    private final Supplier<Runner> runner;

    private LocalAttachedCommands(
            Supplier<Engine> engine, Supplier<Installation> installation, Supplier<Runner> runner) {
        this.engine = engine;
        this.installation = installation;
        this.runner = runner;
    }

    /** With parts that are opened when they are first asked for. */
    public static AttachedCommands of(SystemParts parts, EventSink events, Supplier<Runner> runner) {
        return new LocalAttachedCommands(parts::engine, () -> parts.installation(events), runner);
    }

    /** With those of a process that works already. */
    public static AttachedCommands of(Installation installation, Runner runner) {
        return new LocalAttachedCommands(installation::engine, () -> installation, () -> runner);
    }

    /**
     * The process that commands run for, and on whose behalf.
     *
     * @param process names it in labels
     * @param suffix tells its containers from those of others
     * @param dead whether a process that is named so has ended
     * @param watch removes a container when the process is killed
     * @param begun gets each run before it begins; {@link OneOffRun#end} ends it
     */
    public record Runner(
            Caller caller,
            String process,
            String suffix,
            Predicate<String> dead,
            OneOffRun.Watch watch,
            Consumer<OneOffRun> begun) {}

    @Override
    public int exec(Container instance, List<String> command, CommandStreams streams) {
        return engine.get().attach(instance.id(), command, streams);
    }

    @Override
    public int run(String deployment, String service, List<String> command, CommandStreams streams) {
        Runner own = runner.get();
        Installation parts = installation.get();
        OneOffRun.sweep(parts, own.dead());
        OneOffRun run = new OneOffRun(parts, own.process(), own.watch());
        own.begun().accept(run);
        Request.Scale unchanged = new Request.Scale(deployment, Map.of(), Mandate.of(own.caller()));
        return run.run(unchanged, service, own.suffix(), command, streams);
    }
}
