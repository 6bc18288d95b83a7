package org.portolan.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.portolan.model.service.Desired;
import org.portolan.model.service.JoinedNetworks;

/** The order of a file's deployments: one whose network another joins comes before that; else the file's order. */
public final class JoinOrder {
    private static final SortedSet<String> NONE = Collections.emptySortedSet();

    private final Map<String, Desired> byName = new HashMap<>();
    private final Map<String, SortedSet<String>> joins = new HashMap<>();

    private JoinOrder(Collection<Desired> all) {
        all.forEach(desired -> {
            byName.put(desired.name(), desired);
            joins.put(desired.name(), JoinedNetworks.of(desired));
        });
    }

    /** The deployments in the order in which they are deployed. */
    public static List<Desired> of(List<Desired> all) {
        JoinOrder order = new JoinOrder(all);
        List<Desired> sorted = new ArrayList<>();
        Set<String> done = new HashSet<>();
        all.forEach(desired -> order.add(desired, done, sorted));
        return sorted;
    }

    /** Whether a deployment is deployed before another that joins its network: not where each joins the other's in the end. */
    static boolean before(String joined, Desired joining, Collection<Desired> siblings) {
        List<Desired> all = new ArrayList<>(siblings);
        all.add(joining);
        JoinOrder order = new JoinOrder(all);
        return order.byName.containsKey(joined) && !order.leads(joined, joining.name(), new HashSet<>());
    }

    private void add(Desired desired, Set<String> done, List<Desired> sorted) {
        if (!done.add(desired.name())) {
            return;
        }
        for (String joined : joins.getOrDefault(desired.name(), NONE)) {
            Desired other = byName.get(joined);
            if (other != null && !leads(joined, desired.name(), new HashSet<>())) {
                add(other, done, sorted);
            }
        }
        sorted.add(desired);
    }

    /** Whether one joins another, by itself or through those that it joins. */
    private boolean leads(String from, String to, Set<String> seen) {
        if (from.equals(to)) {
            return true;
        }
        if (seen.add(from)) {
            for (String next : joins.getOrDefault(from, NONE)) {
                if (leads(next, to, seen)) {
                    return true;
                }
            }
        }
        return false;
    }
}
