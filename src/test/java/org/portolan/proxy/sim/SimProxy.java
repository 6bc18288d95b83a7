package org.portolan.proxy.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.InstanceId;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.Proxy;

/**
 * A deterministic {@link Proxy}: what is applied shows in {@link #observe} after the acknowledgement delay of the virtual
 * clock, sessions are what the test says, and faults come when they were ordered. It keeps what was applied across
 * {@link #kill} and a new controller, as the files of the real one do.
 */
public final class SimProxy implements Proxy {
    private final InstantSource clock;
    private final SortedMap<String, DeploymentRoutes> parts = new TreeMap<>();
    private final Map<Key, Shown> shown = new HashMap<>();
    private final Map<InstanceId, Long> sessions = new HashMap<>();
    private final Map<InstanceId, Counters> counters = new HashMap<>();
    private final List<Predicate<String>> refusals = new ArrayList<>();
    private final List<Predicate<String>> lostAnswers = new ArrayList<>();
    private Predicate<DeploymentRoutes.Server> healthy = server -> true;
    private Duration acknowledgement = Duration.ZERO;
    private Duration firstCheck = Duration.ZERO;
    private @Nullable Duration sessionsEndAfter;
    private List<Listener> own = List.of();
    private final Map<Integer, String> held = new HashMap<>();
    private boolean running;
    private int applies;
    private int reloads;
    private int starts;

    private record Key(InstanceId instance, String port) {}

    private record Counters(long responses, long errors, Duration average) {}

    /** What the proxy serves by, and what it served by until the change was acknowledged. */
    private record Shown(DeploymentRoutes.Server now, DeploymentRoutes.@Nullable Server before, Instant changed) {}

    public SimProxy(InstantSource clock) {
        this.clock = clock;
    }

    /** How long after {@code apply} the proxy shows the change. */
    public SimProxy acknowledgeAfter(Duration delay) {
        acknowledgement = delay;
        return this;
    }

    /** How long after a change a server counts as UP because nothing has checked it yet. */
    public SimProxy checkAfter(Duration delay) {
        firstCheck = delay;
        return this;
    }

    /** Open sessions of an instance, until set again. */
    public void sessions(InstanceId instance, long open) {
        sessions.put(instance, open);
    }

    /** Sessions of a draining instance are over this long after its drain was acknowledged; null: when the test says. */
    public void sessionsEndAfter(@Nullable Duration time) {
        sessionsEndAfter = time;
    }

    /** What the proxy counted of an instance's answers, for gates. */
    public void counted(InstanceId instance, long responses, long errors, Duration average) {
        counters.put(instance, new Counters(responses, errors, average));
    }

    /** Which servers pass the proxy's own checks. */
    public void healthyIf(Predicate<DeploymentRoutes.Server> check) {
        healthy = check;
    }

    /** The next call ("ensureRunning", "apply", "remove", "observe") that matches fails and does nothing. */
    public void refuseNext(Predicate<String> call) {
        refusals.add(call);
    }

    /** The next call that matches is done, but its answer is lost: the caller sees a failure. */
    public void loseNextAnswer(Predicate<String> call) {
        lostAnswers.add(call);
    }

    /** Both proxies die; their files stay. */
    public void kill() {
        running = false;
    }

    public boolean running() {
        return running;
    }

    /** How often something was written (a call that changed nothing writes nothing). */
    public int applies() {
        return applies;
    }

    public int reloads() {
        return reloads;
    }

    public int starts() {
        return starts;
    }

    /** Instances of a service that get traffic now: the proxy shows them ready, and their checks pass. */
    public Set<InstanceId> serving(String deployment, String service) {
        Set<InstanceId> serving = new TreeSet<>();
        if (!running) {
            return serving;
        }
        shown.forEach((key, value) -> {
            if (key.instance().deployment().equals(deployment)
                    && key.instance().service().equals(service)
                    && status(visible(value)) == Status.UP) {
                serving.add(key.instance());
            }
        });
        return serving;
    }

    @Override
    public List<String> ensureRunning() {
        refuse("ensureRunning");
        List<String> done = new ArrayList<>();
        if (!running) {
            defects().forEach(defect -> done.add(defect.found() + ": start it"));
            running = true;
            starts++;
        }
        lose("ensureRunning");
        return done;
    }

    @Override
    public List<Defect> defects() {
        return running || parts.isEmpty()
                ? List.of()
                : List.of(new Defect("the proxy does not run", Optional.of("start it")));
    }

    @Override
    public List<Listener> own() {
        return own;
    }

    /** Portolan's own listeners, which nothing else may take. */
    public SimProxy own(Listener... listeners) {
        own = List.of(listeners);
        return this;
    }

    @Override
    public Optional<String> obstacle(String address, int port) {
        return Optional.ofNullable(held.get(port));
    }

    /** A port that somebody else listens on. */
    public void held(int port, String holder) {
        held.put(port, "held by " + holder);
    }

    @Override
    public boolean apply(DeploymentRoutes routes) {
        refuse("apply");
        DeploymentRoutes before = parts.get(routes.deployment());
        boolean reloaded = false;
        if (!routes.equals(before)) {
            reloaded = before == null || !structure(before).equals(structure(routes));
            reloads += reloaded ? 1 : 0;
            applies++;
            parts.put(routes.deployment(), routes);
            show(routes);
        }
        lose("apply");
        return reloaded;
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
        refuse("remove");
        if (parts.remove(deployment) != null) {
            applies++;
            reloads++;
            shown.keySet().removeIf(key -> key.instance().deployment().equals(deployment));
        }
        lose("remove");
    }

