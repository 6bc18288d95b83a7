package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Says which databases a release asks their servers for: those of services of which a version starts or a job runs. Whether one
 * exists only its server knows; the plan knows whether a version in place had it.
 */
final class DatabaseChanges {
    private final PlanInput input;
    private final DeploymentInventory inventory;
    private final Versions versions;

    DatabaseChanges(PlanInput input, DeploymentInventory inventory, Versions versions) {
        this.input = input;
        this.inventory = inventory;
        this.versions = versions;
    }

    /** Each comes right before the first service or job that waits for it. */
    void add(DesiredRelease goal, List<Action> changes) {
        SortedMap<String, DatabaseSpec> asked = new TreeMap<>();
        SortedMap<String, SortedSet<String>> users = new TreeMap<>();
        for (ServiceGoal service : goal.services().values()) {
            for (DatabaseSpec database : service.spec().databases()) {
                if (asks(goal, service)) {
                    asked.put(database.name(), database);
                    users.computeIfAbsent(database.name(), name -> new TreeSet<>())
                            .add(service.name());
                }
            }
        }
        asked.forEach((name, database) -> {
            SortedSet<String> waiting = users.getOrDefault(name, new TreeSet<>());
            int at = 0;
            while (at < changes.size() && !waits(goal, changes.get(at), waiting)) {
                at++;
            }
            changes.add(at, action(goal, database, waiting));
        });
    }

    private boolean asks(DesiredRelease goal, ServiceGoal service) {
        boolean begun =
                inventory.of(service.name()).stream().anyMatch(seen -> seen.id().version() == service.version());
        boolean runsJobs =
                goal.jobs().due().stream().anyMatch(job -> job.service().equals(service.name()));
        return (service.scale() > 0 && !begun) || runsJobs;
    }

    private static boolean waits(DesiredRelease goal, Action change, SortedSet<String> waiting) {
        return switch (change.kind()) {
            case ADD_SERVICE, REPLACE_SERVICE, SCALE_SERVICE, REPAIR_SERVICE -> waiting.contains(change.subject());
            case RUN_JOB ->
                goal.jobs().due().stream()
                        .anyMatch(job -> job.name().equals(change.subject()) && waiting.contains(job.service()));
            default -> false;
        };
    }

    private Action action(DesiredRelease goal, DatabaseSpec database, SortedSet<String> waiting) {
        Optional<DatabaseSpec> before = before(goal, database);
        List<String> reasons = new ArrayList<>();
        reasons.add("required by " + String.join(", ", waiting));
        String line = "database " + database.name() + "  in " + database.in();
        if (before.isEmpty()) {
            reasons.add("no version in place has it; what exists in " + database.in() + " is used as it is");
            return new Action(Kind.ADD_DATABASE, database.name(), line + ", user " + database.user(), reasons);
        }
        if (before.get().password().equals(database.password())) {
            reasons.add("it is made again if it is missing");
            return new Action(Kind.CHECK_DATABASE, database.name(), line + ", checked", reasons);
        }
        reasons.add(
                switch (database.type()) {
                    case POSTGRES ->
                        "PostgreSQL accepts one password per user: until they are replaced, instances with the earlier one"
                                + " cannot open new connections";
                    case MARIADB ->
                        "MariaDB 10.4 and later accept the earlier one too until the release is over; before, instances with it"
                                + " cannot open new connections";
                    case MYSQL ->
                        "MySQL 8.0.14 and later accept the earlier one too until the release is over; before, instances with it"
                                + " cannot open new connections";
                });
        return new Action(
                Kind.CHANGE_DATABASE, database.name(), line + ", new password of user " + database.user(), reasons);
    }

    /** As a version in place has it. */
    private Optional<DatabaseSpec> before(DesiredRelease goal, DatabaseSpec database) {
        for (ServiceGoal service : goal.services().values()) {
            int current = versions.current(service.name());
            boolean uses = service.spec().databases().stream()
                    .anyMatch(each -> each.name().equals(database.name()));
            Optional<DatabaseSpec> had = !uses || current == 0
                    ? Optional.empty()
                    : input.kept().definition(service.name(), current).stream()
                            .flatMap(kept -> ServiceSpec.from(service.name(), kept).databases().stream())
                            .filter(each -> each.name().equals(database.name())
                                    && each.in().equals(database.in()))
                            .findFirst();
            if (had.isPresent()) {
                return had;
            }
        }
        return Optional.empty();
    }
}
