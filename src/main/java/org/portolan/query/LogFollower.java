package org.portolan.query;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.portolan.engine.Engine;
import org.portolan.model.container.Container;
import org.portolan.model.labels.Labels;

/** Follows the output of a deployment's instances, through their restarts and through those that come and go. */
final class LogFollower implements AutoCloseable {
    private static final long LOOK_MILLIS = 300;
    private static final int ALL = 10_000;

    private final Engine engine;
    private final Optional<String> installation;
    private final String deployment;
    private final List<String> names;
    private final InstanceLogs.Sink sink;
    private final Map<String, AutoCloseable> open = new ConcurrentHashMap<>();
    private final Map<String, Instant> seen = new ConcurrentHashMap<>();

    /**
     * Follows nothing yet.
     *
     * @param installation this one's id; empty when it has none yet, and so no instances
     * @param names services or instances; empty for all of the deployment
     */
    LogFollower(
            Engine engine,
            Optional<String> installation,
            String deployment,
            List<String> names,
            InstanceLogs.Sink sink) {
        this.engine = engine;
        this.installation = installation;
        this.deployment = deployment;
        this.names = names;
        this.sink = sink;
    }

    /** Shows the last lines of the containers, then whatever comes, until told to end. */
    void run(List<Container> containers, int tail, BooleanSupplier ended) {
        AutoCloseable events = engine.events(this::started);
        try {
            for (Container container : containers) {
                follow(container.id(), container.name(), tail);
            }
            while (!ended.getAsBoolean()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            close(events);
        }
    }

    private void started(Engine.EngineEvent event) {
        Map<String, String> attributes = event.attributes();
        String name = attributes.getOrDefault("name", event.container());
        boolean ours = event.action().equals("start")
                && installation.isPresent()
                && Labels.areOf(attributes, installation.get(), deployment);
        boolean wanted =
                names.isEmpty() || names.contains(name) || names.contains(attributes.getOrDefault(Labels.SERVICE, ""));
        if (ours && wanted) {
            follow(event.container(), name, ALL);
        }
    }

    private void follow(String container, String name, int tail) {
        AutoCloseable log =
                engine.logs(container, Optional.ofNullable(seen.get(container)), tail, true, (at, error, text) -> {
                    seen.put(container, at);
                    sink.line(name, at, error, text);
                });
        AutoCloseable before = open.put(container, log);
        if (before != null) {
            close(before);
        }
    }

    @Override
    public void close() {
        open.values().forEach(LogFollower::close);
    }

    /** Closes what may be gone already. */
    static void close(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception gone) {
            // Its container or the engine went first; there is nothing left to be closed.
        }
    }
}
