package org.portolan.deploy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.portolan.engine.Network;
import org.portolan.model.Domain;
import org.portolan.model.Durations;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.Labels;
import org.portolan.model.Origin;
import org.portolan.model.Release;
import org.portolan.model.ServiceSpec;
import org.portolan.model.Version;
import org.portolan.plan.Action;
import org.portolan.plan.Goal;
import org.portolan.plan.Goal.ServiceGoal;
import org.portolan.plan.Plan;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.rollout.Addresses;
import org.portolan.rollout.Executor;
import org.portolan.rollout.InstanceFactory;
import org.portolan.rollout.Journal;
import org.portolan.rollout.Orders;
import org.portolan.rollout.PortAllocator;
import org.portolan.rollout.Reporter.Level;
import org.portolan.rollout.Run;
import org.portolan.store.Commit;
import org.portolan.store.DeploymentState;
import org.portolan.store.DeploymentState.VersionRef;
import org.portolan.store.Lease;
import org.portolan.store.StoredEvent;

/**
 * One release from its first line in the store to its outcome: all of it, or all of it taken back. Every transition is
 * written before it is made, so that whoever holds the lock next knows where to go on.
 */
final class ReleaseRun {
    private static final int KEPT_RECORDS = 200;

    private final Installation installation;
    private final Lease lease;
    private final Origin origin;
    private final DeployOptions options;
    private Set<String> replace = Set.of();
    private Optional<Integer> pin = Optional.empty();
    private boolean adopted;
    private List<Network> networks = List.of();

    ReleaseRun(Installation installation, Lease lease, Origin origin, DeployOptions options) {
        this.installation = installation;
        this.lease = lease;
        this.origin = origin;
        this.options = options;
    }

    /** Containers whose version stays and that shall be replaced (a restart). */
    ReleaseRun replacing(Set<String> containers) {
        replace = containers;
        return this;
    }

    /** The networks that the engine was seen to have. */
    ReleaseRun seeing(List<Network> present) {
        networks = present;
        return this;
    }

    /** The release that a rollback holds from now on. */
    ReleaseRun pinning(int release) {
        pin = Optional.of(release);
        return this;
    }

    /** Brings the plan about. */
    Outcome release(DeploymentState before, Plan plan, boolean stored, String cause) {
        Instant started = now();
        adopted = plan.settlement().adopted();
        int number = before.lastRelease() + 1;
        Goal goal = plan.goal();
        List<Domain> domainsBefore = installation
                .proxy()
                .applied(plan.deployment())
                .map(DeploymentRoutes::domains)
                .orElse(List.of());
        Release release = new Release(
                plan.deployment(),
                number,
                origin,
                options.who(),
                started,
                Optional.empty(),
                Release.Outcome.RUNNING,
                cause,
                placed(goal, before),
                plan.domains(),
                List.of());
        LeaseRecorder recorder = new LeaseRecorder(installation.store(), lease, before);
        SortedMap<String, String> journal = begin(recorder, before, goal, release, stored);
        report(Level.JOB, "release-started", "Deploying " + plan.deployment() + ", release " + number);
        for (Action action : plan.actions()) {
            report(Level.DETAIL, "action", action.kind().mark() + " " + action.summary());
        }
        Run.Result result;
        try {
            InstanceFactory factory = new Preparation(installation, networks).prepare(goal, number, origin.source());
            result = execute(recorder, run(goal, factory, plan.domains(), before, number, Optional.of(journal)));
        } catch (Failure failure) {
            if (failure.status() == ExitStatus.UNAVAILABLE) {
                throw unfinished(failure, number);
            }
            result = new Run.Result.Failed("", "", failure.what(), failure.details());
        }
        return switch (result) {
            case Run.Result.Reached reached -> {
                OldImages old = succeed(recorder, plan, release);
                String time = Durations.rough(Duration.between(started, now()));
                report(Level.JOB, "release-done", "Released " + plan.deployment() + " " + number + " in " + time);
                old.clean();
                yield new Outcome(Outcome.Kind.DONE, plan.deployment(), number);
            }
            case Run.Result.Interrupted interrupted -> {
                report(
                        Level.WARNING,
                        "release-interrupted",
                        "stopped; the next deploy of " + plan.deployment() + " goes on from here");
                yield new Outcome(Outcome.Kind.INTERRUPTED, plan.deployment(), number);
            }
            case Run.Result.Failed failed -> throw takeBack(recorder, before, plan, release, failed, domainsBefore);
        };
    }

