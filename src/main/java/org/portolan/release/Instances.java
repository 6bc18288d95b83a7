package org.portolan.release;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.plan.HandChanges;
import org.portolan.probe.Prober;
import org.portolan.rollout.FileState;
import org.portolan.rollout.InstanceState;
import org.portolan.rollout.InstanceView;
import org.portolan.rollout.Listening;
import org.portolan.rollout.ServerTarget;
import org.portolan.rollout.Step;

/**
 * Every instance of the deployment, as engine, proxy and checks show it: the one place where an {@link InstanceState} is replaced
 * by the next. Used by the loop's thread only.
 */
final class Instances {
    private static final ServiceSpec LEAVING = ServiceSpec.from("leaving", Definition.of(Map.of()));

    private final ReleaseRequest run;
    private final String installation;
    private final SortedMap<InstanceId, InstanceState> instances = new TreeMap<>();
    private final Map<InstanceId, ServerTarget> appliedBefore = new TreeMap<>();
    private final SortedMap<InstanceId, Step> underWay = new TreeMap<>();
    /** Of instances that were started before the engine has shown them. */
    private final Map<InstanceId, InstanceState.Started> started = new TreeMap<>();

    private final Set<Integer> usedPorts = new HashSet<>();
    /** How many steps have ended. */
    private int ended;
    /** Ids of containers that were made, and that the engine has not shown yet. */
    private final Map<InstanceId, String> made = new TreeMap<>();
    /** Of steps that began since the engine was asked last. */
    private final Set<InstanceId> unseen = new TreeSet<>();
    /** Ids of containers that say that they are an instance which another one is. */
    private Set<String> doubles = Set.of();
    /** Ids of containers that this run stopped. */
    private final Set<String> stopped = new HashSet<>();

    private final Instant begun;
    private boolean ignoringEnds;
    private final Listening listening;
    /** By service, an instance that was found to listen nowhere and need not, and what to tell of it. */
    private final SortedMap<String, Silence> silent = new TreeMap<>();

    /** An instance that listens nowhere and need not. */
    record Silence(InstanceId instance, String message) {}

    Instances(ReleaseRequest run, Optional<RouteSet> applied, Listening listening, Instant begun) {
        this.run = run;
        this.listening = listening;
        this.begun = begun;
        this.installation = run.factory().labels().getOrDefault(Labels.INSTALLATION, "");
        applied.ifPresent(part -> {
            for (RouteSet.Backend backend : part.backends()) {
                for (RouteSet.Server server : backend.servers()) {
                    appliedBefore.put(server.instance(), new ServerTarget(server.state(), server.weight()));
                }
            }
        });
    }

    /** Takes over what the engine shows: all of its containers. */
    void observe(Collection<Container> containers, Instant now) {
        usedPorts.clear();
        doubles = HandChanges.doubles(containers.stream().filter(this::isOurs).toList());
        Set<InstanceId> seen = take(containers, now);
        instances.keySet().retainAll(seen);
        made.clear();
    }

    /**
     * Takes over what the engine shows of some containers; what is known of the others stays as it is.
     *
     * @param ids what was asked for
     */
    void observe(Set<String> ids, Collection<Container> containers, Instant now) {
        Set<InstanceId> seen = take(containers, now);
        instances.values().removeIf(state -> ids.contains(state.container().id()) && !seen.contains(state.id()));
        made.values().removeAll(ids);
    }

    /**
     * The ids of all containers of the services that something is done to or waited for; none of an instance that is being made.
     * Empty when all have to be looked at: nothing is in hand, or it is not known which container was made of an instance.
     */
    Optional<Set<String>> inHand() {
        Set<InstanceId> moving = new TreeSet<>(underWay.keySet());
        moving.addAll(unseen);
        moving.addAll(started.keySet());
        instances.values().stream()
                .filter(state -> !state.atRest())
                .map(InstanceState::id)
                .forEach(moving::add);
        if (moving.isEmpty()) {
            return Optional.empty();
        }
        Set<String> services = new HashSet<>();
        Set<String> ids = new TreeSet<>(made.values());
        for (InstanceId id : moving) {
            services.add(id.service());
            boolean known =
                    instances.containsKey(id) || made.containsKey(id) || underWay.get(id) instanceof Step.Create;
            if (!known) {
                return Optional.empty();
            }
        }
        for (InstanceState state : instances.values()) {
            if (services.contains(state.id().service())) {
                ids.add(state.container().id());
            }
        }
        return Optional.of(ids);
    }

