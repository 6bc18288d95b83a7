package org.portolan.rollout;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.databases.DatabaseStep;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * The databases that a release needs and that their servers were not asked for yet. A service that has an instance of its version
 * had them; so a release that only scales or restarts asks nobody.
 */
final class DatabaseSteps {
    private DatabaseSteps() {}

    /** What a service's new version or its jobs wait for; empty: for no database. */
    static Optional<String> lacking(ReleaseView view, ServiceGoal goal) {
        return needs(view, goal).stream()
                .filter(database -> !view.databases().present().contains(database))
                .findFirst()
                .map(database -> {
                    String trouble = view.databases().troubles().getOrDefault(database, "");
                    return "database " + database.name() + (trouble.isEmpty() ? "" : ": " + trouble);
                });
    }

    /** Those that can be made now: where the server's service serves. */
    static List<DatabaseStep> decide(ReleaseView view, SortedMap<String, ServiceDecision> decisions) {
        SortedMap<String, DatabaseStep> steps = new TreeMap<>();
        for (ServiceGoal goal : view.goal().services().values()) {
            for (DatabaseSpec database : needs(view, goal)) {
                ServiceDecision server = decisions.get(database.in());
                boolean serves = server == null || server.serving();
                if (serves && !view.databases().present().contains(database)) {
                    server(view, database).ifPresent(step -> steps.putIfAbsent(database.name(), step));
                }
            }
        }
        return List.copyOf(steps.values());
    }

    private static Optional<DatabaseStep> server(ReleaseView view, DatabaseSpec database) {
        NavigableMap<InstanceId, InstanceView> healthy = new TreeMap<>();
        for (InstanceView instance : view.instances().getOrDefault(database.in(), List.of())) {
            if (instance.running() && instance.healthy()) {
                healthy.put(instance.id(), instance);
            }
        }
        // Of several, the newest version's.
        return Optional.ofNullable(healthy.lastEntry())
                .map(newest -> new DatabaseStep(
                        database, newest.getKey(), newest.getValue().container()));
    }

    private static List<DatabaseSpec> needs(ReleaseView view, ServiceGoal goal) {
        boolean begun = view.instances().getOrDefault(goal.name(), List.of()).stream()
                .anyMatch(instance -> instance.id().version() == goal.version());
        boolean starts = goal.scale() > 0 && !begun;
        boolean runsJobs =
                view.jobs().due().stream().anyMatch(job -> job.service().equals(goal.name()));
        return view.forward() && (starts || runsJobs) ? goal.spec().databases() : List.of();
    }
}