    /** Takes every instance of the deployment out of the proxies and away; networks and volumes stay. */
    void removeAll(DeploymentState state, SortedSet<String> removed) {
        Goal nothing = new Goal(state.name(), new TreeMap<>(), removed, state.meshPorts());
        InstanceFactory factory = new InstanceFactory(
                nothing,
                Map.of(Labels.INSTALLATION, installation.settings().installation()),
                "",
                appliedAddresses(state.name()),
                Map.of(),
                Optional.empty());
        LeaseRecorder recorder = new LeaseRecorder(installation.store(), lease, state);
        Run.Result result =
                execute(recorder, run(nothing, factory, List.of(), state, state.lastRelease(), Optional.empty()));
        if (result instanceof Run.Result.Failed failed) {
            throw new Failure(ExitStatus.FAILED, "cannot remove " + state.name() + ": " + failed.cause())
                    .withDetails(failed.evidence());
        }
    }

    /** Where the instances were published so far: what leaves keeps its address in the proxies until it is gone. */
    private Addresses appliedAddresses(String deployment) {
        List<DeploymentRoutes.Backend> backends = installation
                .proxy()
                .applied(deployment)
                .map(DeploymentRoutes::backends)
                .orElse(List.of());
        for (DeploymentRoutes.Backend backend : backends) {
            if (!backend.servers().isEmpty() && !backend.meshAddresses().isEmpty()) {
                return new Addresses(
                        backend.servers().getFirst().address(),
                        backend.meshAddresses(),
                        backend.meshAddresses().getFirst());
            }
        }
        return new Addresses("127.0.0.1", List.of("127.0.0.1"), "127.0.0.1");
    }

    /** Writes what the files and the labels tell of a deployment that the store lost and that needs no change. */
    void remember(DeploymentState before, Plan plan) {
        LeaseRecorder recorder = new LeaseRecorder(installation.store(), lease, before);
        DeploymentState next = plan.settle(before)
                .services(placed(plan.goal(), before))
                .goodRelease(
                        before.running().map(DeploymentState.Running::release).orElse(before.goodRelease()))
                .versions(references(before, plan.goal()))
                .running(Optional.empty())
                .build();
        Commit commit = Commit.of(next).with(versions(plan.goal(), service -> true));
        recorder.commit(commit);
    }

    /** Writes that the release began, and returns where its canaries stand: where an interrupted release left them. */
    private SortedMap<String, String> begin(
            LeaseRecorder recorder, DeploymentState before, Goal goal, Release release, boolean stored) {
        before.running()
                .flatMap(running -> installation.store().release(before.name(), running.release()))
                .ifPresent(left -> recorder.commit(Commit.events(before.name(), List.of())
                        .with(left.ended(
                                now(),
                                Release.Outcome.FAILED,
                                "interrupted; release " + release.number() + " goes on"))));
        SortedMap<String, Integer> lastVersion = new TreeMap<>(before.lastVersion());
        goal.services().values().forEach(service -> lastVersion.merge(service.name(), service.version(), Math::max));
        SortedMap<String, String> journal = before.running()
                .filter(running -> sameVersions(before, running, goal))
                .map(DeploymentState.Running::journal)
                .orElse(new TreeMap<>());
        DeploymentState next = before.change()
                .lastRelease(release.number())
                .lastVersion(lastVersion)
                .versions(references(before, goal))
                .meshPorts(goal.meshPorts())
                .running(Optional.of(new DeploymentState.Running(release.number(), false, journal)))
                .build();
        recorder.commit(Commit.of(next)
                .with(versions(goal, service -> service.fresh() || !stored))
                .with(release)
                .withEvents(List.of(event(release, "release-started", "release " + release.number() + " began"))));
        return journal;
    }

