package org.portolan.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ServerView;
import org.portolan.model.service.Desired;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.release.Installation;
import org.portolan.release.StoredDesired;

/** Which instances run and are unhealthy, by the engine's word or by the mesh's checks. */
public final class UnhealthyInstances {
    private UnhealthyInstances() {}

    /** Those of a deployment; all are instances. */
    public static List<Container> of(Installation installation, String deployment) {
        Set<InstanceId> down = down(installation, deployment);
        List<Container> sick = new ArrayList<>();
        for (Container container : installation.engine().containers()) {
            boolean runs = container.isOf(installation.settings().installation(), deployment)
                    && container.state() == Container.State.RUNNING;
            if (runs
                    && container
                            .instance()
                            .filter(id -> container.verdict() == Container.Verdict.UNHEALTHY || down.contains(id))
                            .isPresent()) {
                sick.add(container);
            }
        }
        return sick;
    }

    /** The instances whose checks fail in the mesh. One of a service without a check may as well listen nowhere. */
    private static Set<InstanceId> down(Installation installation, String deployment) {
        Set<InstanceId> down = unreached(installation, deployment);
        if (!down.isEmpty()) {
            Predicate<InstanceId> checked = checked(installation, deployment);
            down.removeIf(id -> !checked.test(id));
        }
        return down;
    }

    /** The instances that the mesh sends nothing because their checks fail; none where it cannot be asked. */
    public static Set<InstanceId> unreached(Installation installation, String deployment) {
        Set<InstanceId> down = new TreeSet<>();
        try {
            installation.proxy().observe(deployment).forEach((id, views) -> {
                if (views.stream().anyMatch(view -> view.status() == ServerView.Status.DOWN)) {
                    down.add(id);
                }
            });
        } catch (Failure away) {
            // That the proxies do not answer is said, and repaired, by others.
            return new TreeSet<>();
        }
        return down;
    }

    private static Predicate<InstanceId> checked(Installation installation, String deployment) {
        StoredDesired kept = new StoredDesired(installation);
        Desired desired = kept.current(kept.state(deployment));
        return id -> Optional.ofNullable(desired.services().get(id.service()))
                .flatMap(service ->
                        ServiceSpec.from(id.service(), service.definition()).health())
                .isPresent();
    }

    /** A plan of what would be repaired, with these as well: a controller replaces them if they stay so. */
    static Plan shown(Installation installation, Plan plan) {
        boolean released = installation
                .store()
                .deployment(plan.deployment())
                .flatMap(DeploymentState::running)
                .isPresent();
        if (released) {
            // New instances are not healthy yet.
            return plan;
        }
        TreeMap<String, List<String>> sick = new TreeMap<>();
        for (Container container : of(installation, plan.deployment())) {
            container.instance().ifPresent(id -> sick.computeIfAbsent(id.service(), service -> new ArrayList<>())
                    .add(id.name() + " runs and is unhealthy: a controller replaces it if it stays so"));
        }
        List<Action> actions = new ArrayList<>(plan.actions());
        sick.forEach((service, reasons) -> actions.add(new Action(
                Action.Kind.REPAIR_SERVICE,
                service,
                service + "  " + reasons.size() + (reasons.size() == 1 ? " instance is" : " instances are")
                        + " unhealthy",
                reasons)));
        return sick.isEmpty() ? plan : plan.with(actions);
    }
}
