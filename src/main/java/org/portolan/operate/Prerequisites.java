package org.portolan.operate;

import java.util.List;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Problem;
import org.portolan.model.event.ResourceEvent.VolumeMisplaced;
import org.portolan.plan.Plan;
import org.portolan.release.Installation;
import org.portolan.release.Snapshot;
import org.portolan.release.VolumePlaces;

/** What a release needs of this host beside what its plan names: found before anything is touched. */
final class Prerequisites {
    private final Installation installation;
    private final Plan plan;
    private final List<VolumePlaces.Misplaced> misplaced;

    Prerequisites(Installation installation, Plan plan, Snapshot situation) {
        this.installation = installation;
        this.plan = plan;
        misplaced = VolumePlaces.of(installation, plan, situation.observation().volumes());
    }

    /** For {@code plan}. */
    List<Problem> warnings() {
        return VolumePlaces.warnings(misplaced);
    }

    /** Tells the deploying user what will go wrong later. */
    void say() {
        for (VolumePlaces.Misplaced each : misplaced) {
            if (each.gone()) {
                installation.publish(each.deployment(), new VolumeMisplaced(each.found(), each.advice()));
            }
        }
    }

    /** See {@link VolumePlaces#require}. */
    void requireVolumes(Set<String> restarted) {
        VolumePlaces.require(misplaced, plan, restarted);
    }

    /** An engine that cannot do what a release ends with is refused before anything is made. */
    void requireCalls() {
        List<String> missing = installation.engine().missingCalls();
        if (!missing.isEmpty()) {
            throw new Failure(
                            Kind.REFUSED,
                            "the engine lacks API calls that a release needs: " + String.join(", ", missing))
                    .withHint("use Docker Engine 20.10 or newer; Podman is not supported");
        }
    }
}
