package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.model.event.ReleaseEvent.ReleaseDone;
import org.portolan.model.event.ReleaseEvent.ReleaseFailed;
import org.portolan.model.event.ReleaseEvent.ReleaseStarted;
import org.portolan.model.event.ReleaseEvent.RollbackDone;
import org.portolan.model.service.LiveFiles;
import org.portolan.model.service.Origin;
import org.portolan.model.service.Version;
import org.portolan.model.state.Adoption;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.DeploymentState.VersionRef;
import org.portolan.model.state.Release;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.plan.Plan;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/**
 * What the store gets to know of one release, each in one change: that it began, that it is done, that it failed and is taken
 * back, that it was. Written before it is so, for whoever holds the lock next.
 */
public final class ReleaseLog {
    private static final int KEPT_RECORDS = 200;
    private static final int KEPT_FAILED_COMMITS = 20;
    private static final String INTERRUPTED = "interrupted; release ";
    private static final String CONTINUES = " continues";

    private final Installation installation;
    private final LeaseRecorder recorder;
    private final DeploymentState before;
    private Optional<Adoption> adoption = Optional.empty();
    private Optional<Integer> pin = Optional.empty();
    private Set<String> replaced = Set.of();
    private final Retention retention;
    private Optional<Ahead<List<Release>>> history = Optional.empty();

    ReleaseLog(Installation installation, Lease lease, DeploymentState before) {
        this.installation = installation;
        this.recorder = new LeaseRecorder(installation.store(), lease, before, installation.secrets());
        this.before = before;
        retention = new Retention(installation);
    }

    /** For what happens while it runs. */
    LeaseRecorder recorder() {
        return recorder;
    }

    /** Containers whose place the release takes from its beginning on. */
    void adopting(Optional<Adoption> containers) {
        adoption = containers;
    }

    /** The release that automatic deploys shall not undo once this one is done. */
    void pinning(Optional<Integer> held) {
        pin = held;
    }

    /** Containers in the place of which it puts others: whoever continues it does that, too. */
    void replacing(Set<String> containers) {
        replaced = containers;
    }

    /** Where the canaries of the release stand: it begins where an interrupted one left them. */
    SortedMap<String, String> progress() {
        return recorder.state().running().map(DeploymentState.Running::progress).orElse(new TreeMap<>());
    }

    /** What the files and the labels tell of a deployment that the store lost and that needs no change. */
    void remember(Plan plan) {
        DeploymentState next = plan.settle(before)
                .services(placed(plan.goal(), before))
                .keptVolumes(plan.goal().volumes())
                .goodRelease(
                        before.running().map(DeploymentState.Running::release).orElse(before.goodRelease()))
                .versions(references(plan.goal()))
                .running(Optional.empty())
                .build();
        recorder.commit(Commit.of(next).with(versions(plan.goal(), service -> true)));
    }

    /** The services of a goal whose versions the store should keep and does not. */
    public static Set<String> lost(KeptVersions known, DesiredRelease goal) {
        Map<Commit.VersionId, ServiceGoal> asked = new HashMap<>();
        for (ServiceGoal service : goal.services().values()) {
            if (!service.fresh() && !service.definition().recalled()) {
                asked.put(
                        new Commit.VersionId(
                                service.name(),
                                service.version(),
                                LiveFiles.hash(service.definition()).orElse("")),
                        service);
            }
        }
        if (!asked.isEmpty()) {
            known.definitions(goal.deployment(), asked.keySet()).forEach((version, kept) -> {
                if (!kept.recalled()) {
                    asked.remove(version);
                }
            });
        }
        return asked.values().stream().map(ServiceGoal::name).collect(Collectors.toSet());
    }