    private Set<InstanceId> take(Collection<Container> containers, Instant now) {
        Set<InstanceId> seen = new HashSet<>();
        for (Container shown : containers) {
            Container container = completed(shown) ? shown.asRunning() : shown;
            InstanceLabels.ports(container.label(Labels.PORTS)).values().forEach(port -> usedPorts.add(port.host()));
            Optional<InstanceId> id =
                    container.instance().filter(instance -> isOurs(container) && !doubles.contains(container.id()));
            if (id.isEmpty()) {
                continue;
            }
            seen.add(id.get());
            InstanceState known = instances.get(id.get());
            InstanceState state = known == null || !known.container().id().equals(container.id())
                    ? admit(id.get(), container, now)
                    : known;
            state = state.observed(container, now);
            instances.put(id.get(), ignoringEnds ? state.withEndIgnored() : state);
        }
        ignoringEnds = false;
        unseen.retainAll(underWay.keySet());
        return seen;
    }

    /** Whether it is of a service that may end by itself, and did: it counts as one that runs, until it is to go. */
    private boolean completed(Container container) {
        return container.completed()
                && !stopped.contains(container.id())
                && container
                        .instance()
                        .filter(id -> {
                            ServiceGoal goal = run.goal().services().get(id.service());
                            return goal != null
                                    && goal.version() == id.version()
                                    && goal.spec().completes();
                        })
                        .isPresent();
    }

    private boolean isOurs(Container container) {
        return (run.adopted() || container.isOf(installation))
                && container.label(Labels.DEPLOYMENT).equals(run.goal().deployment());
    }

    private InstanceState admit(InstanceId id, Container container, Instant now) {
        InstanceState state = InstanceState.of(id, container, now);
        ServerTarget serverTarget = appliedBefore.get(id);
        if (serverTarget != null) {
            state = state.asked(Optional.of(serverTarget), now);
        }
        ServiceGoal goal = run.goal().services().get(id.service());
        boolean target = goal != null && goal.version() == id.version();
        boolean restarting = container.state() == Container.State.RESTARTING;
        boolean running = restarting || container.state() == Container.State.RUNNING;
        // Made by a release that never ended, it may not have passed its startup check, nor have its restart policy.
        boolean starting = underWay(id).filter(Step::starts).isPresent();
        InstanceState.Started start = started.remove(id);
        if (start != null) {
            return state.started(start);
        }
        boolean suspect = target && running && (restarting || run.suspect().test(container)) && !starting;
        return suspect ? state.suspected(begun) : state;
    }

    private void change(InstanceId id, UnaryOperator<InstanceState> next) {
        instances.computeIfPresent(id, (same, state) -> next.apply(state));
    }

    private void changeAll(UnaryOperator<InstanceState> next) {
        instances.replaceAll((id, state) -> next.apply(state));
    }

    /** What ended while the engine did not answer may have been ended by it, and is started once more. */
    void ignoreEndsOnce() {
        ignoringEnds = true;
    }

    /** Whether an instance that ran and that this run did not stop was seen to have ended, and that is not yet accepted. */
    boolean anyEnded() {
        return instances.values().stream()
                .anyMatch(state ->
                        state.hasEnded() && !stopped.contains(state.container().id()));
    }

    /** What has ended did so by itself, or was asked to. */
    void acceptEnds() {
        changeAll(state -> state.hasEnded() ? state.ended() : state);
    }

    /** A step begins; until it has ended its instance is not judged. */
    void begins(Step step) {
        underWay.put(step.instance(), step);
        if (step instanceof Step.Start start) {
            stopped.remove(start.container());
            if (!instances.containsKey(step.instance())) {
                made.put(step.instance(), start.container());
            }
        }
        unseen.add(step.instance());
    }

    /** A step has ended, well or not. */
    void ended(Step step) {
        underWay.remove(step.instance());
        ended++;
        if (step instanceof Step.Stop stop) {
            stopped.add(stop.container());
        }
    }

    /** How many steps have ended so far. */
    int ended() {
        return ended;
    }

    Collection<Step> underWay() {
        return Collections.unmodifiableCollection(underWay.values());
    }

    Optional<Step> underWay(InstanceId id) {
        return Optional.ofNullable(underWay.get(id));
    }

