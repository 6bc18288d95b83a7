package org.portolan.operate;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Container;
import org.portolan.model.event.DeploymentEvent.StoreOlder;
import org.portolan.model.event.ResourceEvent.ProxiesRenewed;
import org.portolan.model.event.ResourceEvent.ProxiesRepaired;
import org.portolan.model.event.ResourceEvent.ProxyRepaired;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.ProxyObservation;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Adoption;
import org.portolan.model.state.DeploymentState;
import org.portolan.operate.RequestEvaluator.Evaluated;
import org.portolan.plan.ComposeAdoption;
import org.portolan.plan.Plan;
import org.portolan.release.ContainerAdoption;
import org.portolan.release.DeployOptions;
import org.portolan.release.GeneratedValues;
import org.portolan.release.ImagePuller;
import org.portolan.release.Installation;
import org.portolan.release.KnownSecrets;
import org.portolan.release.Outcome;
import org.portolan.release.ReleaseLog;
import org.portolan.release.ReleaseRollback;
import org.portolan.release.ReleaseRun;
import org.portolan.release.RestartPolicies;
import org.portolan.release.Snapshot;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/**
 * Carries out what is asked of a deployment: takes its lock, finishes what a dead process left half rolled back, computes
 * from the deployment's state at that moment what is to be, plans, and lets a {@link ReleaseRun} act.
 */
final class Deployer {
    private final Installation installation;
    private final RequestEvaluator evaluator;
    private final AutoDeployPolicy policy;
    private final KnownSecrets secrets;
    private final Planning planning;
    private final SnapshotSource snapshots;
    private final FreezeCheck freeze;
    private final HandNotes byHand;

    Deployer(Installation installation) {
        this.installation = installation;
        secrets = new KnownSecrets(installation);
        evaluator = new RequestEvaluator(installation);
        policy = new AutoDeployPolicy(installation);
        planning = new Planning(installation, secrets);
        snapshots = new SnapshotSource(installation);
        freeze = new FreezeCheck(installation);
        byHand = new HandNotes(installation);
    }

    /** What a request would do if it were carried out now. Changes nothing. */
    Plan plan(Request.ByRelease request) {
        return preview(request).plan();
    }

    /** A plan, and what kind of change it is for. */
    record Preview(Change change, Plan plan) {}

    /** The same with its kind. */
    Preview preview(Request.ByRelease request) {
        return secrets.during(() -> {
            Evaluated asked = evaluator.evaluate(request);
            Snapshot snapshot = snapshots.shared(asked);
            // Who holds the lock matters only while a release is in progress: the question is a round trip each.
            if (planning.state(asked.desired(), snapshot).running().isPresent()) {
                snapshot = snapshot.heldBy(installation.store().holder(request.deployment()));
            }
            Plan plan = planning.planned(asked, snapshot);
            Plan shown = plan.warning(new Prerequisites(installation, plan, snapshot).warnings())
                    .warning(freeze.warnings(request))
                    .saying(installation.secrets()::mask);
            return new Preview(asked.change(), shown);
        });
    }

    /** Carries out a request; a failure is thrown, with what was rolled back. */
    Outcome perform(Request.ByRelease request, DeployOptions options) {
        return secrets.during(() -> carryOut(request, options));
    }

    private Outcome carryOut(Request.ByRelease request, DeployOptions options) {
        Caller caller = request.mandate().caller();
        boolean queued = request.whole();
        Optional<Seen> before = Optional.empty();
        if (request instanceof Request.Apply || request instanceof Request.Reconcile) {
            Evaluated asked = evaluator.evaluate(request);
            Snapshot snapshot = snapshots.shared(asked);
            DeploymentState state = planning.state(asked.desired(), snapshot);
            if (isRollingBack(state)) {
                // It is answered when the rollback has ended. One that is refused then supersedes nobody now.
                queued = queued && !policy.holds(asked.desired(), state, caller);
            } else {
                WithoutLock first = withoutLock(request, asked, snapshot);
                if (first.answer().isPresent()) {
                    return first.answer().get();
                }
                before = first.seen();
            }
        }
        try (Lease lease = new Locks(installation).take(request.deployment(), caller, options, queued)) {
            new ReleaseRollback(installation, lease, options).finishInterrupted();
            Request.ByRelease now = request.now();
            Optional<Seen> seen = stillSeen(lease, request, now, before);
            Evaluated asked = seen.map(Seen::asked).orElseGet(() -> evaluator.evaluate(now));
            asked.stopped().ifPresent(stopped -> rememberStopped(lease, stopped));
            return noted(lease, now, asked, seen, options);
        } finally {
            snapshots.changed();
        }
    }

