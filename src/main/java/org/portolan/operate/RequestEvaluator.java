package org.portolan.operate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.NameRule;
import org.portolan.model.Nearest;
import org.portolan.model.Position;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.plan.Basis;
import org.portolan.release.GeneratedValues;
import org.portolan.release.Installation;
import org.portolan.release.RuntimeRecall;
import org.portolan.release.StoredDesired;

/**
 * Says what a request comes to, given the deployment's state at this moment. What it returns holds only as long as that
 * state does: to act on it, evaluate under the deployment's lock.
 */
final class RequestEvaluator {
    private final Installation installation;

    RequestEvaluator(Installation installation) {
        this.installation = installation;
    }

    /**
     * A request together with the state that it was made for.
     *
     * @param desired the deployment as it is to be; with {@link Change.SetByHand} only what is set
     * @param stopped the services that are to be stopped from now on; empty: no change
     */
    record Evaluated(Desired desired, List<Desired> siblings, Change change, Optional<SortedSet<String>> stopped) {
        Evaluated with(Desired other) {
            return new Evaluated(other, siblings, change, stopped);
        }
    }

    /** @throws Failure with {@link Kind#NOT_FOUND} when the deployment, a service or a release does not exist */
    Evaluated evaluate(Request.ByRelease request) {
        // Not only a case below: each deploy passes here, and a switch over types costs code made at each start (ADR
        // 38).
        if (request instanceof Request.Apply apply) {
            return evaluate(apply);
        }
        // It remembers what it saw: what holds before the lock need not hold under it.
        StoredDesired kept = new StoredDesired(installation);
        String name = request.deployment();
        return switch (request) {
            case Request.Apply apply -> evaluate(apply);
            case Request.SetService set -> set(set);
            case Request.RotateSecret rotate ->
                evaluated(kept.current(kept.state(name)), List.of(), new Change.Adjust("rotate " + rotate.name()));
            case Request.Scale scale -> scale(kept, kept.state(name), scale);
            case Request.Stop stop -> stopped(kept, kept.state(name), stop.services(), true);
            case Request.Start start -> stopped(kept, kept.state(name), start.services(), false);
            case Request.Reconcile reconcile -> reconcile(kept, kept.state(name), reconcile.replace());
            case Request.Restart restart -> restart(kept, kept.state(name), restart.services());
            case Request.Rollback rollback -> rollback(kept, kept.state(name), rollback.to());
        };
    }

    Evaluated evaluate(Request.Apply apply) {
        return evaluated(
                new GeneratedValues(installation).filled(apply.desired()),
                apply.siblings(),
                new Change.Deploy(basis(apply), apply.terms().project()));
    }

    private static Basis.Files basis(Request.Apply apply) {
        boolean automatic = apply.mandate().caller() instanceof Caller.Hook;
        return new Basis.Files(
                apply.terms().force(),
                apply.terms().adopt(),
                automatic,
                apply.mandate().agreed().named());
    }

    private static Evaluated evaluated(Desired desired, List<Desired> siblings, Change change) {
        return new Evaluated(desired, siblings, change, Optional.empty());
    }

    private Evaluated set(Request.SetService set) {
        Optional<DeploymentState> known = installation.store().deployment(set.deployment());
        if (known.isEmpty()) {
            // Its first service makes it.
            NameRule.requireDeployment(set.deployment());
        }
        Optional<Release.Placed> placed = known.map(state -> state.services().get(set.service()));
        Optional<Definition> existing =
                placed.flatMap(place -> written(set, place).map(place::routed));
        Request.Edited edited = set.edit().over(existing);
        int scale = edited.scale().orElse(placed.map(Release.Placed::scale).orElse(1));
        SortedMap<String, Desired.DesiredService> services = new TreeMap<>();
        services.put(
                set.service(),
                new Desired.DesiredService(set.service(), edited.definition(), scale, Position.of("set-service")));
        Desired desired = new Desired(set.deployment(), Origin.of(SourceId.HAND), services, List.of(), "");
        return evaluated(desired, List.of(), new Change.SetByHand());
    }

    /** What was set before; where the store lost that, what its containers show, image and all. */
    private Optional<Definition> written(Request.SetService set, Release.Placed place) {
        return new RuntimeRecall(installation)
                .definition(set.deployment(), set.service(), place)
                .map(Definition::adopted);
    }

    private static Evaluated scale(StoredDesired kept, DeploymentState state, Request.Scale asked) {
        Map<String, Integer> scales = asked.scales();
        checkServices(state, scales.keySet());
        checkServices(state, asked.from().keySet());
        asked.from().forEach((service, seen) -> {
            int now = state.services()
                    .getOrDefault(service, new Release.Placed(0, 0))
                    .scale();
            if (now != seen) {
                throw new Failure(
                                Kind.STALE,
                                service + " of " + state.name() + " is scaled to " + now + " by now, not to " + seen)
                        .withHint("nothing was changed; look again, and decide again");
            }
        });
        Desired current = kept.current(state);
        SortedMap<String, Desired.DesiredService> services = new TreeMap<>(current.services());
        scales.forEach((service, scale) -> services.computeIfPresent(service, (key, old) -> old.scaled(scale)));
        return evaluated(current.withServices(services), List.of(), new Change.Adjust("scale"));
    }

