package org.portolan.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.engine.Engine;
import org.portolan.model.container.Container;
import org.portolan.model.labels.ComposeProject;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.plan.Plan;

/**
 * External volumes that a running container of another owner mounts when a service is first started with them: two databases that
 * write to one volume destroy it, so a person must agree.
 */
final class SharedData {
    private final Engine engine;

    SharedData(Engine engine) {
        this.engine = engine;
    }

    /**
     * What needs consent; asks the engine only where a service with an external volume is new.
     *
     * @param ending the ids of containers that are stopped first
     */
    List<String> consent(Plan plan, DeploymentState state, Set<String> ending) {
        SortedMap<String, SortedSet<String>> wanted = new TreeMap<>();
        for (ServiceGoal service : plan.goal().services().values()) {
            for (ServiceSpec.Volume volume : service.spec().volumes()) {
                boolean external = volume.kind() == ServiceSpec.Volume.Kind.EXTERNAL;
                if (external && service.scale() > 0 && !state.services().containsKey(service.name())) {
                    wanted.computeIfAbsent(volume.source(), none -> new TreeSet<>())
                            .add(service.name());
                }
            }
        }
        if (wanted.isEmpty()) {
            return List.of();
        }
        Map<String, SortedSet<String>> users = engine.volumeUsers();
        List<String> consent = new ArrayList<>();
        wanted.forEach((volume, services) -> {
            for (String name : users.getOrDefault(volume, new TreeSet<>())) {
                Optional<Container> other = engine.inspect(name)
                        .filter(container -> container.state().up()
                                && container.label(Labels.INSTALLATION).isEmpty()
                                && !ending.contains(container.id()));
                other.ifPresent(container -> consent.add("start " + String.join(", ", services) + " beside "
                        + container.name() + ", which runs and mounts the volume " + volume + advice(container)));
            }
        });
        return consent;
    }

    private static String advice(Container container) {
        String project = container.label(ComposeProject.PROJECT);
        return project.isEmpty() ? "" : " (--adopt-containers " + project + " stops it first)";
    }
}
