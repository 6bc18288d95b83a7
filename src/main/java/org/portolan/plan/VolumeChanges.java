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
                    String subject = volume.owner(goal.name()) + "/" + volume.name();
                    boolean planned = actions.stream()
                            .anyMatch(action -> action.kind() == Kind.CREATE_VOLUME
                                    && action.subject().equals(subject));
                    if (missing(goal, volume) && !planned) {
                        actions.add(create(subject, goal, volume));
                    }
                }
            }
        }
    }

    private static Action create(String subject, ServiceGoal goal, ServiceSpec.Volume volume) {
        boolean shared = volume.kind() == ServiceSpec.Volume.Kind.SHARED;
        return new Action(
                Kind.CREATE_VOLUME,
                subject,
                shared
                        ? "volume " + volume.name() + "  for several services"
                        : "volume " + volume.name() + " of " + goal.name() + "  at " + volume.target(),
                List.of("does not exist yet; all versions share it"));
    }

    private boolean missing(ServiceGoal goal, ServiceSpec.Volume volume) {
        if (!volume.made() || held(goal)) {
            return false;
        }
        return !inventory
                .volumes()
                .contains(named(volume) ? volume.source() : volume.owner(goal.name()) + "/" + volume.name());
    }

    private boolean held(ServiceGoal goal) {
        return !inventory.own(goal.name(), goal.version()).isEmpty();
    }

    /** Whether the volume is one of the engine's that the file names, and that others may use too. */
    private static boolean named(ServiceSpec.Volume volume) {
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
                boolean own = volume.made() && !named(volume);
                DesiredService declared = input.desired().services().get(goal.name());
                if (own && declared != null) {
                    String mine = owner(deployment, volume.owner(goal.name()), volume.name());
                    String id = volume.engineName(deployment, goal.name());
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
        return "volume " + volume + " of " + deployment + (service.isEmpty() ? "" : ":" + service);
    }
}
