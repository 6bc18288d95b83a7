package org.portolan.operate;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.event.DeploymentEvent.DeploymentCreated;
import org.portolan.model.event.DeploymentEvent.DeploymentUnpinned;
import org.portolan.model.event.Event;
import org.portolan.model.event.ReleaseEvent.Ordered;
import org.portolan.model.event.ReleaseOrder;
import org.portolan.model.service.Desired;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.Departed;
import org.portolan.plan.Plan;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.release.StoredDesired;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/** What is asked of an installation: requests, most of which are releases, and orders to a release that is in progress. */
public final class Operations {
    private final Installation installation;
    private final Deployer deployer;
    private final StoredDesired kept;

    public Operations(Installation installation) {
        this.installation = installation;
        deployer = new Deployer(installation);
        kept = new StoredDesired(installation);
    }

    /** Carries out a request; a failure is thrown, with what was rolled back. */
    public Outcome perform(Request request, DeployOptions options) {
        return switch (request) {
            case Request.ByRelease release -> deployer.perform(release, options);
            case Request.Create create -> create(create, options);
            case Request.Remove remove -> new Removal(installation).remove(remove, options);
        };
    }

    /** What a request would do if it were carried out now. Changes nothing. */
    public Plan plan(Request.ByRelease request) {
        return deployer.plan(request);
    }

    /** The number of the release that a rollback would restore. */
    public int rollbackTarget(Request.Rollback request) {
        return new RequestEvaluator(installation)
                .evaluate(request)
                .change()
                .pin()
                .orElseThrow();
    }

    private Outcome create(Request.Create request, DeployOptions options) {
        String name = request.deployment();
        try (Lease lease = new Locks(installation).take(name, request.mandate().caller(), options)) {
            if (installation.store().deployment(name).isPresent()) {
                throw new Failure(Kind.INVALID, "the deployment " + name + " already exists")
                        .withRemedy(Remedy.of(Call.on(name, Verb.STATUS)).and(" shows it"));
            }
            DeploymentState state = DeploymentState.empty(
                    name, SourceId.HAND, installation.clock().instant());
            installation.store().commit(lease, Commit.of(state));
        }
        installation.publish(name, new DeploymentCreated());
        return new Outcome(Outcome.Kind.DONE, name, 0);
    }

    /** Orders something of the release that is in progress in another process, which sees it within a second or two. */
    public void order(String name, ReleaseOrder order, Mandate mandate, DeployOptions options) {
        DeploymentState state = kept.state(name);
        DeploymentState.Running running = state.running()
                .orElseThrow(() -> new Failure(Kind.NOT_RUNNING, "no release of " + name + " is in progress")
                        .withRemedy(Remedy.of(Call.on(name, Verb.STATUS)).and(" shows its state")));
        String word = order.word();
        if (installation.store().holder(name).isEmpty()) {
            throw new Failure(
                            Kind.NOT_RUNNING,
                            "release " + running.release() + " of " + name
                                    + " was interrupted: no process is running that could " + word + " it")
                    .withRemedy(Remedy.of("redeploy to continue it, or use ").and(Call.on(name, Verb.ROLLBACK)));
        }
        Ordered ordered = new Ordered(order, mandate.caller().name(), mandate.reason());
        Event event = installation.event(name, running.release(), ordered);
        // A separate lock, under a name that no deployment has: the release's is held by whom the order is for.
        try (Lease lease = new Locks(installation).take(name + "/orders", mandate.caller(), options)) {
            installation.store().commit(lease, Commit.events(name, List.of(event)));
        }
        installation.publish(event);
    }

    /** Lets automatic deploys act again after a rollback. */
    public void unpin(String name, Mandate mandate, DeployOptions options) {
        try (Lease lease = new Locks(installation).take(name, mandate.caller(), options)) {
            DeploymentState state = kept.state(name);
            installation
                    .store()
                    .commit(
                            lease,
                            Commit.of(state.change().pinned(Optional.empty()).build()));
        }
        installation.publish(name, new DeploymentUnpinned());
    }

    /**
     * Removes the deployments that a source declared before and no longer does; volumes stay.
     *
     * @param declared everything that the source declares
     * @param files reads that again: a deployment that was added meanwhile stays
     * @return how many were removed
     * @throws org.portolan.model.NeedsConsent when that needs consent and was not agreed to
     */
    public int prune(
            SourceId source,
            List<Desired> declared,
            Supplier<List<Desired>> files,
            Mandate mandate,
            DeployOptions options) {
        Departed departed = Departed.of(installation.store().deployments(), source, declared);
        mandate.agreed()
                .require(departed.consent(), "what the file declares is deployed; to remove the rest, use --yes");
        int removed = 0;
        for (String name : departed.names()) {
            try (Lease lease = new Locks(installation).take(name, mandate.caller(), options)) {
                // Another source may have taken it over, or somebody removed it, while this one waited for the lock.
                boolean still = installation
                                .store()
                                .deployment(name)
                                .filter(state -> state.owner().equals(source))
                                .isPresent()
                        && files.get().stream().noneMatch(now -> now.name().equals(name));
                if (still) {
                    new Removal(installation).remove(lease, mandate, options);
                    removed++;
                }
            }
        }
        return removed;
    }
}
