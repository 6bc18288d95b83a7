package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.jobs.JobMachine;
import org.portolan.jobs.JobStep;
import org.portolan.jobs.JobsDecision;
import org.portolan.jobs.JobsView;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.container.JobContainer;
import org.portolan.model.labels.Labels;
import org.portolan.model.state.JobRun;
import org.portolan.plan.DueJobs;
import org.portolan.plan.DueJobs.Due;

/**
 * Shows the jobs of a release to {@link JobMachine}, does what that decides, and tells how each attempt ended. What it
 * remembers is memory only: whoever comes after it sees the containers and what was written.
 */
final class JobRunner {
    private static final int LINES = 20;
    private final Engine engine;
    private final ReleaseRequest run;
    private final DueJobs jobs;
    private final boolean released;
    private final Background work;
    private final InstantSource clock;
    private final EventRecorder events;
    private final Set<String> busy = new HashSet<>();
    private final Retries<String> retries = new Retries<>();
    private final Map<String, Instant> started = new HashMap<>();
    private final Set<Due> completed = new HashSet<>();
    /** Ids of containers whose end was reported. */
    private final Set<String> told = new HashSet<>();
    /** Ends that are not written yet. */
    private final List<JobRun> ends = new ArrayList<>();

    private List<JobContainer> containers = List.of();
    private ReleaseRequest.Result.@Nullable Failed refusal;

    /** @param released whether those are run that follow a good release, or the others */
    JobRunner(
            Engine engine,
            ReleaseRequest run,
            boolean released,
            Tasks tasks,
            InstantSource clock,
            EventRecorder events) {
        this.engine = engine;
        this.run = run;
        this.jobs = run.goal().jobs();
        this.released = released;
        this.work = new Background(tasks);
        this.clock = clock;
        this.events = events;
    }

    /** Takes over what steps brought since the last time; on the loop's thread, before it observes. */
    void collect() {
        work.collect();
    }

    /** Whether there is a job of this run, or a container of one. */
    boolean any() {
        return !containers.isEmpty()
                || !jobs.due().isEmpty()
                || !jobs.unrecorded().isEmpty()
                || busy();
    }

    /** Takes over what the engine shows. */
    void observe(Collection<Container> seen, Instant now) {
        String installation = run.factory().labels().getOrDefault(Labels.INSTALLATION, "");
        List<JobContainer> ours = new ArrayList<>();
        for (Container container : seen) {
            if (container.isOf(installation, run.goal().deployment())) {
                JobContainer.of(container).ifPresent(ours::add);
            }
        }
        containers = ours;
        for (JobContainer container : ours) {
            String id = container.container().id();
            if (container.running() && due(container).isPresent() && !started.containsKey(id)) {
                // An earlier process started it.
                started.put(
                        id,
                        engine.inspect(id)
                                .flatMap(Container::startedAt)
                                .filter(since -> !since.isAfter(now))
                                .orElse(now));
            }
        }
    }

    private Optional<Due> due(JobContainer container) {
        return jobs.due(released).stream()
                .filter(job -> JobsView.runs(container, job))
                .findFirst();
    }

    /** The job whose end somebody saw who died before it was written. */
    private Optional<Due> unrecorded(JobContainer container) {
        return released || !container.remembers()
                ? Optional.empty()
                : jobs.unrecorded().stream()
                        .filter(job -> JobsView.runs(container, job))
                        .findFirst();
    }

    /** Whether an attempt ended without success and that is not told yet: the engine may be on its way down. */
    boolean anyFailed() {
        return containers.stream()
                .anyMatch(container -> container.ended() && !container.completed() && isNews(container));
    }

    private boolean isNews(JobContainer container) {
        String id = container.container().id();
        boolean own = container.completed() || container.release() == run.release() || started.containsKey(id);
        boolean news =
                (own && due(container).isPresent()) || unrecorded(container).isPresent();
        return news && !told.contains(id);
    }

