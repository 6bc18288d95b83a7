package org.portolan.controller;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.portolan.model.container.Container;
import org.portolan.model.container.Network;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyObservation;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.UnhealthyInstances;
import org.portolan.release.Installation;

/**
 * Looks at everything at once, now and then, since events can be lost and much sends none: has those deployments looked at of which
 * something is otherwise than at the last look.
 */
final class FullLook {
    private final Installation installation;
    private final SourceMemory sources;
    private final KeptStandings standings;
    private final Consumer<String> changed;
    private final Consumer<Observation> looked;
    private Map<String, Seen> last = Map.of();

    /**
     * Looks at nothing yet.
     *
     * @param changed gets each deployment to look at
     * @param looked gets what the engine has, at each look
     */
    FullLook(
            Installation installation,
            SourceMemory sources,
            KeptStandings standings,
            Consumer<String> changed,
            Consumer<Observation> looked) {
        this.installation = installation;
        this.sources = sources;
        this.standings = standings;
        this.changed = changed;
        this.looked = looked;
    }

    /** What was seen of one. */
    private record Seen(
            List<Container> containers,
            Set<Network> networks,
            List<ProxyDefect> defects,
            Set<InstanceId> unreached,
            int release,
            boolean unfinished) {
        /** Whether there is something to do, whatever the last look saw: it may have been repaired since and altered again. */
        boolean open() {
            return unfinished || ProxyDefect.anyRepairable(defects);
        }
    }

    /** With what a list does not tell, which is known but for what changed. */
    private Container closer(Container container) {
        return container.state() == Container.State.RUNNING
                ? installation
                        .engine()
                        .settings(container.id())
                        .map(container::withSettings)
                        .orElse(container)
                : container;
    }

    /** Looks once. */
    void look() {
        Map<String, DeploymentState> states = installation.store().deployments();
        SortedMap<String, List<Container>> containers = new TreeMap<>();
        Observation observation = installation.engine().observe();
        looked.accept(observation);
        for (Container container : observation.containers()) {
            if (container.isOf(installation.settings().installation())) {
                container.instance().ifPresent(id -> containers
                        .computeIfAbsent(id.deployment(), name -> new ArrayList<>())
                        .add(closer(container)));
            }
        }
        SortedMap<String, Set<Network>> networks = new TreeMap<>();
        observation.networks().stream()
                .filter(network ->
                        Labels.areOf(network.labels(), installation.settings().installation()))
                .forEach(network -> networks.computeIfAbsent(
                                network.labels().getOrDefault(Labels.DEPLOYMENT, ""), name -> new HashSet<>())
                        .add(network));
        ProxyObservation proxies = installation.proxy().look(states.keySet());
        Map<String, Seen> now = new HashMap<>();
        states.forEach((name, state) -> now.put(
                name,
                new Seen(
                        containers.getOrDefault(name, List.of()),
                        networks.getOrDefault(name, Set.of()),
                        proxies.applied().containsKey(name) ? proxies.defects() : List.of(),
                        proxies.applied().containsKey(name)
                                ? UnhealthyInstances.unreached(installation, name)
                                : Set.of(),
                        state.lastRelease(),
                        state.running().isPresent())));
        NavigableSet<String> names = new TreeSet<>(states.keySet());
        names.addAll(sources.deployments());
        for (String name : names) {
            Seen seen = now.get(name);
            if (seen == null || seen.open() || !seen.equals(last.get(name))) {
                changed.accept(name);
            }
        }
        last = now;
        standings.retain(Subject.DEPLOYMENT, names::contains);
    }
}
