package org.portolan.operate;

import java.util.List;
import java.util.function.Predicate;
import org.portolan.plan.json.ShownPlan;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;

/** Carries out what is asked for itself, with an installation's own parts. */
public final class LocalRequests implements Requests {
    private final Installation installation;
    private final Operations operations;
    private final Predicate<String> dead;

    /** @param dead whether a process of this machine has ended, for what it left */
    public LocalRequests(Installation installation, Predicate<String> dead) {
        this.installation = installation;
        this.operations = new Operations(installation);
        this.dead = dead;
    }

    @Override
    public Outcome perform(Request request, DeployOptions options) {
        Outcome outcome = operations.perform(request, options);
        boolean releases = request instanceof Request.ByRelease
                || request instanceof Request.Remove
                || request instanceof Request.Create;
        if (releases && outcome.kind() == Outcome.Kind.DONE) {
            // What a killed run left; a command that changed nothing asks the engine for nothing more.
            OneOffRun.sweep(installation, dead);
        }
        return outcome;
    }

    @Override
    public PlannedRollback planRollback(Request.Rollback request) {
        Operations.RollbackPlan planned = operations.planRollback(request);
        return new PlannedRollback(planned.release(), ShownPlan.of(planned.plan()));
    }

    @Override
    public void removeVolumes(List<String> volumes, Mandate mandate, DeployOptions options) {
        Volumes.removals(installation, volumes, mandate)
                .forEach((deployment, own) ->
                        operations.perform(new Request.RemoveVolumes(deployment, own, mandate), options));
    }

    @Override
    public VolumeCopies.Saved backup(String volume, ArchiveFile file, Mandate mandate, DeployOptions options) {
        return new VolumeCopies(installation).backup(volume, file, mandate.caller(), options);
    }
}
