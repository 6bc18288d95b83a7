package org.portolan.sync;

import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.plan.json.ShownPlan;
import org.portolan.release.DeployOptions;

/** Plans and deploys what a source says: with this process's own parts, or through a controller. */
public interface Deploys {
    /** Plans everything that a source says. Changes nothing. */
    SourcePlan preview(LoadedSource source, Request.Apply.Terms terms);

    /**
     * What brings a deployment back to what the store says. Changes nothing.
     *
     * @param mandate of whoever asks
     */
    ShownPlan drift(String deployment, Mandate mandate);

    /**
     * Deploys everything that a source says, and removes what it no longer names when all went well.
     *
     * @param expected plans that must still hold
     * @param terms what may be done beyond the ordinary
     * @throws Failure when the only deployment of the source fails, or a removal needs consent that nobody gives
     */
    Sync.Result deploy(
            LoadedSource source,
            Optional<ExpectedPlans> expected,
            Request.Apply.Terms terms,
            Mandate mandate,
            DeployOptions options,
            Sync.Watcher watcher);
}
