package org.portolan.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.portolan.engine.sim.SimWorld;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.InstanceId;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.DeploymentRoutes.Server;
import org.portolan.proxy.DeploymentRoutes.State;
import org.portolan.proxy.Proxy;

/**
 * Proxies that obey after a while: an acknowledgement takes up to {@code slowness}, sessions of a draining server end one
 * by one, a server whose instance does not answer is DOWN. What was applied outlives the process, as the files do.
 */
public final class SimProxy implements Proxy {
    private final VirtualClock clock;
    private final SimWorld world;
    private final Random random;
    private final Duration slowness;
    private final SortedMap<String, DeploymentRoutes> parts = new TreeMap<>();
    private final Map<String, Known> servers = new TreeMap<>();
    private boolean dead;
    private Consumer<Server> beforeWish = server -> {};

    /** What the proxy does with one server, and since when. */
    private static final class Known {
        State state = State.MAINT;
        int weight;
        Instant effective = Instant.MIN;
        Instant drained = Instant.MIN;
    }

    public SimProxy(VirtualClock clock, SimWorld world, long seed, Duration slowness) {
        this.clock = clock;
        this.world = world;
        this.random = new Random(seed);
        this.slowness = slowness;
    }

    /** Is told of every server that is given to the proxies, before it is. */
    public void watch(Consumer<Server> watcher) {
        beforeWish = watcher;
    }

    /** Somebody kills the proxies. */
    public void kill() {
        dead = true;
    }

    @Override
    public void ensureRunning() {
        dead = false;
    }

    @Override
    public boolean apply(DeploymentRoutes routes) {
        if (dead) {
            throw new Failure(ExitStatus.UNAVAILABLE, "the proxy is dead");
        }
        DeploymentRoutes before = parts.put(routes.deployment(), routes);
        for (DeploymentRoutes.Backend backend : routes.backends()) {
            for (Server server : backend.servers()) {
                beforeWish.accept(server);
                Known known = servers.computeIfAbsent(key(routes.deployment(), backend, server), key -> new Known());
                if (known.state != server.state()) {
                    known.state = server.state();
                    known.effective = clock.instant().plusMillis(random.nextLong(slowness.toMillis() + 1));
                    known.drained = known.effective.plusMillis(random.nextInt(3000));
                }
                known.weight = server.weight();
            }
        }
        return before == null || before.backends().size() != routes.backends().size();
    }

    private static String key(String deployment, DeploymentRoutes.Backend backend, Server server) {
        return deployment + "/" + backend.port() + "/" + server.instance().name() + ":" + server.port();
    }

    @Override
    public Optional<DeploymentRoutes> applied(String deployment) {
        return Optional.ofNullable(parts.get(deployment));
    }

    @Override
    public SortedMap<String, DeploymentRoutes> applied() {
        return new TreeMap<>(parts);
    }

    @Override
    public void remove(String deployment) {
        parts.remove(deployment);
    }

    @Override
    public Map<InstanceId, List<ServerView>> observe(String deployment) {
        if (dead) {
            throw new Failure(ExitStatus.UNAVAILABLE, "the proxy is dead");
        }
        Map<InstanceId, List<ServerView>> shown = new TreeMap<>();
        applied(deployment).ifPresent(part -> part.backends().forEach(backend -> {
            for (Server server : backend.servers()) {
                Known known = servers.get(key(deployment, backend, server));
                shown.computeIfAbsent(server.instance(), key -> new ArrayList<>())
                        .add(view(backend.port(), server, java.util.Objects.requireNonNull(known)));
            }
        }));
        return shown;
    }

    private ServerView view(String port, Server server, Known known) {
        boolean effective = !clock.instant().isBefore(known.effective);
        boolean answers = world.answer(server.instance().name(), server.port()).passed();
        Status status =
                switch (known.state) {
                    case READY -> effective && answers ? Status.UP : Status.DOWN;
                    case DRAIN -> effective ? Status.DRAIN : Status.UP;
                    case MAINT -> effective ? Status.MAINT : Status.DRAIN;
                };
        long sessions = known.state != State.READY && clock.instant().isBefore(known.drained) ? 1 : 0;
        return new ServerView(port, status, known.weight, sessions, 0, 0, Duration.ZERO, status.name());
    }

    /** How many servers of a service get traffic and answer. */
    public long serving(String deployment, String service) {
        return observe(deployment).entrySet().stream()
                .filter(entry -> entry.getKey().service().equals(service))
                .filter(entry ->
                        entry.getValue().stream().allMatch(view -> view.status() == Status.UP && view.weight() > 0))
                .count();
    }

    @Override
    public List<String> describe() {
        return List.of("simulated");
    }

    @Override
    public void close() {}
}