    /**
     * That the next release begins.
     *
     * @param stored whether the store knew the deployment, and so the definitions of the versions that stay
     * @param lost services of which it lost the definition all the same
     */
    Release begin(Plan plan, Origin origin, String who, String cause, boolean stored, Set<String> lost) {
        DesiredRelease goal = plan.goal();
        Release release = new Release(
                plan.deployment(),
                before.lastRelease() + 1,
                origin,
                who,
                now(),
                Optional.empty(),
                Release.Outcome.RUNNING,
                cause,
                placed(goal, before),
                plan.domains(),
                List.of());
        SortedMap<String, Integer> lastVersion = new TreeMap<>(before.lastVersion());
        goal.services().values().forEach(service -> lastVersion.merge(service.name(), service.version(), Math::max));
        SortedMap<String, String> progress = before.running()
                .filter(running -> sameVersions(running, goal))
                .map(DeploymentState.Running::progress)
                .orElse(new TreeMap<>());
        DeploymentState next = before.change()
                .lastRelease(release.number())
                .lastVersion(lastVersion)
                .versions(references(goal))
                .meshPorts(goal.meshPorts())
                .keptVolumes(goal.volumes())
                .running(Optional.of(
                        new DeploymentState.Running(release.number(), false, progress, pin, new TreeSet<>(replaced))))
                .adoption(
                        adoption.map(found -> before.adoption().map(found::over).orElse(found))
                                .or(before::adoption))
                .build();
        Event started = event(release, new ReleaseStarted(who, cause));
        Commit begun = Commit.of(next)
                .with(versions(
                        goal,
                        service -> service.fresh()
                                || !stored
                                || lost.contains(service.name())
                                || service.definition().recalled()))
                .with(release)
                .withEvents(List.of(started));
        // At once: whoever asks what became of the one before finds the one that continues it.
        recorder.commit(interrupted(release).map(begun::with).orElse(begun));
        installation.publish(started);
        // The engine makes containers meanwhile.
        history = Optional.of(Ahead.of(installation.tasks().get(), () -> retention.history(before.name())));
        return release;
    }

    /** One that a dead process left in the middle ends here: this release continues from where it stood. */
    private Optional<Release> interrupted(Release release) {
        return before.running()
                .flatMap(running -> installation.store().readableRelease(before.name(), running.release()))
                .map(left -> left.ended(now(), Release.Outcome.FAILED, INTERRUPTED + release.number() + CONTINUES));
    }

