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
import org.portolan.databases.DatabaseStep.Work;
import org.portolan.databases.DatabasesView;
import org.portolan.engine.Engine;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.event.DatabaseEvent.DatabasePassword;
import org.portolan.model.event.DatabaseEvent.DatabasePasswordKept;
import org.portolan.model.event.DatabaseEvent.DatabaseReady;
import org.portolan.model.event.DatabaseEvent.DatabaseUnchecked;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.model.service.ServiceSpec.EnvValue;

/**
 * Makes the databases of a release where they do not exist, by a command in the container of their server. What it remembers is
 * memory only: whoever comes after it asks the server again.
 */
final class DatabaseRunner {
    private static final int LINES = 20;
    /** How often a server is asked that does not let the administrator in yet. */
    private static final Duration ROUND = Duration.ofSeconds(1);

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Engine engine;
    private final ReleaseRequest run;
    private final Background work;
    private final InstantSource clock;
    private final EventRecorder events;
    private final Set<DatabaseSpec> busy = new HashSet<>();
    private final Set<DatabaseSpec> present = new HashSet<>();
    private final Set<DatabaseSpec> loose = new HashSet<>();
    private final Map<DatabaseSpec, String> troubles = new HashMap<>();
    private final Map<DatabaseSpec, Instant> since = new HashMap<>();
    private final Retries<DatabaseSpec> retries = new Retries<>();
    private ReleaseRequest.Result.@Nullable Failed refusal;

    DatabaseRunner(Engine engine, ReleaseRequest run, Tasks tasks, InstantSource clock, EventRecorder events) {
        this.engine = engine;
        this.run = run;
        this.work = new Background(tasks);
        this.clock = clock;
        this.events = events;
    }

    /** Takes over what steps brought since the last time; on the loop's thread. */
    void collect() {
        work.collect();
    }

    DatabasesView view() {
        return new DatabasesView(present, loose, troubles, run.passwords());
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
            if (retries.due(database, now) && busy.add(database)) {
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
        DatabaseCommand command = step.command();
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
            done(step, lines);
        } else if (result.exitCode() == DatabaseCommand.NOT_YET || result.timedOut()) {
            again(step, result.timedOut() ? "its command does not end" : last(lines), lines);
        } else if (result.exitCode() == DatabaseCommand.OTHER_PASSWORD) {
            busy.remove(database);
            refuse(
                    step,
                    "its user " + database.user() + " exists and has another password than all versions of the value "
                            + DatabaseSpec.passwordName(database.name())
                            + "; enter the user's password with `secret set "
                            + DatabaseSpec.passwordName(database.name()) + "`",
                    lines);
        } else {
            failed(step, result.exitCode(), lines);
        }
    }

    private void done(DatabaseStep step, List<String> lines) {
        DatabaseSpec database = step.database();
        switch (step.work()) {
            case Work.Make make -> {
                present.add(database);
                boolean both = says(lines, DatabaseCommand.LOOSE);
                if (both) {
                    loose.add(database);
                }
                if (says(lines, DatabaseCommand.CHANGED)) {
                    events.publish(new DatabasePassword(database.name(), database.in(), database.user(), both));
                } else {
                    events.publish(
                            new DatabaseReady(database.name(), database.in(), says(lines, DatabaseCommand.MADE)));
                }
            }
            case Work.Discard discard -> loose.remove(database);
        }
    }

    private static boolean says(List<String> lines, String beginning) {
        return lines.stream().anyMatch(line -> line.startsWith(beginning));
    }

    /** The server does not answer yet, or the engine does not: that can end by itself. */
    private void again(DatabaseStep step, String why, List<String> lines) {
        DatabaseSpec database = step.database();
        Instant now = clock.instant();
        busy.remove(database);
        troubles.put(database, why);
        retries.pause(database, now, ROUND);
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
        if (retries.refused(database, clock.instant())) {
            refuse(step, "exit status " + exitStatus + (lines.isEmpty() ? "" : ": " + last(lines)), lines);
        }
    }

    private void refuse(DatabaseStep step, String why, List<String> lines) {
        DatabaseSpec database = step.database();
        if (step.work() instanceof Work.Discard) {
            loose.remove(database);
            events.publish(new DatabasePasswordKept(database.name(), database.in(), database.user(), why));
            return;
        }
        if (step.work() instanceof Work.Make make && !make.required()) {
            // What serves is not taken away because of this.
            present.add(database);
            events.publish(new DatabaseUnchecked(database.name(), database.in(), database.user(), why));
            return;
        }
        if (refusal != null) {
            return;
        }
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
    private List<String> lines(DatabaseSpec database, String output) {
        String masked = output.replace(database.password().text(), "••••");
        for (EnvValue version : run.passwords().getOrDefault(database.name(), List.of())) {
            masked = masked.replace(version.text(), "••••");
        }
        List<String> all = masked.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return all.subList(Math.max(0, all.size() - LINES), all.size());
    }
}
