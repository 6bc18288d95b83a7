package org.portolan.proxy.sim;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.model.routing.ControllerEntry;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.ProxyCapacity;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyDefect.Subject;
import org.portolan.model.routing.ProxyListener;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.proxy.Proxy;
import org.portolan.routing.ControllerClaims;
import org.portolan.routing.Frontend;
import org.portolan.routing.MeshBackend;
import org.portolan.routing.RoutingTable;

/**
 * A deterministic {@link Proxy}: what is applied shows in {@link #observe} after the acknowledgement delay of the virtual
 * clock, sessions are what the test says, and faults come when they were ordered. It keeps what was applied across
 * {@link #kill} and a new controller, as the files of the real one do.
 */
public final class SimProxy implements Proxy {
    private final SimServers servers;
    private final SortedMap<String, RouteSet> parts = new TreeMap<>();
    private final Map<InstanceId, Counters> counters = new HashMap<>();
    private final List<Predicate<String>> refusals = new ArrayList<>();
    private final List<Predicate<String>> lostAnswers = new ArrayList<>();
    private List<ProxyListener> own = List.of();
    private final List<String> broken = new ArrayList<>();
    /** Deployments whose routes are in a damaged file, and in one that was set aside. */
    private final Set<String> damaged = new TreeSet<>();

    private final Set<String> lost = new TreeSet<>();
    private final Map<Integer, String> held = new HashMap<>();
    private List<String> troubles = List.of();
    /** How often logs were put aside, if they were large. */
    public final AtomicInteger logsKept = new AtomicInteger();

    private Function<AccessLogQuery, AccessLogPage> accessLog = query -> new AccessLogPage(List.of(), "");
    private Optional<ControllerRoute> published = Optional.empty();
    private ControllerEntry entry = new ControllerEntry(Path.of("/state/controller.sock"), "edge", Optional.empty());
    private boolean running;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private Structure structure = structure(RoutingTable.of(List.of()));

    record Counters(long responses, long errors, Duration average) {}

    /** What was counted of instances' answers. */
    interface Counted {
        Counters of(InstanceId instance);
    }

    /** What makes the real proxy reload when it changes: everything but servers and domains. */
    private record Structure(List<Frontend> frontends, List<MeshBackend> backends) {}

    public SimProxy(InstantSource clock) {
        servers = new SimServers(clock);
    }

    /** How long after {@code apply} the proxy shows the change. */
    public SimProxy acknowledgeAfter(Duration delay) {
        servers.acknowledgement = delay;
        return this;
    }

    /** How long after a change a server counts as UP because nothing has checked it yet. */
    public SimProxy checkAfter(Duration delay) {
        servers.firstCheck = delay;
        return this;
    }

    /** How long after its first check a server that fails it still counts as UP: as many checks as {@code fall} says. */
    public SimProxy failAfter(Duration delay) {
        servers.failing = delay;
        return this;
    }

    /** Open sessions of an instance, until set again. */
    public void sessions(InstanceId instance, long open) {
        servers.sessions(instance, open);
    }

    /** Open sessions of each instance that serves, where {@link #sessions} does not say. */
    public SimProxy busy(long open) {
        servers.busy = open;
        return this;
    }

    /** Sessions of a draining instance are over this long after its drain was acknowledged; null: when the test says. */
    public void sessionsEndAfter(@Nullable Duration time) {
        servers.sessionsEndAfter = time;
    }

    /** What the proxy counted of an instance's answers, for gates. */
    public void counted(InstanceId instance, long responses, long errors, Duration average) {
        counters.put(instance, new Counters(responses, errors, average));
    }

    /** Changes of which servers the proxy never carries out. */
    public void ignores(Predicate<RouteSet.Server> server) {
        servers.ignored = server;
    }

    /** What servers answer to the proxy's own checks; an empty check is a connection. */
    public void answeredBy(BiPredicate<RouteSet.Server, Optional<Health>> app) {
        servers.answers = app;
    }

    /** The next call ("ensureRunning", "apply", "remove", "observe") that matches fails and does nothing. */
    public void refuseNext(Predicate<String> call) {
        refusals.add(call);
    }

    /** The next call that matches is done, but its answer is lost: the caller sees a failure. */
    public void loseNextAnswer(Predicate<String> call) {
        lostAnswers.add(call);
    }

    /** What the edge wrote down of requests. */
    public void wroteDown(Function<AccessLogQuery, AccessLogPage> log) {
        accessLog = log;
    }

    @Override
    public boolean publish(Optional<ControllerRoute> route) {
        refuse("publish");
        route.ifPresent(asked -> ControllerClaims.requireFree(asked, parts.values()));
        boolean changed = !route.equals(published);
        published = route;
        return changed;
    }

    @Override
    public Optional<ControllerRoute> published() {
        return published;
    }

    @Override
    public ControllerEntry controllerEntry() {
        return entry;
    }

    /** Where the edge asks the controller. */
    public void entered(ControllerEntry now) {
        entry = now;
    }

    @Override
    public void keepLogs() {
        logsKept.incrementAndGet();
    }

    @Override
    public Optional<Path> accessLog() {
        return Optional.of(Path.of("/state/access.log"));
    }

    @Override
    public AccessLogPage accessLog(AccessLogQuery query) {
        return accessLog.apply(query);
    }

    /** What {@link #troubles} says besides. */
    public void suffers(List<String> causes) {
        troubles = List.copyOf(causes);
    }

    @Override
    public List<String> troubles() {
        List<String> all = new ArrayList<>(Proxy.super.troubles());
        all.addAll(troubles);
        return all;
    }

    /** Both proxies die; their files stay. */
    public void kill() {
        running = false;
        servers.died();
        tell();
    }

