package org.portolan.operate;

import java.util.List;
import org.portolan.plan.json.ShownPlan;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;

/**
 * What changing commands ask for: of this machine's own parts, or of the controller that leads, with the same outcome, the same
 * events and the same failures. What happens meanwhile goes to the events that it was made with.
 */
public interface Requests {
    /** Carries out a request; a failure is thrown, with what was rolled back. */
    Outcome perform(Request request, DeployOptions options);

    /** What a rollback would do if it were carried out now. Changes nothing. */
    PlannedRollback planRollback(Request.Rollback request);

    /**
     * What a rollback would do.
     *
     * @param release the one that would be restored
     */
    record PlannedRollback(int release, ShownPlan plan) {}

    /**
     * Removes volumes with their data, whichever deployments they are of.
     *
     * @throws org.portolan.model.NeedsConsent when the removal of all of them was not agreed to; none is removed then
     */
    void removeVolumes(List<String> volumes, Mandate mandate, DeployOptions options);

    /**
     * Writes a volume's data to a file of the machine where this is asked; see {@link VolumeCopies#backup}.
     *
     * @return what was written; the size is the file's
     */
    VolumeCopies.Saved backup(String volume, ArchiveFile file, Mandate mandate, DeployOptions options);
}