    /** Keeps for people to see what is otherwise than the files say. */
    private Outcome noted(
            Lease lease, Request.ByRelease request, Evaluated asked, Optional<Seen> seen, DeployOptions options) {
        if (request instanceof Request.Apply apply) {
            Outcome outcome = release(lease, request, asked, seen, options);
            if (outcome.kind() == Outcome.Kind.DONE || outcome.kind() == Outcome.Kind.NO_CHANGES) {
                byHand.deployed(lease, apply);
            }
            return outcome;
        }
        Runnable undo = byHand.begin(lease, request, asked.change());
        try {
            return release(lease, request, asked, seen, options);
        } catch (Failure failure) {
            if (!failure.kind().leavesUnfinished()) {
                undo.run();
            }
            throw failure;
        }
    }

    /**
     * What can be answered without the lock, since it holds for the moment at which the state was read: that the deploy is
     * held or refused, and, while no release is in progress, that nothing is to do. What needs consent is said here, so that
     * nobody who has to give it waits for the lock first; what counts is what needs it under the lock.
     */
    private WithoutLock withoutLock(Request.ByRelease request, Evaluated asked, Snapshot snapshot) {
        Desired desired = asked.desired();
        DeploymentState state = planning.state(desired, snapshot);
        Optional<Outcome> held = held(request, desired, state);
        if (held.isPresent() || state.running().isPresent() || state.adoption().isPresent()) {
            return new WithoutLock(held, Optional.empty());
        }
        Plan plan = planning.planned(asked, snapshot);
        checkFingerprint(plan, request);
        boolean stored = planning.settled(desired, snapshot)
                && ReleaseLog.lost(snapshot.kept(), plan.goal()).isEmpty();
        boolean mayHaveMoved = ImagePuller.mayHaveMoved(desired);
        boolean replaces =
                !containers(desired.name(), asked.change(), snapshot, Set.of()).isEmpty();
        if (!plan.needsRelease() && !replaces && stored && !mayHaveMoved && !byHand.endedBy(request)) {
            new Prerequisites(installation, plan, snapshot).say();
            return new WithoutLock(Optional.of(restoreProxies(desired.name(), snapshot.sight())), Optional.empty());
        }
        if (plan.needsRelease()) {
            freeze.require(request);
        }
        new Prerequisites(installation, plan, snapshot).requireVolumes(Set.of());
        requireConsent(plan, request.mandate());
        // What the store lost is pieced together from containers, and looked for again under the lock.
        Optional<Seen> seen = stored ? Optional.of(new Seen(asked, snapshot, plan)) : Optional.empty();
        return new WithoutLock(Optional.empty(), seen);
    }

    /** What was seen for a request before its deployment was locked, and what the request came to by it. */
    private record Seen(Evaluated asked, Snapshot snapshot, Plan plan) {}

    /** How far a request came without the lock: an answer, or what was seen on the way to the lock. */
    private record WithoutLock(Optional<Outcome> answer, Optional<Seen> seen) {}

    /**
     * What was seen before, if a look under the lock would show the same: then that look is not made (ADR 84).
     *
     * @param now the request as it is under the lock: itself where nothing moved that it was read from
     */
    @SuppressWarnings("ReferenceEquality")
    private Optional<Seen> stillSeen(
            Lease lease, Request.ByRelease request, Request.ByRelease now, Optional<Seen> before) {
        return before.filter(seen -> now == request && seen.snapshot().holdsUnder(lease, installation));
    }

