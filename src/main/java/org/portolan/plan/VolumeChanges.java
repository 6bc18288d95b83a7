package org.portolan.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.portolan.model.Problem;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Says which volumes are made, and finds two that would be one. Only services with a change are looked at: while a
 * container holds a volume, the engine does not let it go.
 */
final class VolumeChanges {
    private final PlanInput input;
    private final DeploymentInventory inventory;

    VolumeChanges(PlanInput input, DeploymentInventory inventory) {
        this.input = input;
        this.inventory = inventory;
    }

    void decide(Collection<ServiceGoal> services, List<Action> changes, List<Action> actions) {
        Set<String> changed = new HashSet<>();
        changes.forEach(action -> changed.add(action.subject()));
        for (ServiceGoal goal : services) {
            if (changed.contains(goal.name()) && goal.scale() > 0) {
                for (ServiceSpec.Volume volume : goal.spec().volumes()) {
                    if (missing(goal, volume)) {
                        actions.add(new Action(
                                Kind.CREATE_VOLUME,
                                goal.name() + "/" + volume.name(),
                                "volume " + volume.name() + " of " + goal.name() + "  at " + volume.target(),
                                List.of("does not exist yet; all versions share it")));
                    }
                }
            }
        }
    }

    private boolean missing(ServiceGoal goal, ServiceSpec.Volume volume) {
        boolean made = volume.kind() == ServiceSpec.Volume.Kind.BIND || volume.kind() == ServiceSpec.Volume.Kind.IMAGE;
        if (made || held(goal)) {
            return false;
        }
        return !inventory.volumes().contains(shared(volume) ? volume.source() : goal.name() + "/" + volume.name());
    }

    private boolean held(ServiceGoal goal) {
        return !inventory.own(goal.name(), goal.version()).isEmpty();
    }

    /** Whether the volume is one of the engine's that the file names, and that others may use too. */
    private static boolean shared(ServiceSpec.Volume volume) {
        return volume.kind() == ServiceSpec.Volume.Kind.DRIVER
                && !volume.source().isEmpty();
    }

    /** Volumes of two services that would have the same name in the engine, and so the same data. */
    void findClashes(Collection<ServiceGoal> services, List<Problem> problems) {
        Map<String, String> taken = new HashMap<>();
        for (VolumeSpec volume : input.observation().volumes()) {
            Map<String, String> labels = volume.labels();
            taken.put(
                    volume.name(),
                    owner(
                            labels.getOrDefault(Labels.DEPLOYMENT, ""),
                            labels.getOrDefault(Labels.SERVICE, ""),
                            labels.getOrDefault(Labels.VOLUME, "")));
        }
        String deployment = input.desired().name();
        for (ServiceGoal goal : services) {
            for (ServiceSpec.Volume volume : goal.spec().volumes()) {
                boolean own = volume.kind() != ServiceSpec.Volume.Kind.BIND
                        && volume.kind() != ServiceSpec.Volume.Kind.IMAGE
                        && !shared(volume);
                DesiredService declared = input.desired().services().get(goal.name());
                if (own && declared != null) {
                    String mine = owner(deployment, goal.name(), volume.name());
                    String id = deployment + "-" + goal.name() + "-" + volume.name();
                    String other = taken.putIfAbsent(id, mine);
                    if (other != null && !other.equals(mine)) {
                        problems.add(Problem.error(declared.at(), mine + " and " + other + " would both be named " + id)
                                .withHint("rename the volume or the service"));
                    }
                }
            }
        }
    }

    private static String owner(String deployment, String service, String volume) {
        return "volume " + volume + " of " + deployment + ":" + service;
    }
}
