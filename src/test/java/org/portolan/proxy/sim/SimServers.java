package org.portolan.proxy.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Check;
import org.portolan.model.routing.ServerView.Result;
import org.portolan.model.routing.ServerView.Status;
import org.portolan.model.service.ServiceSpec.Health;

/** The servers of a {@link SimProxy}: what was set, what they show of it, their checks and sessions. */
final class SimServers {
    private final InstantSource clock;
    /** By instance and port, in order. */
    private final Map<String, Shown> shown = new ConcurrentSkipListMap<>();
    /** Those that have passed the proxy's checks since they came, as far as anybody looked. */
    private final Set<InstanceId> passed = new TreeSet<>();

    private final Map<InstanceId, Long> sessions = new HashMap<>();
    /** What somebody made of servers with the proxy's own means. */
    private final Map<InstanceId, State> byHand = new ConcurrentSkipListMap<>();

    BiPredicate<RouteSet.Server, Optional<Health>> answers = (server, check) -> true;
    Predicate<RouteSet.Server> ignored = server -> false;
    Duration acknowledgement = Duration.ZERO;
    Duration firstCheck = Duration.ZERO;
    Duration failing = Duration.ZERO;
    /** How many sessions each server that serves has, where the test does not say. */
    long busy;

    @Nullable
    Duration sessionsEndAfter;