    /** The release that continues from where one was interrupted. */
    public static Optional<Integer> continuedBy(Release interrupted) {
        String cause = interrupted.cause();
        if (!cause.startsWith(INTERRUPTED) || !cause.endsWith(CONTINUES)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Integer.valueOf(cause.substring(INTERRUPTED.length(), cause.length() - CONTINUES.length())));
        } catch (NumberFormatException anotherCause) {
            return Optional.empty();
        }
    }

    /** A canary continues where it stood only when the same versions are wanted. */
    private boolean sameVersions(DeploymentState.Running running, DesiredRelease goal) {
        return installation
                .store()
                .readableRelease(before.name(), running.release())
                .map(left -> Release.same(left.services(), placed(goal, before)))
                .orElse(false);
    }

    /**
     * That it is done; versions beyond the kept releases are forgotten.
     *
     * @param replaces whether it stands in the place of the containers that were adopted, if there are any
     * @return what is left of the versions that were forgotten
     */
    Forgotten succeed(Plan plan, Release release, boolean replaces) {
        DeploymentState reached = recorder.state();
        SortedMap<String, Release.Placed> placed = placed(plan.goal(), reached);
        List<Release> releases = history.map(Ahead::get).orElseGet(() -> retention.history(before.name()));
        Retention.Result kept = retention.keep(reached, releases, placed);
        Forgotten old = Forgotten.of(installation, plan.goal(), kept.forgotten());
        DeploymentState next = plan.settle(reached)
                .goodRelease(release.number())
                .services(placed)
                .versions(kept.versions())
                .jobs(reached.jobs().stream()
                        .filter(job -> job.once()
                                || !kept.forgotten().contains(new Commit.VersionId(job.service(), job.version())))
                        .toList())
                .held(held(plan.goal()))
                .pinned(pin)
                .adoption(replaces ? reached.adoption().map(Adoption::toRemove) : reached.adoption())
                .running(Optional.empty())
                .build();
        List<Integer> oldRecords =
                release.number() > KEPT_RECORDS ? List.of(release.number() - KEPT_RECORDS) : List.of();
        Duration took = Duration.between(release.started(), now());
        Event done = event(release, new ReleaseDone(Optional.of(took), release.cause()));
        recorder.commit(Commit.of(next)
                .with(release.ended(now(), Release.Outcome.DONE, release.cause()))
                .withEvents(List.of(done))
                .forgetting(new Commit.Forget(kept.all(), oldRecords)));
        installation.publish(done);
        return old;
    }

    /**
     * That it failed and is rolled back from here on. Its commit is marked now, not when the rollback has ended: whoever
     * comes after a process that died on the way must not deploy it again by itself.
     */
    void fail(Release release, String cause) {
        Event failed = event(release, new ReleaseFailed(cause));
        installation.publish(failed);
        DeploymentState.Running running = new DeploymentState.Running(release.number(), true, new TreeMap<>());
        DeploymentState next = recorder.state()
                .change()
                .failedCommits(failedCommits(release))
                .running(Optional.of(running))
                .build();
        recorder.commit(Commit.of(next)
                .with(release.ended(now(), Release.Outcome.FAILED, cause))
                .withEvents(List.of(failed)));
    }

    /**
     * That its rollback has ended, well or not.
     *
     * @param cause why it failed
     */
    void rolledBack(Release release, String cause, RollbackDone how) {
        Event ended = event(release, how);
        DeploymentState next = recorder.state()
                .change()
                .failedCommits(failedCommits(release))
                .running(Optional.empty())
                .build();
        recorder.commit(Commit.of(next)
                .with(release.ended(now(), Release.Outcome.FAILED, cause))
                .withEvents(List.of(ended)));
        installation.publish(ended);
    }

    /** Why a release failed whose rollback another process began. */
    static String causeOfFailure(Release release) {
        if (!release.cause().isEmpty() && release.outcome() == Release.Outcome.FAILED) {
            return release.cause();
        }
        // An earlier Portolan wrote the outcome only when the rollback had ended.
        String cause = "";
        for (Event event : release.events()) {
            cause = event.data() instanceof ReleaseFailed failed ? failed.cause() : cause;
        }
        return cause;
    }

    private List<String> failedCommits(Release release) {
        List<String> commits = new ArrayList<>(recorder.state().failedCommits());
        release.origin()
                .commit()
                .filter(commit -> !release.origin().dirty() && !commits.contains(commit))
                .ifPresent(commits::add);
        while (commits.size() > KEPT_FAILED_COMMITS) {
            commits.removeFirst();
        }
        return commits;
    }

    private SortedMap<String, List<VersionRef>> references(DesiredRelease goal) {
        SortedMap<String, List<VersionRef>> all = new TreeMap<>(before.versions());
        for (ServiceGoal service : goal.services().values()) {
            List<VersionRef> refs = new ArrayList<>(all.getOrDefault(service.name(), List.of()));
            if (refs.stream().noneMatch(ref -> ref.number() == service.version())) {
                refs.add(new VersionRef(service.version(), service.hash(), now(), service.keptHost()));
                all.put(service.name(), refs);
            }
        }
        return all;
    }

    private List<Version> versions(DesiredRelease goal, Predicate<ServiceGoal> which) {
        List<Version> versions = new ArrayList<>();
        for (ServiceGoal service : goal.services().values()) {
            if (which.test(service)) {
                versions.add(new Version(service.name(), service.version(), service.definition(), now()));
            }
            // A version may have several, by what its instances have loaded; each is kept for the releases that had it.
            LiveFiles.hash(service.definition())
                    .ifPresent(files -> versions.add(
                            new Version(service.name(), service.version(), files, service.definition(), now())));
        }
        return versions;
    }

    /** The scale that the files ask for is what a release records; one that a person stopped keeps its own. */
    private static SortedMap<String, Release.Placed> placed(DesiredRelease goal, DeploymentState state) {
        SortedMap<String, Release.Placed> placed = new TreeMap<>();
        for (ServiceGoal service : goal.services().values()) {
            Release.Placed old = state.services().get(service.name());
            boolean stopped = state.stopped().contains(service.name());
            int scale = stopped && old != null ? old.scale() : service.wanted();
            placed.put(
                    service.name(),
                    new Release.Placed(
                            service.version(),
                            scale,
                            Optional.of(service.spec().wanMap()),
                            service.spec().maxConnections(),
                            LiveFiles.hash(service.definition())));
        }
        return placed;
    }

    private static SortedMap<String, String> held(DesiredRelease goal) {
        SortedMap<String, String> held = new TreeMap<>();
        goal.services().forEach((name, service) -> service.held().ifPresent(waits -> held.put(name, waits.why())));
        return held;
    }

    private Event event(Release release, EventData data) {
        return installation.event(release.deployment(), release.number(), data);
    }

    private Instant now() {
        return installation.clock().instant();
    }
}
