package org.portolan.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.model.container.Observation;
import org.portolan.model.event.ResourceEvent.VolumeMisplaced;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.Plan;
import org.portolan.release.Installation;
import org.portolan.release.Snapshot;
import org.portolan.release.VolumePlaces;

/** What a release needs of this host beside what its plan names: found before anything is touched. */
final class Prerequisites {
    private final Installation installation;
    private final Plan plan;
    private final List<VolumePlaces.Misplaced> misplaced;
    private final Observation observation;

    Prerequisites(Installation installation, Plan plan, Snapshot snapshot) {
        this.installation = installation;
        this.plan = plan;
        observation = snapshot.observation();
        misplaced = VolumePlaces.of(installation, plan, snapshot.observation().volumes());
    }

    /** For {@code plan}. */
    List<Problem> warnings() {
        List<Problem> warnings = new ArrayList<>(VolumePlaces.warnings(misplaced));
        for (String name : externalMissing()) {
            warnings.add(Problem.warning(
                            Position.of(plan.deployment()),
                            "the external volume " + name + " does not exist on the engine")
                    .withHint("create it: docker volume create " + name));
        }
        return warnings;
    }

    /** Tells the deploying user what will go wrong later. */
    void say() {
        for (VolumePlaces.Misplaced each : misplaced) {
            if (each.gone()) {
                installation.publish(each.deployment(), new VolumeMisplaced(each.found(), each.advice()));
            }
        }
    }

    /** See {@link VolumePlaces#require}; the engine would make an external volume that is missing, and leave it empty. */
    void requireVolumes(Set<String> restarted) {
        VolumePlaces.require(misplaced, plan, restarted);
        externalMissing().stream().findFirst().ifPresent(name -> {
            throw new Failure(Kind.REFUSED, "the external volume " + name + " does not exist on the engine")
                    .withHint("create it, docker volume create " + name + ", or remove external under Volumes");
        });
    }

    /**
     * A deployment of the same file whose network a service joins was deployed before this one, unless that failed.
     *
     * @param siblings the other deployments of the file
     */
    void requireJoined(List<Desired> siblings) {
        for (Desired sibling : siblings) {
            boolean there = observation.networks().stream()
                    .anyMatch(network -> Labels.areOf(
                            network.labels(), installation.settings().installation(), sibling.name()));
            for (DesiredRelease.ServiceGoal service : plan.goal().services().values()) {
                if (!there
                        && service.scale() > 0
                        && service.spec().options().joins().contains(sibling.name())) {
                    throw new Failure(
                                    Kind.REFUSED,
                                    service.name() + " joins the network of " + sibling.name()
                                            + ", which was not deployed")
                            .withHint("fix " + sibling.name() + " and redeploy");
                }
            }
        }
    }

    /** The external volumes of services that shall run which the engine does not have. */
    private SortedSet<String> externalMissing() {
        SortedSet<String> wanted = new TreeSet<>();
        for (DesiredRelease.ServiceGoal service : plan.goal().services().values()) {
            for (ServiceSpec.Volume volume : service.spec().volumes()) {
                if (service.scale() > 0 && volume.kind() == ServiceSpec.Volume.Kind.EXTERNAL) {
                    wanted.add(volume.source());
                }
            }
        }
        if (!wanted.isEmpty()) {
            wanted.removeAll(installation.engine().volumeUsers().keySet());
        }
        return wanted;
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
