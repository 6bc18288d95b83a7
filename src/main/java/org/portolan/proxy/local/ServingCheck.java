package org.portolan.proxy.local;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyDefect.Subject;
import org.portolan.proxy.haproxy.Haproxy;
import org.portolan.proxy.nginx.Nginx;
import org.portolan.routing.Policy;
import org.portolan.routing.RouteMaps;
import org.portolan.routing.RoutingTable;

/**
 * Compares what the proxies serve, by their own word, with the routing: HAProxy's servers and maps, and how nginx treats
 * each name. Both are asked at the same time.
 */
final class ServingCheck {
    /** As many for each subject; a lost folder makes one for each domain. */
    private static final int FEW = 5;

    private final Haproxy haproxy;
    private final Nginx nginx;

    ServingCheck(Haproxy haproxy, Nginx nginx) {
        this.haproxy = haproxy;
        this.nginx = nginx;
    }

    /** @param key the installation's secret */
    List<ProxyDefect> find(RoutingTable table, byte[] key) {
        SortedMap<String, Policy> policies = Policy.of(table.sites(), key);
        Asked<List<ProxyDefect>> edge = Asked.of("edge", () -> nginx.differences(policies.values()));
        Map<Subject, List<ProxyDefect>> bySubject = new EnumMap<>(Subject.class);
        List<ProxyDefect> all = new ArrayList<>(haproxy.differences(table, RouteMaps.of(table, policies)));
        all.addAll(edge.answer());
        all.forEach(defect -> bySubject
                .computeIfAbsent(defect.about(), about -> new ArrayList<>())
                .add(defect));
        List<ProxyDefect> found = new ArrayList<>();
        bySubject.values().forEach(defects -> add(defects, found));
        return found;
    }

    private static void add(List<ProxyDefect> defects, List<ProxyDefect> found) {
        int shown = defects.size() <= FEW ? defects.size() : FEW - 1;
        found.addAll(defects.subList(0, shown));
        if (shown < defects.size()) {
            ProxyDefect last = defects.getLast();
            found.add(new ProxyDefect(
                    last.about(),
                    "and " + (defects.size() - shown) + " more, such as: " + last.found(),
                    last.repair(),
                    last.down(),
                    last.remedy()));
        }
    }
}
