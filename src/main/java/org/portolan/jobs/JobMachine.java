package org.portolan.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.portolan.model.Durations;
import org.portolan.model.container.Container;
import org.portolan.model.container.JobContainer;
import org.portolan.plan.DueJobs.Due;

/**
 * Decides what comes next for the jobs of a release, from what the engine shows and nothing else; it is asked again after
 * every change. Whoever was killed at any step is followed by one who sees the same containers and continues: a container that
 * was made is started, one that runs is waited for, one that exited with 0 is never made again.
 */
public final class JobMachine {
    private final JobsView view;
    private final Instant now;
    private final List<JobStep> steps = new ArrayList<>();
    private final SortedMap<String, String> waits = new TreeMap<>();
    private final Set<Due> completed = new HashSet<>();
    private final List<JobsDecision.Failed> failed = new ArrayList<>();
    private boolean running;
    private boolean settled = true;

    private JobMachine(JobsView view, Instant now) {
        this.view = view;
        this.now = now;
    }

    /**
     * Decides.
     *
     * @param missing what a job of the release still waits for, as {@code postgres}; empty: it may run
     */
    public static JobsDecision decide(JobsView view, Function<Due, Optional<String>> missing, Instant now) {
        return new JobMachine(view, now).decide(missing);
    }

    /** The jobs that are completed, whatever else is to be decided. */
    public static Set<Due> completed(JobsView view) {
        Set<Due> completed = new HashSet<>();
        for (Due job : view.due()) {
            if (view.completed().contains(job)
                    || view.containers().stream().anyMatch(own -> JobsView.runs(own, job) && own.completed())) {
                completed.add(job);
            }
        }
        return completed;
    }

