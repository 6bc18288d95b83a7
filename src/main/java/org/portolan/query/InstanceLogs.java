package org.portolan.query;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.portolan.engine.Engine;
import org.portolan.model.container.Container;

/** The output of instances. */
public final class InstanceLogs implements Outputs {
    private final Viewed viewed;
    private final Engine engine;
    private final Sink sink;

    /** Gets each line. */
    @FunctionalInterface
    public interface Sink {
        void line(String instance, Instant at, boolean error, String text);
    }

    public InstanceLogs(Viewed viewed, Sink sink) {
        this.viewed = viewed;
        engine = viewed.engine();
        this.sink = sink;
    }

    @Override
    public void past(List<Container> containers, int tail) {
        for (Container container : containers) {
            // Without following, every line was handed out when the call returns.
            LogFollower.close(engine.logs(
                    container.id(),
                    Optional.empty(),
                    tail,
                    false,
                    (at, error, text) -> sink.line(container.name(), at, error, text)));
        }
    }

    @Override
    public void follow(
            String deployment, List<String> names, List<Container> containers, int tail, BooleanSupplier ended) {
        try (LogFollower follower =
                new LogFollower(engine, viewed.home().knownInstallation(), deployment, names, sink)) {
            follower.run(containers, tail, ended);
        }
    }
}
