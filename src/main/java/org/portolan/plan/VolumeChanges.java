package org.portolan.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.Definition;
import org.portolan.model.ServiceSpec;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.Goal.ServiceGoal;

/**
 * Says which volumes are made. Only services with a change are looked at: while a container holds a volume, the engine
 * does not let it go. A folder on the host cannot be seen from here; it is called new where the service or its volume is.
 */
final class VolumeChanges {
    private final PlanInput input;
    private final Survey survey;

    VolumeChanges(PlanInput input, Survey survey) {
        this.input = input;
        this.survey = survey;
    }

    void decide(Collection<ServiceGoal> services, List<Action> changes, List<Action> actions) {
        Set<String> changed = new HashSet<>();
        changes.forEach(action -> changed.add(action.subject()));
        for (ServiceGoal goal : services) {
            if (changed.contains(goal.name()) && goal.scale() > 0) {
                for (ServiceSpec.Volume volume : goal.spec().volumes()) {
                    reason(goal, volume)
                            .ifPresent(reason -> actions.add(new Action(
                                    Kind.CREATE_VOLUME,
                                    goal.name() + "/" + volume.name(),
                                    "volume " + volume.name() + " of " + goal.name() + "  at " + volume.target(),
                                    List.of(reason))));
                }
            }
        }
    }

    private Optional<String> reason(ServiceGoal goal, ServiceSpec.Volume volume) {
        return switch (volume.kind()) {
            case BIND -> Optional.empty();
            case DRIVER ->
                held(goal) || survey.volumes().contains(volume.source())
                        ? Optional.empty()
                        : Optional.of("the engine has no volume " + volume.source() + " of Portolan's");
            case NAMED -> named(goal, volume);
        };
    }

    private Optional<String> named(ServiceGoal goal, ServiceSpec.Volume volume) {
        Set<Integer> before = new HashSet<>();
        survey.of(goal.name()).forEach(seen -> before.add(seen.id().version()));
        input.state().ifPresent(state -> {
            state.versions().getOrDefault(goal.name(), List.of()).forEach(ref -> before.add(ref.number()));
            Optional.ofNullable(state.lastVersion().get(goal.name())).ifPresent(before::add);
        });
        if (before.isEmpty()) {
            return Optional.of("the service is new; its data is kept from version to version");
        }
        List<Definition> kept = new ArrayList<>();
        for (int version : before) {
            Optional<Definition> definition = input.kept().definition(goal.name(), version);
            if (definition.isEmpty()) {
                return Optional.empty();
            }
            kept.add(definition.get());
        }
        for (Definition definition : kept) {
            if (definition.get("volumes") instanceof Map<?, ?> volumes && volumes.containsKey(volume.name())) {
                return Optional.empty();
            }
        }
        return Optional.of("no version had it before");
    }

    private boolean held(ServiceGoal goal) {
        for (Survey.Seen seen : survey.of(goal.name())) {
            if (!seen.adopted() && seen.id().version() == goal.version()) {
                return true;
            }
        }
        return false;
    }
}