    /** A canary goes on where it stood only when the same versions are wanted. */
    private boolean sameVersions(DeploymentState before, DeploymentState.Running running, Goal goal) {
        return installation
                .store()
                .release(before.name(), running.release())
                .map(left -> left.services().equals(placed(goal, before)))
                .orElse(false);
    }

    /**
     * What the executor is to bring about.
     *
     * @param journal where canaries stand; empty on the way back, which has none
     */
    private Run run(
            Goal goal,
            InstanceFactory factory,
            List<Domain> domains,
            DeploymentState state,
            int number,
            Optional<SortedMap<String, String>> journal) {
        boolean forward = journal.isPresent();
        Map<String, Journal> journals = new TreeMap<>();
        journal.ifPresent(known -> known.forEach((service, text) -> journals.put(service, Journal.parse(text))));
        Map<String, ServiceSpec.Stop> leaving = new TreeMap<>();
        for (String service : goal.removed()) {
            Release.Placed placed = state.services().get(service);
            if (placed != null) {
                installation
                        .store()
                        .definition(state.name(), service, placed.version())
                        .ifPresent(definition -> leaving.put(
                                service, ServiceSpec.from(service, definition).stop()));
            }
        }
        return new Run(
                number,
                goal,
                factory,
                domains,
                leaving,
                replace,
                journals,
                forward,
                state.running().isPresent(),
                adopted,
                installation.settings().parallel(),
                forward ? new StoredOrders(installation.store(), state.name(), number) : Orders.NONE,
                forward ? options.interrupted() : () -> false);
    }

    private Run.Result execute(LeaseRecorder recorder, Run run) {
        Settings.PortRange ports = installation.settings().instancePorts();
        return new Executor(
                        installation.engine(),
                        installation.proxy(),
                        installation.prober(),
                        installation.tasks().get(),
                        installation.clock(),
                        recorder,
                        installation.reporter(),
                        new PortAllocator(ports.first(), ports.last()))
                .run(run);
    }

    /** Writes that it is done; the images of versions that it forgets are given back. */
    private OldImages succeed(LeaseRecorder recorder, Plan plan, Release release) {
        DeploymentState reached = recorder.state();
        SortedMap<String, Release.Placed> placed = placed(plan.goal(), reached);
        Retention.Result kept = new Retention(installation).keep(reached, placed, release);
        OldImages old = OldImages.of(installation, plan.deployment(), kept.forgotten());
        DeploymentState next = plan.settle(reached)
                .goodRelease(release.number())
                .services(placed)
                .versions(kept.versions())
                .pinned(pin)
                .running(Optional.empty())
                .build();
        List<Integer> oldRecords =
                release.number() > KEPT_RECORDS ? List.of(release.number() - KEPT_RECORDS) : List.of();
        recorder.commit(Commit.of(next)
                .with(release.ended(now(), Release.Outcome.DONE, release.cause()))
                .withEvents(List.of(event(release, "release-done", "release " + release.number() + " is done")))
                .forgetting(new Commit.Forget(kept.forgotten(), oldRecords)));
        return old;
    }