    private static Evaluated stopped(StoredDesired kept, DeploymentState state, Set<String> services, boolean stop) {
        SortedSet<String> stopped = new TreeSet<>(state.stopped());
        if (stop) {
            stopped.addAll(named(state, services));
        } else {
            stopped.removeAll(named(state, services));
        }
        Change change = new Change.Adjust(stop ? "stop" : "start");
        return new Evaluated(kept.current(state), List.of(), change, Optional.of(stopped));
    }

    private static Evaluated restart(StoredDesired kept, DeploymentState state, Set<String> services) {
        return evaluated(kept.current(state), List.of(), new Change.Restart(named(state, services)));
    }

    /** A release that was interrupted on its way forward is what is to be; one on its way back is finished first. */
    private Evaluated reconcile(StoredDesired kept, DeploymentState state, Set<String> replace) {
        Optional<DeploymentState.Running> forward = state.running().filter(running -> !running.back());
        Optional<Release> interrupted =
                forward.flatMap(running -> installation.store().readableRelease(state.name(), running.release()));
        if (interrupted.isPresent()) {
            Optional<Integer> pin =
                    forward.flatMap(DeploymentState.Running::pin).or(() -> pinOf(interrupted.get()));
            Change change =
                    new Change.Repair("continues release " + interrupted.get().number(), pin, Set.of());
            return evaluated(kept.release(state, interrupted.get()), List.of(), change);
        }
        return evaluated(kept.current(state), List.of(), new Change.Repair("drift", state.pinned(), replace));
    }

    /** A rollback that a Portolan began which kept no pin with it (up to commit 19c25995). */
    private static Optional<Integer> pinOf(Release release) {
        return Change.Rollback.restoredBy(release.cause());
    }

    private Evaluated rollback(StoredDesired kept, DeploymentState state, Optional<Integer> to) {
        Release target = to.isPresent() ? good(state, to.get()) : earlier(state);
        return evaluated(kept.release(state, target), List.of(), new Change.Rollback(target.number()));
    }

    private Release good(DeploymentState state, int number) {
        Release release = installation.store().release(state.name(), number).orElseThrow(() -> new Failure(
                        Kind.NOT_FOUND, state.name() + " has no release " + number)
                .withRemedy(Remedy.of(Call.on(state.name(), Verb.HISTORY)).and(" shows the kept ones")));
        if (release.outcome() != Release.Outcome.DONE) {
            throw new Failure(Kind.INVALID, "release " + number + " of " + state.name() + " never succeeded")
                    .withHint("choose one that `history` shows as done");
        }
        return release;
    }

    /**
     * From a release that is in progress or was interrupted the way back leads to the last good one; else to the one before
     * that. One that runs what runs now does not count (a change of scale), and from a rollback's own release it continues
     * from the release that it restored, never forward to what was rolled back.
     */
    private Release earlier(DeploymentState state) {
        boolean forward = state.running().filter(running -> !running.back()).isPresent();
        List<Release> releases = installation.store().releases(state.name(), 100);
        int from = restored(releases, state.goodRelease());
        return releases.stream()
                .filter(release -> release.outcome() == Release.Outcome.DONE)
                .filter(release -> forward
                        ? release.number() <= state.goodRelease()
                        : release.number() < from && !Release.same(release.services(), state.services()))
                .findFirst()
                .flatMap(release -> installation.store().release(state.name(), release.number()))
                .orElseThrow(() -> new Failure(Kind.NOT_FOUND, state.name() + " has no earlier good release"));
    }

    /** The release whose content a release has: the one that it restored, if it is a rollback's. */
    private static int restored(List<Release> releases, int number) {
        for (Release release : releases) {
            Optional<Integer> to =
                    release.number() == number ? Change.Rollback.restoredBy(release.cause()) : Optional.empty();
            if (to.isPresent() && to.get() < number) {
                return restored(releases, to.get());
            }
        }
        return number;
    }

    /** The named services, all when none is named. */
    private static Set<String> named(DeploymentState state, Set<String> services) {
        checkServices(state, services);
        return services.isEmpty() ? state.services().keySet() : services;
    }

    private static void checkServices(DeploymentState state, Set<String> services) {
        for (String service : services) {
            if (!state.services().containsKey(service)) {
                Failure unknown =
                        new Failure(Kind.NOT_FOUND, "deployment " + state.name() + " has no service " + service);
                throw Nearest.of(service, state.services().keySet())
                        .map(near -> unknown.withHint("did you mean " + near + "?"))
                        .orElse(unknown);
            }
        }
    }
}