    /** An instance was started, whether or not the engine has shown it yet. */
    void started(InstanceId id, InstanceState.Started start) {
        if (instances.containsKey(id)) {
            change(id, state -> state.started(start));
        } else {
            started.put(id, start);
        }
    }

    /** An instance got its restart policy. */
    void kept(InstanceId id) {
        change(id, InstanceState::kept);
    }

    /** Somebody looked which files an instance has loaded; what was seen of a container that was replaced meanwhile says nothing. */
    void looked(InstanceId id, String container, boolean current) {
        change(
                id,
                state -> state.files() == FileState.UNKNOWN
                                && state.container().id().equals(container)
                        ? state.looked(current)
                        : state);
    }

    /** An instance has loaded its files. */
    void reloaded(InstanceId id, Instant at) {
        change(id, state -> state.reloaded(at));
    }

    /** A check of an instance begins. */
    void checks(InstanceId id) {
        change(id, InstanceState::checks);
    }

    /** A check has answered; an answer of a container that was replaced meanwhile says nothing of its successor. */
    void answered(InstanceId id, String container, Prober.Answer answer, Instant at) {
        change(
                id,
                state -> state.container().id().equals(container)
                        ? state.answered(answer.passed(), answer.text(), at)
                        : state);
    }

    /** Takes over what the proxy shows. */
    void observe(Map<InstanceId, List<ServerView>> shown, Instant now) {
        changeAll(state -> state.observed(
                shown.getOrDefault(state.id(), List.of()),
                run.suspect().test(state.container()),
                mayBeSilent(state, shown, now),
                now));
        for (InstanceState state : instances.values()) {
            state.silence()
                    .ifPresent(message -> silent.putIfAbsent(state.id().service(), new Silence(state.id(), message)));
        }
    }

    /** Whether an instance needs no traffic if the proxy cannot reach it; see {@link Listening}. */
    private boolean mayBeSilent(InstanceState state, Map<InstanceId, List<ServerView>> shown, Instant now) {
        String service = state.id().service();
        if (!listening.optional(service)) {
            return false;
        }
        boolean listens = shown.entrySet().stream()
                .filter(entry -> entry.getKey().service().equals(service))
                .flatMap(entry -> entry.getValue().stream())
                .anyMatch(view -> view.status() == ServerView.Status.UP);
        boolean waited = state.route()
                .since()
                .filter(since -> !now.isBefore(since.plus(Listening.PATIENCE)))
                .isPresent();
        return !listens && (waited || silent.containsKey(service));
    }

    /** An instance of each service that was found to listen nowhere and need not. */
    Collection<Silence> silent() {
        return silent.values();
    }

    /** Remembers what the proxies were given. */
    void serverTarget(Map<InstanceId, ServerTarget> serverTargets, Instant now) {
        changeAll(state -> state.asked(Optional.ofNullable(serverTargets.get(state.id())), now));
    }

    List<InstanceState> all() {
        return new ArrayList<>(instances.values());
    }

    Optional<InstanceState> find(InstanceId id) {
        return Optional.ofNullable(instances.get(id));
    }

    Collection<Integer> usedPorts() {
        return new HashSet<>(usedPorts);
    }

    /** Judges every startup check. */
    void judge(Instant now) {
        changeAll(state -> state.judged(spec(state), underWay(state.id()), now));
    }

    List<InstanceView> views(Instant now) {
        List<InstanceView> views = new ArrayList<>();
        instances.values().forEach(state -> views.add(state.view(spec(state), underWay(state.id()), now)));
        return views;
    }

    /** The spec that judges an instance; one of another version, or of a service that leaves, is not judged. */
    private ServiceSpec spec(InstanceState state) {
        ServiceGoal goal = run.goal().services().get(state.id().service());
        return goal == null ? LEAVING : goal.spec();
    }

    boolean routed() {
        return instances.values().stream()
                .anyMatch(state -> state.route().serverTarget().isPresent());
    }

    boolean awaitsProxy() {
        return instances.values().stream()
                .anyMatch(state -> state.route().serverTarget().isPresent()
                        && !state.route().acknowledged());
    }

    /** When the next check, or the end of a startup check, is due. */
    Optional<Instant> nextDue() {
        return instances.values().stream()
                .filter(state -> run.goal().services().containsKey(state.id().service()))
                .flatMap(state -> state.due(spec(state)).stream())
                .min(Comparator.naturalOrder());
    }
}
