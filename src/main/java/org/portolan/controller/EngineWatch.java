package org.portolan.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.portolan.engine.Engine.EngineEvent;
import org.portolan.engine.Engine.NetworkEvent;
import org.portolan.model.container.Container;
import org.portolan.model.container.Network;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.Labels;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.Installation;
import org.portolan.release.Tasks;

/**
 * Has the deployments looked at of whose containers and networks the engine tells something. What it tells of a network does not say
 * whose it is: that is known from the last look at everything and from what containers told since.
 *
 * <p>The engine's threads only leave a note here.
 */
final class EngineWatch {
    /** A container that starts or ends is attached and taken off too, just before or after its own event, which tells enough. */
    static final Duration SETTLING = Duration.ofMillis(300);

    /** After which a container may be otherwise than it should be. */
    private static final Set<String> TELLING = Set.of(
            "die",
            "stop",
            "destroy",
            "pause",
            "unpause",
            "oom",
            "create",
            "start",
            "rename",
            "update",
            "health_status: healthy",
            "health_status: unhealthy");

    /** Those by which a container is attached, or taken off. */
    private static final Set<String> MOVING = Set.of("die", "stop", "destroy", "start");

    private static final Set<String> BETWEEN = Set.of("connect", "disconnect");
    private static final Set<String> GONE = Set.of("destroy", "remove");

    private final Installation installation;
    private final SharedEngine engine;
    private final InstanceHealth health;
    private final Tasks tasks;
    private final BiConsumer<WorkKey, Cause> mark;
    private final Runnable missed;
    private final List<AutoCloseable> streams = new ArrayList<>();

    /** Deployment by container or network, as the last look saw them, with what was reported before it. */
    private Map<String, String> known = Map.of();

    /** The same, as reported since. */
    private Map<String, String> told = new HashMap<>();

    /** What happened to networks, until it is sure that nothing else tells of it; by container or network. */
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    /** Until when the containers that have just started or ended are not listened to. */
    private final Map<String, Instant> moving = new HashMap<>();

    /**
     * Watches nothing yet.
     *
     * @param engine of the installation
     * @param missed is run when something may have happened that was not reported
     */
    EngineWatch(
            Installation installation,
            SharedEngine engine,
            InstanceHealth health,
            Tasks tasks,
            BiConsumer<WorkKey, Cause> mark,
            Runnable missed) {
        this.installation = installation;
        this.engine = engine;
        this.health = health;
        this.tasks = tasks;
        this.mark = mark;
        this.missed = missed;
    }

    /** Something of a network. */
    private record Waiting(String deployment, String action, Instant until) {}

    /** Begins. */
    void open() {
        streams.add(engine.events(this::happened));
        streams.add(engine.networkEvents(this::happened));
    }

    private Instant now() {
        return installation.clock().instant();
    }

    /** Something happened to one of the containers. */
    private void happened(EngineEvent event) {
        engine.happened(event);
        if (event.container().isEmpty()) {
            // The engine came back; what happened meanwhile sent no event.
            missed.run();
            return;
        }
        String deployment = InstanceHealth.deployment(installation, event);
        if (!deployment.isEmpty() && TELLING.contains(event.action())) {
            note(event.container(), deployment, event.action());
            health.happened(deployment, event);
            mark.accept(WorkKey.deployment(deployment), new Cause(Reason.ENGINE, event.action()));
        }
    }

    private synchronized void note(String container, String deployment, String action) {
        told.put(container, deployment);
        if (MOVING.contains(action)) {
            Instant now = now();
            waiting.remove(container);
            moving.values().removeIf(until -> !until.isAfter(now));
            moving.put(container, now.plus(SETTLING));
        }
    }

    /** Something happened to a network of anybody's. */
    private void happened(NetworkEvent event) {
        if (event.network().isEmpty()) {
            missed.run();
        } else if (isTelling(event)) {
            tasks.wake();
        }
    }

    private synchronized boolean isTelling(NetworkEvent event) {
        boolean between = BETWEEN.contains(event.action());
        String subject = between ? event.container() : event.network();
        String deployment = told.getOrDefault(subject, known.getOrDefault(subject, ""));
        Instant now = now();
        boolean moves = Optional.ofNullable(moving.get(subject))
                .filter(until -> until.isAfter(now))
                .isPresent();
        if (deployment.isEmpty() || moves || !(between || GONE.contains(event.action()))) {
            return false;
        }
        // The first one's time counts: who alters it again and again does not put it off.
        waiting.putIfAbsent(subject, new Waiting(deployment, event.action(), now.plus(SETTLING)));
        return true;
    }

    /** A look at everything saw these. */
    synchronized void seen(Observation observation) {
        Map<String, String> all = told;
        String own = installation.settings().installation();
        for (Container container : observation.containers()) {
            if (container.isOf(own)) {
                container.instance().ifPresent(id -> all.put(container.id(), id.deployment()));
            }
        }
        for (Network network : observation.networks()) {
            if (Labels.areOf(network.labels(), own)) {
                all.put(network.id(), network.labels().getOrDefault(Labels.DEPLOYMENT, ""));
            }
        }
        known = all;
        told = new HashMap<>();
    }

    /** Marks what waited long enough. */
    void step(Instant now) {
        List<Waiting> due = new ArrayList<>();
        synchronized (this) {
            waiting.values().removeIf(one -> !one.until().isAfter(now) && due.add(one));
        }
        due.forEach(one -> mark.accept(WorkKey.deployment(one.deployment()), new Cause(Reason.NETWORK, one.action())));
    }

    /** When there is something to mark. */
    synchronized Optional<Instant> wakeAt() {
        return waiting.values().stream().map(Waiting::until).min(Instant::compareTo);
    }

    /** The clock was set back to this time. */
    synchronized void clockSetBack(Instant now) {
        waiting.replaceAll((subject, one) -> new Waiting(one.deployment(), one.action(), now));
        moving.clear();
    }

    /** Ends. */
    void close() {
        for (AutoCloseable stream : streams) {
            try {
                stream.close();
            } catch (Exception closed) {
                // It ends with the process.
            }
        }
    }
}