    /** Takes the release back on every service, records it as failed, and returns what is to be thrown. */
    private Failure takeBack(
            LeaseRecorder recorder,
            DeploymentState before,
            Plan plan,
            Release release,
            Run.Result.Failed failed,
            List<Domain> domainsBefore) {
        String cause = failed.instance().isEmpty() || failed.cause().contains(failed.instance())
                ? failed.cause()
                : failed.instance() + " " + failed.cause();
        report(Level.JOB, "release-failed", "Release " + release.number() + " failed and is taken back: " + cause);
        DeploymentState.Running running = new DeploymentState.Running(release.number(), true, new TreeMap<>());
        recorder.commit(Commit.of(
                        recorder.state().change().running(Optional.of(running)).build())
                .withEvents(List.of(event(release, "release-failed", cause))));
        LastGood lastGood = new LastGood(installation, before, plan.goal());
        String back;
        try {
            boolean first = before.services().isEmpty();
            Goal goal = lastGood.goal();
            InstanceFactory factory =
                    new Preparation(installation, networks).prepare(goal, before.goodRelease(), origin.source());
            Run run = run(
                    goal, factory, first ? plan.domains() : domainsBefore, before, release.number(), Optional.empty());
            back = switch (execute(recorder, run)) {
                case Run.Result.Reached reached ->
                    first ? "its instances were removed; volumes are kept" : lastGood.describe();
                case Run.Result.Failed again ->
                    "it could not be taken back whole: " + again.instance() + " " + again.cause();
                case Run.Result.Interrupted interrupted -> "taking it back was stopped";
            };
        } catch (Failure trouble) {
            if (trouble.status() == ExitStatus.UNAVAILABLE) {
                return unfinished(trouble, release.number());
            }
            back = "it could not be taken back whole: " + trouble.what();
        }
        List<String> failedCommits = new ArrayList<>(before.failedCommits());
        origin.commit().filter(commit -> !origin.dirty()).ifPresent(failedCommits::add);
        while (failedCommits.size() > 20) {
            failedCommits.removeFirst();
        }
        recorder.commit(Commit.of(recorder.state()
                        .change()
                        .failedCommits(failedCommits)
                        .running(Optional.empty())
                        .build())
                .with(release.ended(now(), Release.Outcome.FAILED, cause))
                .withEvents(List.of(event(release, "release-taken-back", back))));
        List<String> details = new ArrayList<>(failed.evidence());
        details.add(back);
        return new Failure(
                        ExitStatus.FAILED,
                        "release " + release.number() + " of " + plan.deployment() + " failed: " + cause)
                .withDetails(details)
                .withHint("mend it and deploy again; `portolan -D " + plan.deployment() + " history " + release.number()
                        + "` shows what happened");
    }

    private Failure unfinished(Failure trouble, int number) {
        return new Failure(ExitStatus.UNAVAILABLE, trouble.what())
                .withDetails(trouble.details())
                .withHint(trouble.hint().map(hint -> hint + "; then ").orElse("") + "run the same command again:"
                        + " release " + number + " goes on from where it is")
                .withCause(trouble);
    }

    private SortedMap<String, List<VersionRef>> references(DeploymentState before, Goal goal) {
        SortedMap<String, List<VersionRef>> all = new TreeMap<>(before.versions());
        for (ServiceGoal service : goal.services().values()) {
            List<VersionRef> refs = new ArrayList<>(all.getOrDefault(service.name(), List.of()));
            if (refs.stream().noneMatch(ref -> ref.number() == service.version())) {
                refs.add(new VersionRef(service.version(), service.hash(), now()));
                all.put(service.name(), refs);
            }
        }
        return all;
    }

    private List<Version> versions(Goal goal, java.util.function.Predicate<ServiceGoal> which) {
        List<Version> versions = new ArrayList<>();
        for (ServiceGoal service : goal.services().values()) {
            if (which.test(service)) {
                versions.add(new Version(service.name(), service.version(), service.definition(), now()));
            }
        }
        return versions;
    }

    /** The scale that the files ask for is what a release records; one that a person stopped keeps its own. */
    private static SortedMap<String, Release.Placed> placed(Goal goal, DeploymentState before) {
        SortedMap<String, Release.Placed> placed = new TreeMap<>();
        for (ServiceGoal service : goal.services().values()) {
            Release.Placed old = before.services().get(service.name());
            boolean stopped = before.stopped().contains(service.name());
            int scale = stopped && old != null ? old.scale() : service.scale();
            placed.put(service.name(), new Release.Placed(service.version(), scale));
        }
        return placed;
    }

    private StoredEvent event(Release release, String kind, String message) {
        return new StoredEvent("", now(), release.deployment(), release.number(), kind, "", "", message);
    }

    private void report(Level level, String kind, String message) {
        Deployer.report(installation, level, kind, lease.name(), message);
    }

    private Instant now() {
        return installation.clock().instant();
    }
}
