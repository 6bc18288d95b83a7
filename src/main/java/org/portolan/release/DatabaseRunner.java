package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.databases.DatabaseCommand;
import org.portolan.databases.DatabaseStep;
import org.portolan.databases.DatabasesView;
import org.portolan.engine.Engine;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.event.ResourceEvent.DatabaseReady;
import org.portolan.model.service.DatabaseSpec;

/**
 * Makes the databases of a release where they do not exist, by a command in the container of their server. What it remembers is
 * memory only: whoever comes after it asks the server again.
 */
final class DatabaseRunner {
    private static final int TRIES = 3;
    private static final int LINES = 20;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Engine engine;
    private final Background work;
    private final InstantSource clock;
    private final EventRecorder events;
    private final Set<DatabaseSpec> busy = new HashSet<>();
    private final Set<DatabaseSpec> present = new HashSet<>();
    private final Map<DatabaseSpec, String> troubles = new HashMap<>();
    private final Map<DatabaseSpec, Instant> since = new HashMap<>();
    private final Map<DatabaseSpec, Instant> retryAt = new HashMap<>();
    private final Map<DatabaseSpec, Integer> failures = new HashMap<>();
    private ReleaseRequest.Result.@Nullable Failed refusal;

    DatabaseRunner(Engine engine, Tasks tasks, InstantSource clock, EventRecorder events) {
        this.engine = engine;
        this.work = new Background(tasks);
        this.clock = clock;
        this.events = events;
    }

    /** Takes over what steps brought since the last time; on the loop's thread. */
    void collect() {
        work.collect();
    }

    DatabasesView view() {
        return new DatabasesView(present, troubles);
    }

    boolean busy() {
        return !busy.isEmpty();
    }

    /** A database that cannot be made. */
    Optional<ReleaseRequest.Result.Failed> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Begins the steps that are not in progress, once the store has what came before. */
    boolean submit(List<DatabaseStep> steps, Recorder recorder) {
        Instant now = clock.instant();
        List<DatabaseStep> fresh = new ArrayList<>();
        for (DatabaseStep step : steps) {
            DatabaseSpec database = step.database();
            if (!now.isBefore(retryAt.getOrDefault(database, now)) && busy.add(database)) {
                since.putIfAbsent(database, now);
                fresh.add(step);
            }
        }
        if (fresh.isEmpty()) {
            return false;
        }
        events.flush(recorder, Map.of());
        for (DatabaseStep step : fresh) {
            work.submit(() -> perform(step));
        }
        return true;
    }

    private void perform(DatabaseStep step) {
        DatabaseCommand command = DatabaseCommand.of(step.database());
        try {
            Engine.ExecResult result = engine.exec(step.container(), command.words(), command.env(), DEADLINE);
            work.arrive(() -> ended(step, result));
        } catch (Failure refused) {
            work.arrive(() -> again(step, refused.what(), refused.details()));
        }
    }

    private void ended(DatabaseStep step, Engine.ExecResult result) {
        DatabaseSpec database = step.database();
        List<String> lines = lines(database, result.output());
        if (result.exitCode() == 0) {
            busy.remove(database);
            troubles.remove(database);
            present.add(database);
            events.publish(new DatabaseReady(
                    database.name(),
                    database.in(),
                    lines.stream().anyMatch(line -> line.startsWith(DatabaseCommand.MADE))));
        } else if (result.exitCode() == DatabaseCommand.NOT_YET || result.timedOut()) {
            again(step, result.timedOut() ? "its command does not end" : last(lines), lines);
        } else if (result.exitCode() == DatabaseCommand.OTHER_PASSWORD) {
            busy.remove(database);
            refuse(
                    step,
                    "its user " + database.user() + " exists and has another password than the value "
                            + DatabaseSpec.passwordName(database.name())
                            + "; enter the user's password with `secret set "
                            + DatabaseSpec.passwordName(database.name()) + "`",
                    lines);
        } else {
            failed(step, result.exitCode(), lines);
        }
    }

    /** The server does not answer yet, or the engine does not: that can end by itself. */
    private void again(DatabaseStep step, String why, List<String> lines) {
        DatabaseSpec database = step.database();
        Instant now = clock.instant();
        busy.remove(database);
        troubles.put(database, why);
        retryAt.put(database, now.plus(RETRY));
        if (now.isAfter(since.getOrDefault(database, now).plus(database.timeout()))) {
            refuse(
                    step,
                    "not possible within its timeout of " + Durations.format(database.timeout()) + ": " + why,
                    lines);
        }
    }

    /** Another process may have made the same at this moment, so it is tried again. */
    private void failed(DatabaseStep step, int exitStatus, List<String> lines) {
        DatabaseSpec database = step.database();
        busy.remove(database);
        troubles.put(database, last(lines));
        retryAt.put(database, clock.instant().plus(RETRY));
        if (failures.merge(database, 1, Integer::sum) >= TRIES) {
            refuse(step, "exit status " + exitStatus + (lines.isEmpty() ? "" : ": " + last(lines)), lines);
        }
    }

    private void refuse(DatabaseStep step, String why, List<String> lines) {
        if (refusal != null) {
            return;
        }
        DatabaseSpec database = step.database();
        String instance = step.instance().name();
        List<String> evidence = new ArrayList<>();
        evidence.add(lines.isEmpty() ? "the command in " + instance + " wrote nothing" : "output in " + instance + ":");
        lines.forEach(line -> evidence.add("  " + line));
        refusal = new ReleaseRequest.Result.Failed(
                database.in(), instance, "cannot make the database " + database.name() + ": " + why, evidence);
    }

    private static String last(List<String> lines) {
        return lines.isEmpty() ? "no answer" : lines.getLast();
    }

    /** The last lines of the output; a server may repeat a statement with the password in its complaint. */
    private static List<String> lines(DatabaseSpec database, String output) {
        List<String> all = output.replace(database.password().text(), "••••")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return all.subList(Math.max(0, all.size() - LINES), all.size());
    }
}
