package org.portolan.plan;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerSettings;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.DockerKeys;
import org.portolan.model.service.ServiceSpec;

/** What somebody changed of a container by hand, as far as the engine lets them. */
public final class HandChanges {
    private HandChanges() {}

    /**
     * The ids of the containers that have the labels of another instance, as a copy of it has. The instance is the one that has its
     * name, else one that runs.
     *
     * @param containers of one installation
     */
    public static Set<String> doubles(Collection<Container> containers) {
        Map<InstanceId, Container> instances = new TreeMap<>();
        Set<String> doubles = new HashSet<>();
        for (Container container : containers) {
            container.instance().ifPresent(id -> {
                Container other = instances.get(id);
                if (other == null) {
                    instances.put(id, container);
                } else {
                    boolean better = likelier(id).compare(container, other) < 0;
                    doubles.add(better ? other.id() : container.id());
                    if (better) {
                        instances.put(id, container);
                    }
                }
            });
        }
        return doubles;
    }

    private static Comparator<Container> likelier(InstanceId id) {
        return Comparator.comparing((Container container) -> !container.name().equals(id.name()))
                .thenComparing(container -> !container.state().up())
                .thenComparing(Container::id);
    }

    /** Whether it has another name than its instance. */
    public static boolean renamed(Container container) {
        return container
                .instance()
                .filter(id -> !id.name().equals(container.name()))
                .isPresent();
    }

    /** How its restart policy differs, in words; empty where it does not, or nobody looked. */
    static Optional<String> policy(ServiceSpec spec, Container container) {
        return container
                .settings()
                .map(ContainerSettings::restart)
                .filter(policy -> !policy.equals(spec.restart()))
                .map(policy -> "has the restart policy " + policy + " instead of " + spec.restart());
    }

    /** Whether its restart policy differs, and can be set again. */
    public static boolean otherPolicy(ServiceSpec spec, Container container) {
        return policy(spec, container).isPresent();
    }

    /**
     * How its limits differ, in words; empty where they do not, or nobody looked. Another container has to take its place. A limit
     * that is not there says nothing: not every engine and kernel has each, and nobody can take one away by hand.
     */
    public static Optional<String> limits(ServiceSpec spec, Container container) {
        boolean overlaid =
                DockerKeys.find(spec.options().docker(), DockerKeys.HOST_CONFIG).isPresent();
        if (overlaid || container.settings().isEmpty()) {
            return Optional.empty();
        }
        ContainerSettings is = container.settings().get();
        ServiceSpec.Resources wanted = spec.resources();
        return differs("a memory limit", " bytes", is.memory(), wanted.memoryBytes())
                .or(() -> differs("a processor limit", "e-9", is.nanoCpus(), Math.round(wanted.cpus() * 1e9)))
                .or(() -> differs("processor shares", "", is.cpuShares(), wanted.cpuShares()))
                .or(() -> wanted.pids() == 0
                        ? Optional.empty()
                        : differs("a limit of processes", "", is.pids(), wanted.pids()));
    }

    private static Optional<String> differs(String what, String unit, long is, long wanted) {
        return is == 0 || is == wanted
                ? Optional.empty()
                : Optional.of(
                        "has " + what + " of " + is + unit + " instead of " + (wanted == 0 ? "none" : wanted + unit));
    }
}
