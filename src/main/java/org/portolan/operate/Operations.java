package org.portolan.operate;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.portolan.model.service.Desired;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.Departed;
import org.portolan.plan.Plan;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.store.Lease;

/**
 * What is asked of an installation: every request that changes a deployment, and the removal of what left a source. What it saw
 * before a lock serves all deployments of a file, so it is made for one run and used by one thread.
 */
public final class Operations {
    private final Installation installation;
    private final Deployer deployer;
    private final StateChanges changes;

    public Operations(Installation installation) {
        this.installation = installation;
        deployer = new Deployer(installation);
        changes = new StateChanges(installation);
    }

    /** Carries out a request; a failure is thrown, with what was rolled back. */
    public Outcome perform(Request request, DeployOptions options) {
        // Not only a case below: each deploy passes here, and a switch over types costs code made at each start (ADR
        // 38).
        if (request instanceof Request.ByRelease release) {
            return deployer.perform(release, options);
        }
        return switch (request) {
            case Request.ByRelease release -> deployer.perform(release, options);
            case Request.Remove remove -> new Removal(installation).remove(remove, options);
            case Request.Create create -> done(create, () -> changes.create(create, options));
            case Request.Unpin unpin -> done(unpin, () -> changes.unpin(unpin, options));
            case Request.Order order -> done(order, () -> changes.order(order, options));
            case Request.SetSecret secret -> done(secret, () -> changes.setSecret(secret, options));
            case Request.RemoveVolumes remove ->
                done(remove, () -> Volumes.of(installation).remove(installation, remove, options));
            case Request.RestoreVolume restore ->
                done(restore, () -> new VolumeCopies(installation).restore(restore, options));
        };
    }

    private static Outcome done(Request request, Runnable change) {
        change.run();
        return new Outcome(Outcome.Kind.DONE, request.deployment(), 0);
    }

    /** What a request would do if it were carried out now. Changes nothing. */
    public Plan plan(Request.ByRelease request) {
        return deployer.plan(request);
    }

    /**
     * What runs otherwise than the store says, with what would repair it; unhealthy instances too, which only a controller
     * replaces. Changes nothing.
     */
    public Plan drift(String deployment, Mandate mandate) {
        return UnhealthyInstances.shown(installation, plan(new Request.Reconcile(deployment, mandate)));
    }

    /**
     * What a rollback would do.
     *
     * @param release the one that would be restored
     */
    public record RollbackPlan(int release, Plan plan) {}

    /** What a rollback would do if it were carried out now. Changes nothing. */
    public RollbackPlan planRollback(Request.Rollback request) {
        Deployer.Preview preview = deployer.preview(request);
        return new RollbackPlan(preview.change().pin(Optional.empty()).orElseThrow(), preview.plan());
    }

    /**
     * Removes the deployments that a source declared before and no longer does; volumes stay.
     *
     * @param declared everything that the source declares
     * @param files reads that again: a deployment that was added meanwhile stays
     * @param kept whether a deployment stays all the same; asked again once it is locked
     * @return how many were removed
     * @throws org.portolan.model.Frozen while a freeze window is open: that comes first, since consent would be of no use
     * @throws org.portolan.model.NeedsConsent when that needs consent and was not agreed to
     */
    public int prune(
            SourceId source,
            List<Desired> declared,
            Supplier<List<Desired>> files,
            Predicate<String> kept,
            Mandate mandate,
            DeployOptions options) {
        Departed departed = Departed.of(installation.store().deployments(), source, declared, kept);
        new FreezeCheck(installation).require(departed.names(), mandate);
        mandate.agreed()
                .require(departed.consent(), "what the file declares is deployed; to remove the rest, use --yes");
        // Another source may have taken it over, or somebody removed it, while this one waited for the lock.
        Predicate<DeploymentState> still = state -> state.owner().equals(source)
                && files.get().stream().noneMatch(now -> now.name().equals(state.name()))
                && !kept.test(state.name());
        return remove(departed.names(), still, mandate, options);
    }

    /**
     * Removes deployments of a file or branch that is gone; volumes stay. That always needs consent.
     *
     * @param needed what somebody has to agree to, in words
     * @param still whether one is to go; asked again once it is locked
     * @return how many were removed
     * @throws org.portolan.model.Frozen while a freeze window is open
     * @throws org.portolan.model.NeedsConsent when it was not agreed to
     */
    public int removeLeft(
            Collection<String> names,
            String needed,
            Predicate<DeploymentState> still,
            Mandate mandate,
            DeployOptions options) {
        new FreezeCheck(installation).require(List.copyOf(names), mandate);
        mandate.agreed().require(List.of(needed), "to remove them, approve it");
        return remove(List.copyOf(names), still, mandate, options);
    }

    private int remove(List<String> names, Predicate<DeploymentState> still, Mandate mandate, DeployOptions options) {
        int removed = 0;
        for (String name : new Removal(installation).joiningFirst(names)) {
            try (Lease lease = new Locks(installation).take(name, mandate.caller(), options)) {
                if (installation.store().deployment(name).filter(still).isPresent()) {
                    new Removal(installation).remove(lease, mandate, options);
                    removed++;
                }
            }
        }
        return removed;
    }
}