    /** Jobs that will not run in this release, since one that they require failed: itself or through others. */
    public static Set<Due> prevented(List<Due> due, JobsDecision decision) {
        Set<String> over = new HashSet<>();
        decision.failed().forEach(failed -> over.add(failed.job().name()));
        Set<Due> prevented = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (Due job : due) {
                boolean waits = !decision.completed().contains(job) && !over.contains(job.name());
                if (waits && job.spec().require().stream().anyMatch(over::contains)) {
                    over.add(job.name());
                    prevented.add(job);
                    more = true;
                }
            }
        }
        return prevented;
    }

    private JobsDecision decide(Function<Due, Optional<String>> missing) {
        completed.addAll(completed(view));
        List<JobContainer> left = new ArrayList<>();
        for (JobContainer container : view.containers()) {
            Optional<Due> job = view.jobs().due().stream()
                    .filter(due -> JobsView.runs(container, due))
                    .findFirst();
            boolean leaves =
                    job.isEmpty() ? !stays(container) : completed.contains(job.get()) && !container.completed();
            if (leaves) {
                left.add(container);
                leave(container);
            }
        }
        for (Due job : view.due()) {
            if (!completed.contains(job)) {
                bringAbout(job, left, missing);
            }
        }
        return new JobsDecision(steps, waits, Set.copyOf(completed), running, settled, failed);
    }

    /** Whether the container of a job that this release need not run is the memory of one that ended. */
    private boolean stays(JobContainer container) {
        boolean serviceLeaves = view.forward() && view.removed().contains(container.service());
        // A lost store gave the number again, to another definition.
        boolean otherOfThatNumber = view.jobs().due().stream()
                .anyMatch(job -> job.name().equals(container.job())
                        && job.service().equals(container.service())
                        && job.version() == container.version());
        return view.jobs().keep() && container.remembers() && !serviceLeaves && !otherOfThatNumber;
    }

    private void leave(JobContainer container) {
        settled = false;
        String name = container.container().name();
        if (view.busy().contains(name) || container.container().state() == Container.State.REMOVING) {
            return;
        }
        String id = container.container().id();
        steps.add(container.running() ? new JobStep.Kill(name, id) : new JobStep.Remove(name, id));
    }

    private void bringAbout(Due job, List<JobContainer> left, Function<Due, Optional<String>> missing) {
        settled = false;
        Optional<JobContainer> last = view.containers().stream()
                .filter(own -> JobsView.runs(own, job))
                .max(Comparator.comparingInt(JobContainer::attempt));
        if (last.isPresent()) {
            follow(job, last.get());
            return;
        }
        boolean predecessor = left.stream()
                .anyMatch(other ->
                        other.job().equals(job.name()) && other.service().equals(job.service()));
        Optional<String> lacks = missing.apply(job);
        if (predecessor) {
            await(job, "until its earlier run is removed");
        } else if (lacks.isPresent()) {
            await(job, "which waits for " + lacks.get());
        } else {
            create(job, 1);
            await(job, "");
        }
    }

    private void create(Due job, int attempt) {
        String name = job.container(view.deployment(), attempt);
        if (!view.busy().contains(name)) {
            steps.add(new JobStep.Create(job, name, attempt));
        }
    }

    /** Brings the last attempt one step nearer to its end, or makes the next. */
    private void follow(Due job, JobContainer last) {
        String name = last.container().name();
        String id = last.container().id();
        boolean busy = view.busy().contains(name);
        await(job, "");
        switch (last.container().state()) {
            case CREATED -> {
                if (!busy) {
                    steps.add(new JobStep.Start(job, name, id));
                }
            }
            case RUNNING, PAUSED, RESTARTING -> {
                running = true;
                Duration limit = job.spec().timeout();
                Instant since = view.started().getOrDefault(id, now);
                if (!busy && now.isAfter(since.plus(limit))) {
                    steps.add(new JobStep.Kill(name, id));
                }
            }
            case EXITED, DEAD -> ended(job, last, busy);
            case REMOVING -> {
                // Gone when the engine is asked next.
            }
        }
    }

    private void ended(Due job, JobContainer last, boolean busy) {
        String name = last.container().name();
        String id = last.container().id();
        boolean own = last.release() == view.release() || view.started().containsKey(id);
        if (!own) {
            // Of a release that is over: this one has new attempts.
            if (!busy) {
                steps.add(new JobStep.Remove(name, id));
            }
        } else if (last.attempt() > job.spec().retries()) {
            failed.add(new JobsDecision.Failed(job, id, name, cause(job, last)));
        } else {
            create(job, last.attempt() + 1);
        }
        // The earlier attempts have been reported.
        for (JobContainer earlier : view.containers()) {
            if (JobsView.runs(earlier, job)
                    && earlier.attempt() < last.attempt()
                    && earlier.ended()
                    && !view.busy().contains(earlier.container().name())) {
                steps.add(new JobStep.Remove(
                        earlier.container().name(), earlier.container().id()));
            }
        }
    }

    /** What an attempt failed of, for people. */
    private String cause(Due job, JobContainer last) {
        Container container = last.container();
        String how = timedOut(view, job, container, now)
                ? "took longer than its timeout of "
                        + Durations.format(job.spec().timeout()) + " and was killed"
                : container.oomKilled()
                        ? "ran out of memory (exit status " + container.exitCode() + ")"
                        : "exited with status " + container.exitCode();
        String attempts = job.spec().retries() == 0 ? "" : " in attempt " + last.attempt();
        return "job " + job.name() + " of " + job.service() + " " + how + attempts;
    }

    /** Whether a container that ended was killed because of its timeout: with KILL, when its time was over. */
    public static boolean timedOut(JobsView view, Due job, Container container, Instant now) {
        Instant since = view.started().get(container.id());
        return container.exitCode() == 137
                && since != null
                && now.isAfter(since.plus(job.spec().timeout()));
    }

    private void await(Due job, String why) {
        if (!job.spec().released()) {
            waits.putIfAbsent(job.service(), "waiting for job " + job.name() + (why.isEmpty() ? "" : ", " + why));
        }
    }
}
