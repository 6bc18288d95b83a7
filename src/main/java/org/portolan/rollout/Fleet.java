package org.portolan.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.engine.Container;
import org.portolan.model.Definition;
import org.portolan.model.InstanceId;
import org.portolan.model.InstanceLabels;
import org.portolan.model.Labels;
import org.portolan.model.ServiceSpec;
import org.portolan.plan.Goal.ServiceGoal;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.ServerView;

/** Every instance of the deployment, as engine, proxy and checks show it. Used by the loop's thread only. */
final class Fleet {
    private static final ServiceSpec LEAVING = ServiceSpec.from("leaving", Definition.of(Map.of()));

    private final Run run;
    private final String installation;
    private final SortedMap<InstanceId, Tracked> instances = new TreeMap<>();
    private final Map<InstanceId, Wish> appliedBefore = new TreeMap<>();
    private final SortedMap<InstanceId, Step> underWay = new TreeMap<>();
    /** Of instances that were started before the engine has shown them. */
    private final Map<InstanceId, Tracked.Trial> trials = new TreeMap<>();

    private final Set<Integer> usedPorts = new HashSet<>();
    private final Instant begun;
    private boolean forgiving;
    private final Listening listening;
    /** Services that were found to listen nowhere and need not. */
    private final Map<String, Tracked> silent = new TreeMap<>();

    Fleet(Run run, Optional<DeploymentRoutes> applied, Listening listening, Instant begun) {
        this.run = run;
        this.listening = listening;
        this.begun = begun;
        this.installation = run.factory().labels().getOrDefault(Labels.INSTALLATION, "");
        applied.ifPresent(part -> {
            for (DeploymentRoutes.Backend backend : part.backends()) {
                for (DeploymentRoutes.Server server : backend.servers()) {
                    appliedBefore.put(server.instance(), new Wish(server.state(), server.weight()));
                }
            }
        });
    }

    /** Takes over what the engine shows. */
    void observe(Collection<Container> containers, Instant now) {
        Set<InstanceId> seen = new HashSet<>();
        usedPorts.clear();
        for (Container container : containers) {
            InstanceLabels.ports(container.label(Labels.PORTS)).values().forEach(pair -> usedPorts.add(pair.host()));
            Optional<InstanceId> id = container.instance();
            boolean ours = (run.adopted()
                            || container.label(Labels.INSTALLATION).equals(installation))
                    && container.label(Labels.DEPLOYMENT).equals(run.goal().deployment());
            if (id.isEmpty() || !ours) {
                continue;
            }
            seen.add(id.get());
            Tracked tracked = instances.get(id.get());
            if (tracked == null || !tracked.container.id().equals(container.id())) {
                tracked = admit(id.get(), container, now);
            }
            tracked.container = container;
            tracked.observed = now;
            tracked.ran |= container.state() == Container.State.RUNNING;
            if (container.state() != Container.State.PAUSED) {
                tracked.pausedSince = null;
            } else if (tracked.pausedSince == null) {
                tracked.pausedSince = now;
            }
            if (forgiving) {
                tracked.forgive();
            }
        }
        forgiving = false;
        instances.keySet().retainAll(seen);
    }

    /** What ended while the engine did not answer may have been ended by it, and is started once more. */
    void forgive() {
        forgiving = true;
    }

    /** Whether an instance that ran was seen to have ended and that is not yet believed. */
    boolean anyEnded() {
        return all().stream().anyMatch(Tracked::hasEnded);
    }

    /** What has ended did so by itself, or was told to. */
    void believeEnds() {
        all().stream().filter(Tracked::hasEnded).forEach(instance -> instance.ran = false);
    }

    private Tracked admit(InstanceId id, Container container, Instant now) {
        Tracked tracked = new Tracked(id, container, now);
        Wish wish = appliedBefore.get(id);
        if (wish != null) {
            tracked.wish(wish, now);
        }
        ServiceGoal goal = run.goal().services().get(id.service());
        boolean target = goal != null && goal.version() == id.version();
        boolean restarting = container.state() == Container.State.RESTARTING;
        boolean running = restarting || container.state() == Container.State.RUNNING;
        // Made by a release that never ended, it may not have passed its trial, nor have its restart policy.
        boolean starting = underWay(id).filter(Step::starts).isPresent();
        Tracked.Trial trial = trials.remove(id);
        if (trial != null) {
            tracked.started(trial);
        } else if (target && running && (restarting || run.suspect().test(container)) && !starting) {
            tracked.trialSince = begun;
        }
        instances.put(id, tracked);
        return tracked;
    }

    /** A step begins; until it has ended its instance is not judged. */
    void begins(Step step) {
        underWay.put(step.instance(), step);
    }

    /** A step has ended, well or not. */
    void ended(Step step) {
        underWay.remove(step.instance());
    }

    Collection<Step> underWay() {
        return Collections.unmodifiableCollection(underWay.values());
    }

    Optional<Step> underWay(InstanceId id) {
        return Optional.ofNullable(underWay.get(id));
    }

    /** An instance was started, whether or not the engine has shown it yet. */
    void started(InstanceId id, Tracked.Trial trial) {
        find(id).ifPresentOrElse(instance -> instance.started(trial), () -> trials.put(id, trial));
    }

