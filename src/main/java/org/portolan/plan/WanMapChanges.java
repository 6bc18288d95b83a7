package org.portolan.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.routing.RouteSet;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** Compares the addresses of the outside that HAProxy carries for a service with those that are wanted. */
final class WanMapChanges {
    private WanMapChanges() {}

    /** @param fresh services whose action says that they are new, and with them all that leads to them */
    static List<Action> decide(Optional<RouteSet> applied, Collection<ServiceGoal> services, Set<String> fresh) {
        List<Action> actions = new ArrayList<>();
        if (applied.isEmpty()) {
            return actions;
        }
        for (ServiceGoal service : services) {
            boolean served = false;
            SortedMap<String, String> before = new TreeMap<>();
            for (RouteSet.Backend backend : applied.get().backends()) {
                if (backend.service().equals(service.name())) {
                    served = true;
                    backend.bindings().forEach(address -> before.put(address, backend.port()));
                }
            }
            SortedMap<String, String> wanted = named(service);
            if (served && !fresh.contains(service.name()) && !before.equals(wanted)) {
                actions.add(new Action(
                        Kind.CHANGE_WAN_MAP, service.name(), service.name() + "  wan_map", reasons(before, wanted)));
            }
        }
        return actions;
    }

    private static SortedMap<String, String> named(ServiceGoal service) {
        SortedMap<String, String> wanted = new TreeMap<>(service.spec().wanMap());
        wanted.replaceAll(
                (address, port) -> port.isEmpty() && service.spec().ports().size() == 1
                        ? service.spec().mainPort()
                        : port);
        return wanted;
    }

    private static List<String> reasons(SortedMap<String, String> before, SortedMap<String, String> wanted) {
        List<String> reasons = new ArrayList<>();
        wanted.forEach((address, port) -> {
            String old = before.get(address);
            if (old == null) {
                reasons.add(address + " added: " + shown(port));
            } else if (!old.equals(port)) {
                reasons.add(address + ": " + shown(old) + " → " + shown(port));
            }
        });
        before.forEach((address, port) -> {
            if (!wanted.containsKey(address)) {
                reasons.add(address + " removed (was " + shown(port) + ")");
            }
        });
        reasons.add("only HAProxy listens there: no container is changed");
        return reasons;
    }

    private static String shown(String port) {
        return port.isEmpty() ? "its port" : "port " + port;
    }
}
