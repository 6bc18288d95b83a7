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
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyListener;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Check;
import org.portolan.model.routing.ServerView.Result;
import org.portolan.model.routing.ServerView.Status;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.proxy.Proxy;

/**
 * A deterministic {@link Proxy}: what is applied shows in {@link #observe} after the acknowledgement delay of the virtual
 * clock, sessions are what the test says, and faults come when they were ordered. It keeps what was applied across
 * {@link #kill} and a new controller, as the files of the real one do.
 */
public final class SimProxy implements Proxy {
    private final InstantSource clock;
    private final SortedMap<String, RouteSet> parts = new TreeMap<>();
    private final Map<Key, Shown> shown = new HashMap<>();
    /** Those that have passed the proxy's checks since they came, as far as anybody looked. */
    private final Set<InstanceId> passed = new TreeSet<>();

    private final Map<InstanceId, Long> sessions = new HashMap<>();
    private final Map<InstanceId, Counters> counters = new HashMap<>();
    private final List<Predicate<String>> refusals = new ArrayList<>();
    private final List<Predicate<String>> lostAnswers = new ArrayList<>();
    private BiPredicate<RouteSet.Server, Optional<Health>> answers = (server, check) -> true;
    private Predicate<RouteSet.Server> ignored = server -> false;
    private Duration acknowledgement = Duration.ZERO;
    private Duration firstCheck = Duration.ZERO;
    private Duration failing = Duration.ZERO;
    private @Nullable Duration sessionsEndAfter;
    private List<ProxyListener> own = List.of();
    private final List<String> broken = new ArrayList<>();
    /** What somebody made of servers with the proxy's own means. */
    private final Map<InstanceId, RouteSet.State> byHand = new TreeMap<>();

    /** Deployments whose routes are in a damaged file, and in one that was set aside. */
    private final Set<String> damaged = new TreeSet<>();

    private final Set<String> lost = new TreeSet<>();

    private final Map<Integer, String> held = new HashMap<>();
    private List<String> troubles = List.of();
    private boolean running;
    private int applies;
    private int reloads;
    private int starts;

    private record Key(InstanceId instance, String port) {}

    private record Counters(long responses, long errors, Duration average) {}

    /**
     * What the proxy serves by, and what it served by until the change was acknowledged.
     *
     * @param checks those that it is checked by: the backend's (empty: by connecting), and its version's own if it has one
     * @param unchecked since when: a new server and each server after a reload counts as up until checks have failed
     */
    private record Shown(
            RouteSet.Server now,
            RouteSet.@Nullable Server before,
            Instant changed,
            List<Optional<Health>> checks,
            Instant unchecked) {}

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

