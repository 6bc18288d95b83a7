package org.portolan.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.databases.DatabaseStep;
import org.portolan.databases.DatabaseStep.Work;
import org.portolan.model.container.Container;
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

    /**
     * Those that can be made now: where the server's service serves. A user whose password was ever rotated may have another
     * version of it than this release's, whoever was killed on the way there; so its server is asked although nothing waits.
     */
    static List<DatabaseStep> decide(ReleaseView view, SortedMap<String, ServiceDecision> decisions) {
        SortedMap<String, DatabaseSpec> required = new TreeMap<>();
        SortedMap<String, DatabaseSpec> checked = new TreeMap<>();
        Set<DatabaseSpec> present = view.databases().present();
        for (ServiceGoal goal : view.goal().services().values()) {
            needs(view, goal).stream()
                    .filter(database -> !present.contains(database))
                    .forEach(database -> required.putIfAbsent(database.name(), database));
            rotated(view, goal).forEach(database -> checked.merge(database.name(), database, view.databases()::newer));
        }
        checked.keySet().removeAll(required.keySet());
        present.forEach(database -> checked.remove(database.name()));
        List<DatabaseStep> steps = new ArrayList<>();
        required.values()
                .forEach(database -> make(view, decisions, database, true).ifPresent(steps::add));
        checked.values()
                .forEach(database -> make(view, decisions, database, false).ifPresent(steps::add));
        return steps;
    }

    /** The first of a service's databases whose password was rotated and was not compared with the server's yet. */
    static Optional<String> unchecked(ReleaseView view, ServiceGoal goal) {
        return rotated(view, goal).stream()
                .filter(database -> serverRuns(view, database)
                        && view.databases().present().stream()
                                .noneMatch(other -> other.name().equals(database.name())))
                .findFirst()
                .map(database -> "database " + database.name());
    }

    private static boolean serverRuns(ReleaseView view, DatabaseSpec database) {
        ServiceGoal server = view.goal().services().get(database.in());
        return server != null && server.scale() > 0;
    }

    private static Optional<DatabaseStep> make(
            ReleaseView view, SortedMap<String, ServiceDecision> decisions, DatabaseSpec database, boolean required) {
        ServiceDecision server = decisions.get(database.in());
        // On the way back whatever serves there is asked.
        boolean serves = !view.forward() || server == null || server.serving();
        return serves
                ? server(view, database, new Work.Make(view.databases().others(database), required))
                : Optional.empty();
    }

    /** What is left when all else is reached: earlier passwords that nothing uses any more. */
    static List<DatabaseStep> last(ReleaseView view) {
        List<DatabaseStep> steps = new ArrayList<>();
        view.databases().loose().forEach(database -> server(view, database, new Work.Discard())
                .ifPresent(steps::add));
        return steps;
    }

    private static List<DatabaseSpec> rotated(ReleaseView view, ServiceGoal goal) {
        return goal.spec().databases().stream()
                .filter(database -> !view.databases().others(database).isEmpty())
                .toList();
    }

    private static Optional<DatabaseStep> server(ReleaseView view, DatabaseSpec database, Work work) {
        NavigableMap<InstanceId, InstanceView> healthy = new TreeMap<>();
        for (InstanceView instance : view.instances().getOrDefault(database.in(), List.of())) {
            if (instance.running() && instance.healthy()) {
                healthy.put(instance.id(), instance);
            }
        }
        // Of several, the newest version's.
        return Optional.ofNullable(healthy.lastEntry())
                .map(newest -> new DatabaseStep(
                        database, newest.getKey(), newest.getValue().container(), work));
    }

    /** Whether an instance of the version ever ran. One that was only made may have a password that is out of date. */
    static boolean started(ReleaseView view, ServiceGoal goal) {
        return view.instances().getOrDefault(goal.name(), List.of()).stream()
                .anyMatch(instance ->
                        instance.id().version() == goal.version() && instance.state() != Container.State.CREATED);
    }

    private static List<DatabaseSpec> needs(ReleaseView view, ServiceGoal goal) {
        boolean starts = goal.scale() > 0 && !started(view, goal);
        boolean runsJobs =
                view.jobs().due().stream().anyMatch(job -> job.service().equals(goal.name()));
        return view.forward() && (starts || runsJobs) ? goal.spec().databases() : List.of();
    }
}