    /** Takes over what the proxy shows. */
    void observe(Map<InstanceId, List<ServerView>> shown, Instant now) {
        for (Tracked instance : all()) {
            List<ServerView> views = shown.getOrDefault(instance.id, List.of());
            Wish wish = instance.wish;
            instance.sessions = views.stream().mapToLong(ServerView::sessions).sum();
            instance.unreached = wish == null || !instance.isToServe()
                    ? List.of()
                    : views.stream()
                            .filter(view -> !up(view, wish) || untried(instance, view))
                            .toList();
            instance.acknowledged = wish == null
                    ? views.isEmpty()
                    : switch (wish.state()) {
                        case READY ->
                            !views.isEmpty() && (instance.unreached.isEmpty() || mayBeSilent(instance, shown, now));
                        case DRAIN -> views.stream().noneMatch(view -> view.status() == ServerView.Status.UP);
                        case MAINT -> views.stream().allMatch(view -> view.status() == ServerView.Status.MAINT);
                    };
            instance.served |= instance.acknowledged && instance.isToServe();
            boolean waits = instance.isToServe() && !instance.acknowledged;
            if (!waits) {
                instance.unservedSince = null;
            } else if (instance.unservedSince == null) {
                instance.unservedSince = now;
            }
        }
    }

    /** Whether an instance that the proxy cannot reach needs no traffic; see {@link Listening}. */
    private boolean mayBeSilent(Tracked instance, Map<InstanceId, List<ServerView>> shown, Instant now) {
        String service = instance.id.service();
        Instant since = instance.wishSince;
        if (!listening.optional(service) || since == null) {
            return false;
        }
        boolean listens = shown.entrySet().stream()
                .filter(entry -> entry.getKey().service().equals(service))
                .flatMap(entry -> entry.getValue().stream())
                .anyMatch(view -> view.status() == ServerView.Status.UP);
        boolean waited = !now.isBefore(since.plus(Listening.PATIENCE));
        if (listens || !(waited || silent.containsKey(service))) {
            return false;
        }
        silent.putIfAbsent(service, instance);
        return true;
    }

    /** An instance of each service that was found to listen nowhere and need not. */
    Collection<Tracked> silent() {
        return silent.values();
    }

    /** A server of weight 0 is as good as up: the proxy calls it drained. */
    private static boolean up(ServerView view, Wish wish) {
        return view.status() == ServerView.Status.UP
                || (wish.weight() == 0 && view.status() == ServerView.Status.DRAIN);
    }

    /**
     * Whether an UP is worth nothing yet: the proxy calls a new server UP until its check has failed several times, so only
     * a check that passed counts. One that served before is believed until it was checked; after a reload the proxy has not
     * checked anything. What a release that never ended left behind may never have served.
     */
    private boolean untried(Tracked instance, ServerView view) {
        if (view.passed() || instance.served) {
            return false;
        }
        return view.checked() || instance.onTrial() || run.suspect().test(instance.container);
    }

    /** Remembers what the proxies were given. */
    void wish(Map<InstanceId, Wish> wishes, Instant now) {
        for (Tracked instance : all()) {
            instance.wish(wishes.get(instance.id), now);
        }
    }

    List<Tracked> all() {
        return new ArrayList<>(instances.values());
    }

    Optional<Tracked> find(InstanceId id) {
        return Optional.ofNullable(instances.get(id));
    }

    Collection<Integer> usedPorts() {
        return new HashSet<>(usedPorts);
    }

    List<InstanceView> views(Instant now) {
        List<InstanceView> views = new ArrayList<>();
        for (Tracked instance : all()) {
            if (underWay(instance.id).isEmpty()) {
                instance.heard(spec(instance), instance.observed);
            }
            views.add(instance.view(spec(instance), underWay(instance.id), now));
        }
        return views;
    }

    /** The spec that judges an instance; one of another version, or of a service that leaves, is not judged. */
    private ServiceSpec spec(Tracked instance) {
        ServiceGoal goal = run.goal().services().get(instance.id.service());
        return goal == null ? LEAVING : goal.spec();
    }

    boolean routed() {
        return all().stream().anyMatch(instance -> instance.wish != null);
    }

    boolean awaitsProxy() {
        return all().stream().anyMatch(instance -> instance.wish != null && !instance.acknowledged);
    }

    /** When the instance's next check or the end of its proving time is due. */
    Optional<Instant> due(Tracked instance) {
        ServiceGoal goal = run.goal().services().get(instance.id.service());
        Instant trial = instance.trialSince;
        if (goal == null || trial == null || instance.failure != null) {
            return Optional.empty();
        }
        if (goal.spec().health().isPresent() && !Tracked.asked(goal.spec())) {
            return Optional.empty();
        }
        if (goal.spec().health().isPresent()) {
            return instance.checking ? Optional.empty() : Optional.of(instance.nextCheck(goal.spec()));
        }
        Instant proof = trial.plus(goal.spec().rollout().minHealthy());
        Instant due = instance.observed.isBefore(proof) ? proof : instance.secondLook(goal.spec());
        return instance.observed.isBefore(due) ? Optional.of(due) : Optional.empty();
    }
}
