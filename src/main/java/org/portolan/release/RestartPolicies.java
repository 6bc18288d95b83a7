package org.portolan.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.portolan.engine.Engine;
import org.portolan.model.container.Container;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.Labels;
import org.portolan.model.state.DeploymentState;

/**
 * Looks up the restart policies of instances that no good release vouches for. An instance gets its policy when it has
 * passed its startup check, and a release is good only when all have theirs; so only what a later, failed or interrupted
 * release made may be without. A list of containers does not tell policies, and to inspect each would slow every command.
 * After a release that did not succeed all are looked at: which one was good is then known from labels alone where the store
 * had been emptied, and an interrupted release left its own.
 */
public final class RestartPolicies {
    /** The engine's word for a container that it does not restart. */
    static final String NONE = "no";

    private RestartPolicies() {}

    /** The observation, with the policy of each running instance that may lack its own. */
    public static Observation looked(
            Engine engine,
            Observation observation,
            String installation,
            Map<String, DeploymentState> states,
            String of) {
        DeploymentState state = states.get(of);
        int good = state == null || state.lastRelease() > state.goodRelease() ? 0 : state.goodRelease();
        return each(
                observation,
                container -> isRunning(container, installation, of) && release(container) > good
                        ? engine.inspect(container.id())
                                .map(full -> container.withRestart(full.restart()))
                                .orElse(container)
                        : container);
    }

    /** The observation, with what a list does not tell of each running instance that a good release vouches for. */
    public static Observation settled(
            Engine engine,
            Observation observation,
            String installation,
            Map<String, DeploymentState> states,
            String of) {
        int good = good(states, of);
        return each(
                observation,
                container -> isRunning(container, installation, of)
                                && container.instance().isPresent()
                                && release(container) <= good
                        ? engine.settings(container.id())
                                .map(container::withSettings)
                                .orElse(container)
                        : container);
    }

    private static int good(Map<String, DeploymentState> states, String of) {
        DeploymentState state = states.get(of);
        return state == null ? 0 : state.goodRelease();
    }

    private static boolean isRunning(Container container, String installation, String of) {
        return container.isOf(installation, of) && container.state() == Container.State.RUNNING;
    }

    private static Observation each(Observation observation, UnaryOperator<Container> look) {
        List<Container> containers = new ArrayList<>();
        for (Container container : observation.containers()) {
            containers.add(look.apply(container));
        }
        return new Observation(
                List.copyOf(containers), observation.networks(), observation.volumes(), observation.foreignNames());
    }

    /** The ids of those that were looked at and have none. */
    public static Set<String> missing(Observation observation) {
        Set<String> missing = new TreeSet<>();
        for (Container container : observation.containers()) {
            if (container.restart().equals(NONE)) {
                missing.add(container.id());
            }
        }
        return missing;
    }

    private static int release(Container container) {
        try {
            return Integer.parseInt(container.label(Labels.RELEASE));
        } catch (NumberFormatException unknown) {
            return Integer.MAX_VALUE;
        }
    }
}