    SimServers(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What the proxy serves by, and what it served by until the change was acknowledged.
     *
     * @param sticky whether it is drained by maintenance, as where a cookie would still lead to it
     * @param checks those that it is checked by: the backend's (empty: by connecting), and its version's own if it has one;
     *     none at all where nothing may listen
     * @param unchecked since when: a new server, one that comes from maintenance and each after a reload counts as up until
     *     checks have failed
     * @param left when it was asked to take nothing new; null: it is to serve
     * @param carries whether sessions may be left of when it served
     * @param maxConnections the backend's limit
     */
    private record Shown(
            String port,
            boolean sticky,
            RouteSet.Server now,
            RouteSet.@Nullable Server before,
            Instant changed,
            List<Optional<Health>> checks,
            Instant unchecked,
            @Nullable Instant left,
            boolean carries,
            int maxConnections) {
        Shown unchecked(Instant since, boolean keepsSessions) {
            return new Shown(
                    port, sticky, now, before, changed, checks, since, left, carries && keepsSessions, maxConnections);
        }

        /** In maintenance nothing is checked, and checks begin again after it. */
        boolean out(State state) {
            return state == State.MAINT || (state == State.DRAIN && sticky);
        }
    }

    /** Takes over a deployment's servers. */
    void show(RouteSet routes) {
        Set<String> kept = new HashSet<>();
        for (RouteSet.Backend backend : routes.backends()) {
            for (RouteSet.Server server : backend.servers()) {
                String key = server.instance().name() + "/" + backend.port();
                kept.add(key);
                shown.put(key, next(backend, server, shown.get(key)));
            }
        }
        shown.entrySet().removeIf(entry -> of(routes.deployment(), entry.getValue()) && !kept.contains(entry.getKey()));
    }

    private Shown next(RouteSet.Backend backend, RouteSet.Server server, @Nullable Shown old) {
        Instant at = clock.instant();
        Instant leaves = server.state() == State.READY ? null : at;
        if (old == null) {
            passed.remove(server.instance());
            return new Shown(
                    backend.port(),
                    backend.sticky(),
                    server,
                    null,
                    at,
                    checks(backend, server),
                    at,
                    leaves,
                    false,
                    backend.maxConnections());
        }
        boolean comes = old.out(old.now().state()) && !old.out(server.state());
        boolean same = old.now().equals(server);
        return new Shown(
                backend.port(),
                backend.sticky(),
                server,
                same ? old.before() : visible(old),
                same ? old.changed() : at,
                checks(backend, server),
                comes ? at : old.unchecked(),
                leaves == null || old.left() == null ? leaves : old.left(),
                old.carries() || serves(old),
                backend.maxConnections());
    }

    private static List<Optional<Health>> checks(RouteSet.Backend backend, RouteSet.Server server) {
        List<Optional<Health>> checks = new ArrayList<>(backend.checked() ? List.of(backend.health()) : List.of());
        backend.trial()
                .filter(trial -> trial.version() == server.instance().version())
                .ifPresent(trial -> checks.add(Optional.of(trial.health())));
        return checks;
    }

    private static boolean of(String deployment, Shown entry) {
        return entry.now().instance().deployment().equals(deployment);
    }

    void remove(String deployment) {
        shown.values().removeIf(entry -> of(deployment, entry));
    }

    /** After a reload nothing is checked yet. */
    void reloaded() {
        shown.replaceAll((key, old) -> old.unchecked(clock.instant(), true));
    }

    /** With the process go its sessions, and what somebody changed by hand. */
    void died() {
        byHand.clear();
        sessions.clear();
        shown.replaceAll((key, old) -> old.unchecked(clock.instant(), false));
    }

    void sessions(InstanceId instance, long open) {
        sessions.put(instance, open);
    }

    void byHand(InstanceId instance, State state) {
        byHand.put(instance, state);
    }

    Map<InstanceId, State> byHand() {
        return byHand;
    }

    /** Brings back what somebody changed by hand. */
    void restore() {
        shown.replaceAll((key, old) ->
                byHand.get(old.now().instance()) == State.MAINT ? old.unchecked(clock.instant(), true) : old);
        byHand.clear();
    }

    /** What is said of a deployment's servers, and remembered as passed. */
    Map<InstanceId, List<ServerView>> views(String deployment, SimProxy.Counted counted) {
        Map<InstanceId, List<ServerView>> views = new TreeMap<>();
        for (Shown entry : shown.values()) {
            RouteSet.Server server = visible(entry);
            if (server == null || !of(deployment, entry)) {
                continue;
            }
            Check check = lastCheck(entry, server);
            if (check.result() == Result.PASSED) {
                passed.add(server.instance());
            }
            SimProxy.Counters counters = counted.of(server.instance());
            views.computeIfAbsent(server.instance(), id -> new ArrayList<>())
                    .add(new ServerView(
                            entry.port(),
                            statusOf(entry, server),
                            server.weight(),
                            open(entry, server),
                            counters.responses(),
                            counters.errors(),
                            counters.average(),
                            check,
                            entry.maxConnections()));
        }
        return views;
    }

    /** Instances of a service that get traffic and would pass the proxy's checks now, whether or not it has asked them. */
    Set<InstanceId> serving(String deployment, String service) {
        Set<InstanceId> serving = new TreeSet<>();
        for (Shown entry : shown.values()) {
            if (of(deployment, entry) && entry.now().instance().service().equals(service) && serves(entry)) {
                serving.add(entry.now().instance());
            }
        }
        return serving;
    }

    /** Instances that are up and have passed at least once since they came, as far as anybody looked. */
    Set<InstanceId> trusted(String deployment, String service) {
        Set<InstanceId> trusted = new TreeSet<>();
        for (Shown entry : shown.values()) {
            RouteSet.Server server = visible(entry);
            if (server != null
                    && of(deployment, entry)
                    && entry.now().instance().service().equals(service)
                    && passed.contains(entry.now().instance())
                    && statusOf(entry, server) == Status.UP) {
                trusted.add(entry.now().instance());
            }
        }
        return trusted;
    }

    private RouteSet.@Nullable Server visible(Shown entry) {
        RouteSet.Server server = acknowledged(entry) ? entry.now() : entry.before();
        State forced = server == null ? null : byHand.get(server.instance());
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
        if (entry.checks().isEmpty()) {
            return Check.UNCHECKED;
        }
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
        return server != null && server.state() == State.READY && passes(entry, server);
    }

    private long open(Shown entry, RouteSet.Server server) {
        Instant left = entry.left();
        if (left != null && sessionsEndAfter != null && acknowledged(entry)) {
            Instant end = left.plus(acknowledgement).plus(sessionsEndAfter);
            if (!clock.instant().isBefore(end)) {
                return 0;
            }
        }
        boolean some = server.state() == State.READY ? serves(entry) : entry.carries();
        return sessions.getOrDefault(entry.now().instance(), some ? busy : 0);
    }

    private Status statusOf(Shown entry, RouteSet.Server server) {
        if (entry.out(server.state())) {
            return server.state() == State.MAINT ? Status.MAINT : Status.DRAIN;
        }
        boolean early = clock.instant().isBefore(firstChecked(entry).plus(failing));
        if (!early && !passes(entry, server)) {
            return Status.DOWN;
        }
        return server.state() == State.DRAIN ? Status.DRAIN : Status.UP;
    }
}