    /** Under the lock: looks again where anything may have changed, plans, and acts if there is something to do. */
    private Outcome release(
            Lease lease, Request.ByRelease request, Evaluated evaluated, Optional<Seen> seen, DeployOptions options) {
        Mandate mandate = request.mandate();
        Snapshot snapshot = seen.map(Seen::snapshot).orElseGet(() -> snapshots.fresh(evaluated));
        DeploymentState asStored = mandate.caller() instanceof Caller.Hook
                ? planning.begin(evaluated.desired(), snapshot)
                : planning.state(evaluated.desired(), snapshot);
        Optional<Outcome> held = held(request, evaluated.desired(), asStored);
        if (held.isPresent()) {
            return held.get();
        }
        // The saved plan is compared with the world as it was planned for: before an image was fetched.
        if (request.fingerprint().isPresent()) {
            checkFingerprint(planning.planned(evaluated, snapshot), request);
        }
        GeneratedValues.Values values = values(request, evaluated.desired());
        Evaluated asked = evaluated.with(values.desired());
        Desired desired = asked.desired();
        Change change = asked.change();
        Optional<Plan> planned = seen.filter(known -> values.nothingNew()).map(Seen::plan);
        if (new ImagePuller(installation)
                .fetch(
                        desired,
                        snapshot.images(),
                        planning.state(desired, snapshot).stopped())) {
            snapshot = snapshots.fresh(asked);
            planned = Optional.empty();
        }
        Optional<ComposeAdoption> adoption = planning.adoption(asked, snapshot);
        Plan plan =
                adoption.isEmpty() && planned.isPresent() ? planned.get() : planning.planned(asked, snapshot, adoption);
        Prerequisites needed = new Prerequisites(installation, plan, snapshot);
        needed.requireVolumes(change.restarted());
        needed.requireJoined(asked.siblings());
        needed.say();
        requireConsent(plan, mandate);
        values.store(lease);
        DeploymentState state = planning.begin(desired, snapshot);
        boolean stored = planning.settled(desired, snapshot);
        Set<String> lost = ReleaseLog.lost(snapshot.kept(), plan.goal());
        sayOlder(desired.name(), stored, snapshot);
        Set<String> replaced = containers(desired.name(), change, snapshot, unfinished(state, change));
        ReleaseRun run = new ReleaseRun(installation, lease, desired.origin(), options)
                .seeing(snapshot)
                .replacing(replaced);
        Set<String> unprotected = RestartPolicies.missing(snapshot.observation());
        run.suspecting(container -> unprotected.contains(container.id()));
        change.pin(state.pinned()).ifPresent(run::pinning);
        boolean nothing = !plan.needsRelease() && change.restarted().isEmpty() && replaced.isEmpty();
        if (nothing && state.running().isEmpty()) {
            if (!stored || !lost.isEmpty()) {
                run.remember(state, plan);
            }
            if (state.adoption().isPresent()) {
                new ContainerAdoption(installation, lease, state).resume();
            }
            return restoreProxies(desired.name(), snapshot.sight());
        }
        freeze.require(request);
        needed.requireCalls();
        if (change instanceof Change.Deploy) {
            Optional<Adoption> theirs = adoption.map(project -> project.state(plan.goal()))
                    .filter(found -> !found.containers().isEmpty());
            // What a container that goes still holds, the proxies can have only afterwards.
            ProxyObservation sight = snapshot.sight();
            run.takingPlaceOf(theirs, theirs.isPresent() ? () -> startProxies(plan, sight) : () -> {});
            if (theirs.isEmpty()) {
                startProxies(plan, sight);
            }
        } else {
            startProxies(plan, snapshot.sight());
        }
        String cause = installation.secrets().mask(mandate.because(change.cause()));
        return run.release(state, plan, stored, lost, mandate.caller().name(), cause);
    }

    /** Whether an automatic deploy is not to be; what the store says already holds in any case. */
    private Optional<Outcome> held(Request.ByRelease request, Desired desired, DeploymentState state) {
        return request instanceof Request.Reconcile
                ? Optional.empty()
                : policy.check(desired, state, request.mandate().caller());
    }

