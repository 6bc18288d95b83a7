package org.portolan.rollout;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * The order in which services stop: the reverse of {@code require}. A service that leaves, or is scaled to none, waits until
 * every service that requires it and stops in the same run has no running instance left. A service that is only replaced
 * waits for nobody: those that require it continue with its new version. Pure.
 */
final class StopOrder {
    private StopOrder() {}

    /** The services that must not stop yet, each with one that must stop before it. */
    static SortedMap<String, String> held(ReleaseView view) {
        SortedMap<String, List<String>> stopping = new TreeMap<>();
        for (ServiceGoal goal : view.goal().services().values()) {
            if (goal.scale() == 0) {
                stopping.put(goal.name(), goal.spec().require());
            }
        }
        for (String name : view.goal().removed()) {
            stopping.put(
                    name, view.leaving().getOrDefault(name, Leaving.UNKNOWN).require());
        }
        stopping.keySet().removeIf(name -> view.instances().getOrDefault(name, List.of()).stream()
                .noneMatch(InstanceView::running));
        SortedMap<String, String> held = new TreeMap<>();
        stopping.forEach((dependant, required) -> {
            for (String name : required) {
                if (stopping.containsKey(name) && !name.equals(dependant)) {
                    held.putIfAbsent(name, dependant);
                }
            }
        });
        // Requirements of different releases may form a cycle, in which each would wait for the others for ever.
        SortedSet<String> free = new TreeSet<>(stopping.keySet());
        free.removeAll(held.keySet());
        return free.isEmpty() ? new TreeMap<>() : held;
    }
}