    @Override
    public AutoCloseable watch(Runnable altered) {
        watchers.add(altered);
        return () -> watchers.remove(altered);
    }

    /** From now on nobody hears of what is done to the files and processes. */
    public void tellNobody() {
        watchers.clear();
    }

    private void tell() {
        watchers.forEach(Runnable::run);
    }

    public boolean running() {
        return running;
    }

    /** Instances of a service that get traffic and would pass the proxy's checks now, whether or not it has asked them. */
    public Set<InstanceId> serving(String deployment, String service) {
        return running ? servers.serving(deployment, service) : Set.of();
    }

    /**
     * Instances of a service that the proxy sends traffic to and that have passed its own checks at least once since they
     * came: it keeps one that fails again for as long as it takes to be sure.
     */
    public Set<InstanceId> trusted(String deployment, String service) {
        return running ? servers.trusted(deployment, service) : Set.of();
    }

    @Override
    public List<String> ensureRunning() {
        refuse("ensureRunning");
        List<String> done = new ArrayList<>();
        if (!running) {
            running = true;
            done.add("the proxy does not run: start it");
        }
        damaged.forEach(name -> done.add("the routes of " + name + " are damaged: set them aside"));
        setAside();
        broken.forEach(defect -> done.add(defect + ": repair it"));
        broken.clear();
        servers.byHand().keySet().forEach(server -> done.add("server " + server + " is not as it shall be: repair it"));
        servers.restore();
        lose("ensureRunning");
        return done;
    }

    @Override
    public List<ProxyDefect> defects() {
        List<ProxyDefect> defects = new ArrayList<>();
        if (!running && !parts.isEmpty()) {
            defects.add(ProxyDefect.down(Subject.MESH, "the proxy does not run", "start it"));
        }
        damaged.forEach(name -> defects.add(
                ProxyDefect.repairable(Subject.ROUTES, "the routes of " + name + " are damaged", "set them aside")));
        lost.forEach(name -> defects.add(
                ProxyDefect.forPeople(Subject.ROUTES, "the routes of " + name + " are lost", "deploy " + name)));
        broken.forEach(defect -> defects.add(ProxyDefect.repairable(Subject.MESH, defect, "repair it")));
        servers.byHand()
                .forEach((server, state) -> defects.add(ProxyDefect.repairable(
                        Subject.SERVERS, "server " + server + " is " + state + " by hand", "bring it to the routes")));
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
        tell();
    }

    /** Somebody drains a server, or puts it into maintenance, with the proxy's own means; until it is repaired. */
    public void byHand(InstanceId instance, RouteSet.State state) {
        servers.byHand(instance, state);
    }

    /** The file of a deployment's routes is damaged: it is served until somebody sets the file aside. */
    public void damage(String deployment) {
        if (parts.remove(deployment) != null) {
            damaged.add(deployment);
            tell();
        }
    }

    private void setAside() {
        if (damaged.isEmpty()) {
            return;
        }
        lost.addAll(damaged);
        damaged.forEach(servers::remove);
        damaged.clear();
        structure = structure(RoutingTable.of(parts.values()));
    }

    /** A port that somebody else listens on. */
    public void held(int port, String holder) {
        held.put(port, "in use by " + holder);
    }

    @Override
    public boolean apply(RouteSet routes) {
        refuse("apply");
        boolean reloaded = false;
        if (!routes.equals(parts.get(routes.deployment()))) {
            published.ifPresent(route -> ControllerClaims.requireKept(route, routes));
            SortedMap<String, RouteSet> union = new TreeMap<>(parts);
            union.put(routes.deployment(), routes);
            reloaded = change(union, () -> servers.show(routes));
            lost.remove(routes.deployment());
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
        boolean known = parts.containsKey(deployment) || damaged.contains(deployment);
        if (known) {
            SortedMap<String, RouteSet> union = new TreeMap<>(parts);
            union.remove(deployment);
            change(union, () -> servers.remove(deployment));
        }
        lost.remove(deployment);
        lose("remove");
    }

    /** What is refused changes nothing; a change starts what does not run and brings back what was done by hand. */
    private boolean change(SortedMap<String, RouteSet> union, Runnable toServers) {
        Structure next = structure(RoutingTable.of(union.values()));
        boolean reload = !next.equals(structure);
        running = true;
        parts.clear();
        parts.putAll(union);
        setAside();
        structure = next;
        servers.restore();
        toServers.run();
        if (reload) {
            servers.reloaded();
        }
        return reload;
    }

    private static Structure structure(RoutingTable table) {
        return new Structure(
                table.frontends(),
                table.pools().values().stream()
                        .map(pool -> new MeshBackend(pool.name(), pool.http(), pool.sticky(), pool.check(), List.of()))
                        .toList());
    }

    @Override
    public Map<InstanceId, List<ServerView>> observe(String deployment) {
        refuse("observe");
        if (!parts.containsKey(deployment)) {
            return Map.of();
        }
        if (!running) {
            throw new Failure(Kind.UNAVAILABLE, "the proxy does not run");
        }
        Map<InstanceId, List<ServerView>> views =
                servers.views(deployment, id -> counters.getOrDefault(id, new Counters(0, 0, Duration.ZERO)));
        lose("observe");
        return views;
    }

    @Override
    public List<ProxyCapacity> capacities() {
        return running ? List.of(new ProxyCapacity("simulated proxy", 10, 65_536, 65_536, 10, 28_000)) : List.of();
    }

    @Override
    public List<String> describe() {
        return List.of(running ? "simulated proxy running" : "simulated proxy stopped");
    }

    @Override
    public void close() {}

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
