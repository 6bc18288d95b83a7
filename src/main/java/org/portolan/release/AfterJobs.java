package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.portolan.jobs.JobMachine;
import org.portolan.jobs.JobsDecision;
import org.portolan.model.Failure;
import org.portolan.plan.DueJobs.Due;

/**
 * Runs the jobs that follow a good release. Their failure is reported and undoes nothing; a process that dies meanwhile leaves
 * them to the next deploy.
 */
final class AfterJobs {
    private static final Duration ROUND = Duration.ofMillis(200);
    /** For the steps in progress when a person stops the run. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(45);

    private final Installation installation;
    private final ReleaseRequest run;
    private final Recorder recorder;
    private final Tasks tasks;
    private final EventRecorder events;
    private final JobRunner jobs;
    /** Those that wait for one that failed. */
    private Set<Due> prevented = Set.of();

    AfterJobs(Installation installation, ReleaseRequest run, Recorder recorder) {
        this.installation = installation;
        this.run = run;
        this.recorder = recorder;
        tasks = installation.tasks().get();
        events = new EventRecorder(
                installation.events(), installation.clock(), run.goal().deployment(), run.release());
        jobs = new JobRunner(installation.engine(), run, true, tasks, installation.clock(), events);
    }

    /** Returns when each has ended, well or not; gives what kept them from it. */
    Optional<String> run() {
        Optional<Instant> troubleSince = Optional.empty();
        while (!run.interrupted() && recorder.decides()) {
            Instant now = installation.clock().instant();
            try {
                if (round(now)) {
                    events.flush(recorder, Map.of());
                    return jobs.refusal()
                            .map(ReleaseRequest.Result.Failed::cause)
                            .or(this::prevention);
                }
                troubleSince = Optional.empty();
            } catch (Failure trouble) {
                Instant since = troubleSince.orElse(now);
                troubleSince = Optional.of(since);
                if (!trouble.kind().passes() || now.isAfter(since.plus(Retries.PATIENCE))) {
                    return Optional.of(trouble.what());
                }
            }
            tasks.await(ROUND);
        }
        return recorder.decides() ? interrupted() : Optional.empty();
    }

    /** Begins nothing more, and lets what is in progress end for a while, so that it is recorded. */
    private Optional<String> interrupted() {
        Instant end = installation.clock().instant().plus(LAST_STEPS);
        while (jobs.busy() && installation.clock().instant().isBefore(end)) {
            tasks.await(ROUND);
            jobs.collect();
        }
        try {
            events.flush(recorder, Map.of());
        } catch (Failure unwritten) {
            return Optional.of(unwritten.what());
        }
        return Optional.of("the deploy was stopped; the next one continues them");
    }

    private boolean round(Instant now) {
        jobs.collect();
        jobs.observe(installation.engine().containers(), now);
        jobs.tell(recorder);
        if (jobs.refusal().isPresent()) {
            return true;
        }
        List<Due> due = run.goal().jobs().due(true);
        JobsDecision decision = JobMachine.decide(jobs.view(), job -> missing(job, due), now);
        prevented = JobMachine.prevented(due, decision);
        int over = decision.completed().size() + decision.failed().size() + prevented.size();
        if (over == due.size() && !jobs.busy()) {
            return true;
        }
        jobs.submit(decision.steps(), recorder);
        return false;
    }

    private Optional<String> prevention() {
        return prevented.isEmpty()
                ? Optional.empty()
                : Optional.of("a job that they require failed, so these did not start: "
                        + prevented.stream().map(Due::name).sorted().collect(Collectors.joining(", ")));
    }

    /** Everything that the release brought serves; of the others that follow it, one may wait for another. */
    private Optional<String> missing(Due job, List<Due> due) {
        Set<Due> completed = JobMachine.completed(jobs.view());
        return due.stream()
                .filter(other -> job.spec().require().contains(other.name()) && !completed.contains(other))
                .map(other -> "job " + other.name())
                .findFirst();
    }
}
