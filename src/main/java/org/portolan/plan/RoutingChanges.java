package org.portolan.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.routing.RouteSet;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Compares what HAProxy does for a service with what is wanted, as far as its version does not say it: the addresses of the
 * outside, and how many connections an instance gets.
 */
final class RoutingChanges {
    private RoutingChanges() {}

    /** @param fresh services whose action says that they are new, and with them all that leads to them */
    static List<Action> decide(Optional<RouteSet> applied, Collection<ServiceGoal> services, Set<String> fresh) {
        List<Action> actions = new ArrayList<>();
        if (applied.isEmpty()) {
            return actions;
        }
        for (ServiceGoal service : services) {
            boolean served = false;
            int most = 0;
            SortedMap<String, String> before = new TreeMap<>();
            for (RouteSet.Backend backend : applied.get().backends()) {
                if (backend.service().equals(service.name())) {
                    served = true;
                    most = Math.max(most, backend.maxConnections());
                    backend.bindings().forEach(address -> before.put(address, backend.port()));
                }
            }
            SortedMap<String, String> wanted = named(service);
            boolean known = served && !fresh.contains(service.name());
            if (known && !before.equals(wanted)) {
                actions.add(new Action(
                        Kind.CHANGE_WAN_MAP, service.name(), service.name() + "  wan_map", reasons(before, wanted)));
            }
            int wantedMost = service.spec().maxConnections();
            if (known && most != wantedMost) {
                actions.add(new Action(
                        Kind.CHANGE_MAX_CONNECTIONS,
                        service.name(),
                        service.name() + "  max_connections",
                        List.of(
                                limit(most) + " → " + limit(wantedMost),
                                "HAProxy limits them: no container is changed")));
            }
        }
        return actions;
    }

    private static String limit(int connections) {
        return connections == 0 ? "no limit" : String.valueOf(connections);
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
        SortedMap<String, String> added = new TreeMap<>(wanted);
        added.keySet().removeAll(before.keySet());
        runs(added).forEach(run -> reasons.add(run.addresses() + " added: " + run.ports()));
        wanted.forEach((address, port) -> {
            String old = before.get(address);
            if (old != null && !old.equals(port)) {
                reasons.add(address + ": " + shown(old) + " → " + shown(port));
            }
        });
        SortedMap<String, String> removed = new TreeMap<>(before);
        removed.keySet().removeAll(wanted.keySet());
        runs(removed).forEach(run -> reasons.add(run.addresses() + " removed (was " + run.ports() + ")"));
        reasons.add("only HAProxy listens there: no container is changed");
        return reasons;
    }

    /** Addresses with consecutive ports that lead to consecutive ports of a range. */
    private record Run(String address, int first, int last, String from, String to) {
        boolean goesOn(String host, int port, String name) {
            return host.equals(address) && port == last + 1 && follows(to, name);
        }

        String addresses() {
            return address + ":" + first + (first == last ? "" : "-" + last);
        }

        String ports() {
            return first == last ? shown(from) : "ports " + from + " to " + to;
        }

        /** Whether one name is the other with the next number: {@code passive-30001} after {@code passive-30000}. */
        private static boolean follows(String before, String name) {
            int dash = before.lastIndexOf('-');
            int number = dash < 0 ? 0 : InstanceLabels.port(before.substring(dash + 1));
            return number > 0 && name.equals(before.substring(0, dash + 1) + (number + 1));
        }
    }

    private static List<Run> runs(SortedMap<String, String> addresses) {
        List<Map.Entry<String, String>> entries = new ArrayList<>(addresses.entrySet());
        entries.sort(Comparator.comparing((Map.Entry<String, String> entry) -> host(entry.getKey()))
                .thenComparingInt(entry -> port(entry.getKey())));
        List<Run> runs = new ArrayList<>();
        for (Map.Entry<String, String> entry : entries) {
            String host = host(entry.getKey());
            int port = port(entry.getKey());
            String name = entry.getValue();
            Run last = runs.isEmpty() ? null : runs.getLast();
            if (last != null && last.goesOn(host, port, name)) {
                runs.set(runs.size() - 1, new Run(host, last.first(), port, last.from(), name));
            } else {
                runs.add(new Run(host, port, port, name, name));
            }
        }
        return runs;
    }

    private static String host(String address) {
        return address.substring(0, Math.max(0, address.lastIndexOf(':')));
    }

    private static int port(String address) {
        return InstanceLabels.port(address.substring(address.lastIndexOf(':') + 1));
    }

    private static String shown(String port) {
        return port.isEmpty() ? "its port" : "port " + port;
    }
}