    /** The desired state with the generated values, which are made under the lock. */
    private GeneratedValues.Values values(Request.ByRelease request, Desired evaluated) {
        GeneratedValues values = new GeneratedValues(installation);
        if (request instanceof Request.Apply apply) {
            return values.made(apply.desired());
        }
        return request instanceof Request.RotateSecret rotate
                ? values.rotated(evaluated, rotate.name())
                : values.unchanged(evaluated);
    }

    private static void requireConsent(Plan plan, Mandate mandate) {
        mandate.agreed().require(plan.consent(), "nothing was changed; to consent, use --yes");
    }

    private void rememberStopped(Lease lease, SortedSet<String> stopped) {
        installation
                .store()
                .deployment(lease.name())
                .filter(state -> !state.stopped().equals(stopped))
                .ifPresent(state -> installation
                        .store()
                        .commit(lease, Commit.of(state.change().stopped(stopped).build())));
    }

    private static boolean isRollingBack(DeploymentState state) {
        return state.running().filter(DeploymentState.Running::back).isPresent();
    }

    /** What a restart that was interrupted has not come to yet: only who goes back does not continue it. */
    private static Set<String> unfinished(DeploymentState state, Change change) {
        return change instanceof Change.Rollback
                ? Set.of()
                : state.running()
                        .filter(running -> !running.back())
                        .<Set<String>>map(DeploymentState.Running::replaced)
                        .orElse(Set.of());
    }

    private Set<String> containers(String deployment, Change change, Snapshot snapshot, Set<String> more) {
        Set<String> containers = new HashSet<>();
        for (Container container : snapshot.observation().containers()) {
            boolean ours = container.isOf(installation.settings().installation(), deployment);
            boolean named = (change.replaced().contains(container.id()) || more.contains(container.id()))
                    && container.state() == Container.State.RUNNING;
            if (ours && (named || change.restarted().contains(container.label(Labels.SERVICE)))) {
                containers.add(container.id());
            }
        }
        return containers;
    }

    private void sayOlder(String deployment, boolean settled, Snapshot snapshot) {
        if (!settled && snapshot.states().containsKey(deployment)) {
            installation.publish(deployment, new StoreOlder());
        }
    }

    private static void checkFingerprint(Plan plan, Request.ByRelease request) {
        if (request.fingerprint()
                .filter(saved -> !saved.equals(plan.fingerprint()))
                .isPresent()) {
            throw new Failure(
                            Kind.STALE,
                            "the saved plan of " + plan.deployment() + " is stale: files, images or"
                                    + " running services have changed")
                    .withRemedy(Remedy.of("create a new one with ")
                            .and(Call.of(Verb.PLAN, "-o", "FILE"))
                            .and(", review it, and deploy that"));
        }
    }

    /** After a reboot the containers are back by themselves; the proxies come back here. */
    private Outcome restoreProxies(String deployment, ProxyObservation seen) {
        boolean repaired = seen.of(deployment).isPresent() && !seen.well() && repairProxies(deployment, true);
        if (repaired) {
            snapshots.changed();
        }
        return new Outcome(repaired ? Outcome.Kind.DONE : Outcome.Kind.NO_CHANGES, deployment, 0);
    }

    /** Proxies that cannot start, or a port that somebody holds, are a reason to make no container at all. */
    private void startProxies(Plan plan, ProxyObservation seen) {
        boolean known = seen.of(plan.deployment()).isPresent();
        boolean routes = known
                || !plan.domains().isEmpty()
                || plan.goal().services().values().stream()
                        .anyMatch(service -> !service.spec().ports().isEmpty());
        if (routes && !seen.well()) {
            repairProxies(plan.deployment(), known);
        }
    }

    private boolean repairProxies(String deployment, boolean known) {
        sayRenewal(deployment);
        List<String> done = installation.proxy().ensureRunning();
        if (known && !done.isEmpty()) {
            installation.publish(deployment, new ProxiesRepaired());
            done.forEach(line -> installation.publish(deployment, new ProxyRepaired(line)));
        }
        return known && !done.isEmpty();
    }

    /** An upgrade may cost connections although it changes nothing that was asked for: so it is said. */
    private void sayRenewal(String deployment) {
        installation.proxy().renewal().ifPresent(what -> installation.publish(deployment, new ProxiesRenewed(what)));
    }
}