    /** Tells and writes which attempts ended since the last time. */
    void tell(Recorder recorder) {
        Instant now = clock.instant();
        for (JobContainer container : containers) {
            if (container.ended() && isNews(container)) {
                Due job = due(container).or(() -> unrecorded(container)).orElseThrow();
                String id = container.container().id();
                JobRun end = new JobRun(
                        job.service(),
                        job.version(),
                        job.name(),
                        job.spec().once(),
                        run.release(),
                        container.attempt(),
                        exitStatus(container),
                        JobMachine.timedOut(view(), job, container.container(), now),
                        Optional.ofNullable(started.get(id)),
                        now);
                events.job(end, container.container().name(), tail(id));
                told.add(id);
                ends.add(end);
            }
        }
        while (!ends.isEmpty()) {
            events.flush(recorder, Map.of());
            recorder.ended(ends.getFirst());
            ends.removeFirst();
        }
        completed.addAll(JobMachine.completed(view()));
    }

    /** A dead container never completed, whatever its status says. */
    private static int exitStatus(JobContainer container) {
        int status = container.container().exitCode();
        return container.completed() || status != 0 ? status : 1;
    }

    private List<String> tail(String container) {
        try {
            return engine.tail(container, LINES);
        } catch (Failure unreadable) {
            return List.of("its output cannot be read: " + unreadable.what());
        }
    }

    JobsView view() {
        return new JobsView(
                run.goal().deployment(),
                jobs,
                containers,
                started,
                completed,
                busy,
                run.goal().removed(),
                run.release(),
                released,
                run.forward());
    }

    boolean busy() {
        return !busy.isEmpty();
    }

    /** A step that the engine refuses for good. */
    Optional<ReleaseRequest.Result.Failed> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Begins the steps whose container has none in progress, after writing down that they begin. */
    boolean submit(List<JobStep> steps, Recorder recorder) {
        Instant now = clock.instant();
        List<JobStep> fresh = new ArrayList<>();
        for (JobStep step : steps) {
            if (retries.due(step.name(), now) && busy.add(step.name())) {
                fresh.add(step);
                events.begins(step);
            }
        }
        if (fresh.isEmpty()) {
            return false;
        }
        events.flush(recorder, Map.of());
        for (JobStep step : fresh) {
            work.submit(() -> perform(step));
        }
        return true;
    }

    private void perform(JobStep step) {
        try {
            switch (step) {
                case JobStep.Create create -> {
                    String container = engine.create(run.factory().job(create.job(), create.name(), create.attempt()));
                    start(create.job(), create.name(), container);
                }
                case JobStep.Start start -> start(start.job(), start.name(), start.container());
                case JobStep.Kill kill -> engine.stop(kill.container(), Optional.of("KILL"), Duration.ZERO);
                case JobStep.Remove remove -> engine.remove(remove.container(), false, hasFileVolumes(remove));
            }
            work.arrive(() -> {
                busy.remove(step.name());
                retries.done(step.name());
            });
        } catch (Failure refused) {
            work.arrive(() -> refused(step, refused));
        }
    }

    private boolean hasFileVolumes(JobStep.Remove remove) {
        return engine.inspect(remove.container())
                .filter(Container::hasFileVolumes)
                .isPresent();
    }

    private void start(Due job, String name, String container) {
        new ContainerSetup(run.factory().joins(job.service()), run.factory().files(job.service(), name))
                .carryOut(engine, container);
        Instant at = clock.instant();
        // Known before it runs: a job may end before its start is answered.
        work.arrive(() -> started.putIfAbsent(container, at));
        engine.start(container);
    }

    private void refused(JobStep step, Failure why) {
        Instant now = clock.instant();
        busy.remove(step.name());
        boolean unreachable =
                why instanceof EngineException engineSays && engineSays.reason() == EngineException.Reason.UNREACHABLE;
        boolean over = unreachable ? retries.unanswered(step.name(), now) : retries.refused(step.name(), now);
        if (over && refusal == null) {
            String doing = "cannot " + step.verb() + " " + step.name();
            refusal = new ReleaseRequest.Result.Failed(
                    "",
                    step.name(),
                    why.what().startsWith(doing) ? why.what() : doing + ": " + why.what(),
                    why.details());
        }
    }

    /** What a job failed of, and the last lines of its output. */
    ReleaseRequest.Result.Failed failed(JobsDecision.Failed failed) {
        List<String> evidence = new ArrayList<>();
        List<String> lines = tail(failed.container());
        evidence.add(lines.isEmpty() ? failed.name() + " wrote nothing" : "last lines of " + failed.name() + ":");
        lines.forEach(line -> evidence.add("  " + line));
        return new ReleaseRequest.Result.Failed(failed.job().service(), failed.name(), failed.cause(), evidence);
    }
}