    /** How long after its first check a server that fails it still counts as UP: as many checks as {@code fall} says. */
    public SimProxy failAfter(Duration delay) {
        failing = delay;
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

    /** Changes of which servers the proxy never carries out. */
    public void ignores(Predicate<RouteSet.Server> server) {
        ignored = server;
    }

    /** What servers answer to the proxy's own checks; an empty check is a connection. */
    public void answeredBy(BiPredicate<RouteSet.Server, Optional<Health>> app) {
        answers = app;
    }

    /** The next call ("ensureRunning", "apply", "remove", "observe") that matches fails and does nothing. */
    public void refuseNext(Predicate<String> call) {
        refusals.add(call);
    }

    /** The next call that matches is done, but its answer is lost: the caller sees a failure. */
    public void loseNextAnswer(Predicate<String> call) {
        lostAnswers.add(call);
    }

    /** What {@link #troubles} says. */
    public void suffers(List<String> causes) {
        troubles = List.copyOf(causes);
    }

    @Override
    public List<String> troubles() {
        return troubles;
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

    /** Instances of a service that get traffic and would pass the proxy's checks now, whether or not it has asked them. */
    public Set<InstanceId> serving(String deployment, String service) {
        Set<InstanceId> serving = new TreeSet<>();
        if (!running) {
            return serving;
        }
        shown.forEach((key, value) -> {
            if (key.instance().deployment().equals(deployment)
                    && key.instance().service().equals(service)
                    && serves(value)) {
                serving.add(key.instance());
            }
        });
        return serving;
    }

    /**
     * Instances of a service that the proxy sends traffic to and that have passed its own checks at least once since they
     * came: it keeps one that fails again for as long as it takes to be sure.
     */
    public Set<InstanceId> trusted(String deployment, String service) {
        Set<InstanceId> trusted = new TreeSet<>();
        shown.forEach((key, value) -> {
            RouteSet.Server server = visible(value);
            if (running
                    && server != null
                    && key.instance().deployment().equals(deployment)
                    && key.instance().service().equals(service)
                    && passed.contains(key.instance())
                    && statusOf(value, server) == Status.UP) {
                trusted.add(key.instance());
            }
        });
        return trusted;
    }

    @Override
    public List<String> ensureRunning() {
        refuse("ensureRunning");
        List<String> done = new ArrayList<>();
        if (!running) {
            running = true;
            starts++;
            done.addAll(parts.isEmpty() ? List.of() : List.of("the proxy does not run: start it"));
        }
        damaged.forEach(name -> done.add("the routes of " + name + " are damaged: set them aside"));
        setAside();
        broken.forEach(defect -> done.add(defect + ": mend it"));
        broken.clear();
        byHand.keySet().forEach(server -> done.add("server " + server + " is not as it shall be: mend it"));
        byHand.clear();
        lose("ensureRunning");
        return done;
    }

    @Override
    public List<ProxyDefect> defects() {
        List<ProxyDefect> defects = new ArrayList<>();
        if (!running && !parts.isEmpty()) {
            defects.add(new ProxyDefect("the proxy does not run", Optional.of("start it"), true));
        }
        damaged.forEach(name ->
                defects.add(new ProxyDefect("the routes of " + name + " are damaged", Optional.of("set them aside"))));
        lost.forEach(
                name -> defects.add(ProxyDefect.forPeople("the routes of " + name + " are lost", "deploy " + name)));
        broken.forEach(defect -> defects.add(new ProxyDefect(defect, Optional.of("mend it"))));
        byHand.forEach((server, state) -> defects.add(new ProxyDefect(
                "server " + server + " is " + state + " by hand", Optional.of("bring it to the routes"))));
        return defects;
    }

    @Override
    public List<ProxyListener> own() {
        return own;
    }

    /** Portolan's own listeners, which nothing else may take. */
    public SimProxy own(ProxyListener... listeners) {
        own = List.of(listeners);
        return this;
    }

    @Override
    public Optional<String> obstacle(String address, int port) {
        return Optional.ofNullable(held.get(port));
    }

    /** Something that is not as it should be, until it is repaired. */
    public void broken(String defect) {
        broken.add(defect);
    }

    /** Somebody drains a server, or puts it into maintenance, with the proxy's own means; until it is repaired. */
    public void byHand(InstanceId instance, RouteSet.State state) {
        byHand.put(instance, state);
    }

    /** The file of a deployment's routes is damaged: it is served until somebody sets the file aside. */
    public void damage(String deployment) {
        if (parts.remove(deployment) != null) {
            damaged.add(deployment);
        }
    }

    private void setAside() {
        lost.addAll(damaged);
        shown.keySet().removeIf(key -> damaged.contains(key.instance().deployment()));
        damaged.clear();
    }

    /** A port that somebody else listens on. */
    public void held(int port, String holder) {
        held.put(port, "in use by " + holder);
    }

    @Override
    public boolean apply(RouteSet routes) {
        refuse("apply");
        RouteSet before = parts.get(routes.deployment());
        boolean reloaded = false;
        if (!routes.equals(before)) {
            reloaded = before == null || !structure(before).equals(structure(routes));
            reloads += reloaded ? 1 : 0;
            applies++;
            setAside();
            lost.remove(routes.deployment());
            parts.put(routes.deployment(), routes);
            byHand.clear();
            show(routes, reloaded);
        }
        lose("apply");
        return reloaded;
    }

    @Override
    public Optional<RouteSet> applied(String deployment) {
        return Optional.ofNullable(parts.get(deployment));
    }

    @Override
    public SortedMap<String, RouteSet> applied() {
        return new TreeMap<>(parts);
    }

    @Override
    public void remove(String deployment) {
        refuse("remove");
        damaged.remove(deployment);
        lost.remove(deployment);
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
            throw new Failure(Kind.UNAVAILABLE, "the proxy does not run");
        }
        Map<InstanceId, List<ServerView>> views = new LinkedHashMap<>();
        new TreeMap<>(byName(deployment)).values().forEach(entry -> {
            RouteSet.Server server = visible(entry.getValue());
            if (server == null) {
                return;
            }
            if (lastCheck(entry.getValue(), server).result() == Result.PASSED) {
                passed.add(server.instance());
            }
            Counters counted = counters.getOrDefault(server.instance(), new Counters(0, 0, Duration.ZERO));
            views.computeIfAbsent(server.instance(), id -> new ArrayList<>())
                    .add(new ServerView(
                            entry.getKey().port(),
                            statusOf(entry.getValue(), server),
                            server.weight(),
                            open(entry.getValue()),
                            counted.responses(),
                            counted.errors(),
                            counted.average(),
                            lastCheck(entry.getValue(), server)));
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

    private void show(RouteSet routes, boolean reloaded) {
        Set<Key> kept = new java.util.HashSet<>();
        for (RouteSet.Backend backend : routes.backends()) {
            for (RouteSet.Server server : backend.servers()) {
                Key key = new Key(server.instance(), backend.port());
                kept.add(key);
                List<Optional<Health>> checks = checks(backend, server);
                Shown old = shown.get(key);
                if (old == null) {
                    passed.remove(server.instance());
                }
                if (old == null || !old.now().equals(server)) {
                    boolean comes = old == null || old.now().state() != RouteSet.State.READY;
                    shown.put(
                            key,
                            new Shown(
                                    server,
                                    old == null ? null : visible(old),
                                    clock.instant(),
                                    checks,
                                    comes ? clock.instant() : old.unchecked()));
                } else {
                    shown.put(key, new Shown(server, old.before(), old.changed(), checks, old.unchecked()));
                }
            }
        }
        shown.keySet().removeIf(key -> key.instance().deployment().equals(routes.deployment()) && !kept.contains(key));
        if (reloaded) {
            shown.replaceAll(
                    (key, old) -> new Shown(old.now(), old.before(), old.changed(), old.checks(), clock.instant()));
        }
    }

    private static List<Optional<Health>> checks(RouteSet.Backend backend, RouteSet.Server server) {
        List<Optional<Health>> checks = new ArrayList<>(List.of(backend.health()));
        backend.trial()
                .filter(trial -> trial.version() == server.instance().version())
                .ifPresent(trial -> checks.add(Optional.of(trial.health())));
        return checks;
    }

    private RouteSet.@Nullable Server visible(Shown entry) {
        RouteSet.Server server = acknowledged(entry) ? entry.now() : entry.before();
        RouteSet.State forced = server == null ? null : byHand.get(server.instance());
        return server == null || forced == null
                ? server
                : new RouteSet.Server(server.instance(), server.address(), server.port(), forced, server.weight());
    }

    private boolean acknowledged(Shown entry) {
        return !ignored.test(entry.now())
                && !clock.instant().isBefore(entry.changed().plus(acknowledgement));
    }

    private Instant firstChecked(Shown entry) {
        return entry.unchecked().plus(acknowledgement).plus(firstCheck);
    }

    private boolean passes(Shown entry, RouteSet.Server server) {
        return entry.checks().stream().allMatch(check -> answers.test(server, check));
    }

    private Check lastCheck(Shown entry, RouteSet.Server server) {
        if (clock.instant().isBefore(firstChecked(entry))) {
            return Check.NONE;
        }
        return entry.checks().stream()
                .filter(check -> !answers.test(server, check))
                .findFirst()
                .map(check -> check.isEmpty()
                        ? new Check(Result.UNREACHABLE, "cannot connect")
                        : new Check(Result.FAILED, "status 400"))
                .orElse(Check.PASSED);
    }

    private boolean serves(Shown entry) {
        RouteSet.Server server = visible(entry);
        return server != null && server.state() == RouteSet.State.READY && passes(entry, server);
    }

    private long open(Shown entry) {
        boolean leaving = entry.now().state() != RouteSet.State.READY && acknowledged(entry);
        if (leaving && sessionsEndAfter != null) {
            Instant end = entry.changed().plus(acknowledgement).plus(sessionsEndAfter);
            if (!clock.instant().isBefore(end)) {
                return 0;
            }
        }
        return sessions.getOrDefault(entry.now().instance(), 0L);
    }

    private Status statusOf(Shown entry, RouteSet.Server server) {
        return switch (server.state()) {
            case READY -> {
                boolean early = clock.instant().isBefore(firstChecked(entry).plus(failing));
                yield early || passes(entry, server) ? Status.UP : Status.DOWN;
            }
            case DRAIN -> Status.DRAIN;
            case MAINT -> Status.MAINT;
        };
    }

    /** What makes the real proxy reload when it changes: everything but servers and domains. */
    private static List<RouteSet.Backend> structure(RouteSet routes) {
        List<RouteSet.Backend> bare = new ArrayList<>();
        for (RouteSet.Backend backend : routes.backends()) {
            bare.add(backend.with(List.of()));
        }
        return bare;
    }

    private void refuse(String call) {
        if (take(refusals, call)) {
            throw new Failure(Kind.UNAVAILABLE, "simulated: the proxy refused " + call);
        }
    }

    private void lose(String call) {
        if (take(lostAnswers, call)) {
            throw new Failure(Kind.UNAVAILABLE, "simulated: the answer of " + call + " was lost");
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
