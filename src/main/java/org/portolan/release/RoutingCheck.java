package org.portolan.release;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.container.Container;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.plan.Action;
import org.portolan.plan.DesiredRelease;

/** Compares what the proxies serve with the running instances of the goal. Pure. */
public record RoutingCheck(String installation, DesiredRelease goal, Observation observation) {

    /** An action for each service whose running instances are not all served, or that the proxies give others. */
    public List<Action> repairs(Optional<RouteSet> applied) {
        SortedMap<String, SortedSet<String>> reasons = new TreeMap<>();
        Set<InstanceId> wanted = new HashSet<>();
        for (Container container : observation.containers()) {
            Optional<InstanceId> id = container.instance();
            if (id.isPresent() && served(container, id.get())) {
                wanted.add(id.get());
            }
        }
        Set<InstanceId> given = new HashSet<>();
        for (Backend backend : applied.map(RouteSet::backends).orElse(List.of())) {
            for (Server server : backend.servers()) {
                InstanceId id = server.instance();
                given.add(id);
                if (!wanted.contains(id)) {
                    add(id, "the proxies still have a route to " + id, reasons);
                } else if (server.state() != RouteSet.State.READY || server.weight() == 0) {
                    add(id, "the proxies send no traffic to " + id, reasons);
                }
            }
        }
        for (InstanceId id : wanted) {
            if (!given.contains(id)) {
                add(id, "the proxies have no route to " + id, reasons);
            }
        }
        List<Action> actions = new ArrayList<>();
        reasons.forEach((service, all) -> actions.add(
                new Action(Action.Kind.REPAIR_SERVICE, service, service + "  repair routes", List.copyOf(all))));
        return actions;
    }

    private static void add(InstanceId id, String reason, SortedMap<String, SortedSet<String>> reasons) {
        reasons.computeIfAbsent(id.service(), service -> new TreeSet<>()).add(reason);
    }

    private boolean served(Container container, InstanceId id) {
        DesiredRelease.ServiceGoal service = goal.services().get(id.service());
        return service != null
                && container.isOf(installation, goal.deployment())
                && service.version() == id.version()
                && !container.label(Labels.PORTS).isEmpty();
    }
}