    @Override
    public Map<InstanceId, List<ServerView>> observe(String deployment) {
        refuse("observe");
        if (!running) {
            throw new Failure(ExitStatus.UNAVAILABLE, "the proxy does not run");
        }
        Map<InstanceId, List<ServerView>> views = new LinkedHashMap<>();
        new TreeMap<>(byName(deployment)).values().forEach(entry -> {
            DeploymentRoutes.Server server = visible(entry.getValue());
            if (server == null) {
                return;
            }
            Counters counted = counters.getOrDefault(server.instance(), new Counters(0, 0, Duration.ZERO));
            views.computeIfAbsent(server.instance(), id -> new ArrayList<>())
                    .add(new ServerView(
                            entry.getKey().port(),
                            checked(entry.getValue()) ? statusOf(server) : Status.UP,
                            server.weight(),
                            open(entry.getValue()),
                            counted.responses(),
                            counted.errors(),
                            counted.average(),
                            !checked(entry.getValue()) ? "INI" : healthy.test(server) ? "L4OK" : "L4CON"));
        });
        lose("observe");
        return views;
    }

    @Override
    public List<String> describe() {
        return List.of(running ? "simulated proxy running" : "simulated proxy stopped");
    }

    @Override
    public void close() {}

    private Map<String, Map.Entry<Key, Shown>> byName(String deployment) {
        Map<String, Map.Entry<Key, Shown>> found = new HashMap<>();
        shown.forEach((key, value) -> {
            if (key.instance().deployment().equals(deployment)) {
                found.put(key.instance().name() + "/" + key.port(), Map.entry(key, value));
            }
        });
        return found;
    }

    private void show(DeploymentRoutes routes) {
        Set<Key> kept = new java.util.HashSet<>();
        for (DeploymentRoutes.Backend backend : routes.backends()) {
            for (DeploymentRoutes.Server server : backend.servers()) {
                Key key = new Key(server.instance(), backend.port());
                kept.add(key);
                Shown old = shown.get(key);
                if (old == null || !old.now().equals(server)) {
                    shown.put(key, new Shown(server, old == null ? null : visible(old), clock.instant()));
                }
            }
        }
        shown.keySet().removeIf(key -> key.instance().deployment().equals(routes.deployment()) && !kept.contains(key));
    }

    private DeploymentRoutes.@Nullable Server visible(Shown entry) {
        return acknowledged(entry) ? entry.now() : entry.before();
    }

    private boolean acknowledged(Shown entry) {
        return !clock.instant().isBefore(entry.changed().plus(acknowledgement));
    }

    private boolean checked(Shown entry) {
        boolean comes = entry.now().state() == DeploymentRoutes.State.READY && acknowledged(entry);
        Instant first = entry.changed().plus(acknowledgement).plus(firstCheck);
        return !comes || !clock.instant().isBefore(first);
    }

    private long open(Shown entry) {
        boolean leaving = entry.now().state() != DeploymentRoutes.State.READY && acknowledged(entry);
        if (leaving && sessionsEndAfter != null) {
            Instant end = entry.changed().plus(acknowledgement).plus(sessionsEndAfter);
            if (!clock.instant().isBefore(end)) {
                return 0;
            }
        }
        return sessions.getOrDefault(entry.now().instance(), 0L);
    }

    private @Nullable Status status(DeploymentRoutes.@Nullable Server server) {
        return server == null ? null : statusOf(server);
    }

    private Status statusOf(DeploymentRoutes.Server server) {
        return switch (server.state()) {
            case READY -> healthy.test(server) ? Status.UP : Status.DOWN;
            case DRAIN -> Status.DRAIN;
            case MAINT -> Status.MAINT;
        };
    }

    /** What makes the real proxy reload when it changes: everything but servers and domains. */
    private static List<DeploymentRoutes.Backend> structure(DeploymentRoutes routes) {
        List<DeploymentRoutes.Backend> bare = new ArrayList<>();
        for (DeploymentRoutes.Backend backend : routes.backends()) {
            bare.add(new DeploymentRoutes.Backend(
                    backend.service(),
                    backend.port(),
                    backend.http(),
                    backend.meshAddresses(),
                    backend.meshPort(),
                    backend.bindings(),
                    backend.sticky(),
                    backend.health(),
                    List.of()));
        }
        return bare;
    }

    private void refuse(String call) {
        if (take(refusals, call)) {
            throw new Failure(ExitStatus.UNAVAILABLE, "simulated: the proxy refused " + call);
        }
    }

    private void lose(String call) {
        if (take(lostAnswers, call)) {
            throw new Failure(ExitStatus.UNAVAILABLE, "simulated: the answer of " + call + " was lost");
        }
    }

    private static boolean take(List<Predicate<String>> orders, String call) {
        for (int i = 0; i < orders.size(); i++) {
            if (orders.get(i).test(call)) {
                orders.remove(i);
                return true;
            }
        }
        return false;
    }
}
