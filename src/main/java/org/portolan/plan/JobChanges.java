package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.portolan.model.Durations;
import org.portolan.model.container.JobContainer;
import org.portolan.model.service.JobSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.JobRun;
import org.portolan.model.state.Release;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Decides which jobs a release has to run: those of each version that comes, unless store or engine remember that they are
 * completed. A version that is in place has had its jobs.
 */
final class JobChanges {
    private final PlanInput input;
    private final Optional<DeploymentState> state;
    private final List<JobContainer> containers;

    JobChanges(PlanInput input, DeploymentInventory inventory) {
        this.input = input;
        this.state = input.state();
        this.containers = inventory.jobs();
    }

    DueJobs decide(SortedMap<String, ServiceGoal> services) {
        List<DueJobs.Due> due = new ArrayList<>();
        List<DueJobs.Due> unrecorded = new ArrayList<>();
        // What the store keeps has had its jobs, and a rollback runs none.
        if (!(input.options().basis() instanceof Basis.Stored)) {
            for (ServiceGoal goal : services.values()) {
                for (JobSpec job : goal.spec().jobs()) {
                    DueJobs.Due each = new DueJobs.Due(goal.name(), goal.version(), goal.hash(), job);
                    if (goal.held().isEmpty() && isDue(goal, job)) {
                        due.add(each);
                    } else if (goal.held().isEmpty() && isUnrecorded(goal, job)) {
                        unrecorded.add(each);
                    }
                }
            }
        }
        return new DueJobs(List.copyOf(due), List.copyOf(unrecorded), true);
    }

    private boolean isUnrecorded(ServiceGoal goal, JobSpec job) {
        boolean recorded = state.map(DeploymentState::jobs).orElse(List.of()).stream()
                .anyMatch(run -> run.job().equals(job.name())
                        && run.service().equals(goal.name())
                        && run.version() == goal.version()
                        && (run.completed() || job.released()));
        return !recorded
                && containers.stream()
                        .anyMatch(container -> container.remembers()
                                && container.job().equals(job.name())
                                && container.service().equals(goal.name())
                                && container.version() == goal.version()
                                && container.hash().equals(goal.hash()));
    }

    private boolean isDue(ServiceGoal goal, JobSpec job) {
        Release.Placed placed =
                state.map(known -> known.services().get(goal.name())).orElse(null);
        boolean held =
                state.filter(known -> known.held().containsKey(goal.name())).isPresent();
        boolean inPlace = placed != null && placed.version() == goal.version() && !held;
        if (!inPlace) {
            return !remembered(goal, job);
        }
        // One that follows the release may have been interrupted; where the store was lost nobody knows.
        boolean stored = input.all().containsKey(input.desired().name());
        return job.released() && stored && !remembered(goal, job);
    }

    /** Whether it is completed, or followed a good release and failed, which is not tried again. */
    private boolean remembered(ServiceGoal goal, JobSpec job) {
        for (JobRun run : state.map(DeploymentState::jobs).orElse(List.of())) {
            boolean same = run.job().equals(job.name()) && run.service().equals(goal.name());
            boolean over = run.completed() || job.released();
            if (same && over && (job.once() || run.version() == goal.version())) {
                return true;
            }
        }
        for (JobContainer container : containers) {
            boolean same =
                    container.job().equals(job.name()) && container.service().equals(goal.name());
            boolean version =
                    container.version() == goal.version() && container.hash().equals(goal.hash());
            if (same && container.remembers() && (job.once() || version)) {
                return true;
            }
        }
        return false;
    }

    /** Each job that runs before its service's new version comes right before that in the plan, the others last. */
    void add(DueJobs jobs, List<Action> changes) {
        for (JobContainer container : containers) {
            if (!container.remembers() && jobs.due().stream().noneMatch(job -> runs(container, job))) {
                changes.add(new Action(
                        Kind.REMOVE_JOB,
                        container.job(),
                        "job " + container.job() + "  remove "
                                + container.container().name() + (container.running() ? ", which is running" : ""),
                        List.of("an interrupted release left it")));
            }
        }
        for (DueJobs.Due job : inOrder(jobs.due(false))) {
            int at = 0;
            while (at < changes.size() && !starts(changes.get(at), job.service())) {
                at++;
            }
            changes.add(at, action(job));
        }
        inOrder(jobs.due(true)).forEach(job -> changes.add(action(job)));
    }

    /** Those that others require come first, else by name. */
    private static List<DueJobs.Due> inOrder(List<DueJobs.Due> jobs) {
        List<DueJobs.Due> left = new ArrayList<>(jobs);
        List<DueJobs.Due> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            DueJobs.Due next = left.stream()
                    .filter(job -> left.stream()
                            .noneMatch(other -> job.spec().require().contains(other.name())))
                    .findFirst()
                    .orElse(left.getFirst());
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    private static boolean runs(JobContainer container, DueJobs.Due job) {
        return container.job().equals(job.name())
                && container.service().equals(job.service())
                && container.version() == job.version();
    }

    private static boolean starts(Action change, String service) {
        boolean starts =
                switch (change.kind()) {
                    case ADD_SERVICE, REPLACE_SERVICE, SCALE_SERVICE, REPAIR_SERVICE -> true;
                    default -> false;
                };
        return starts && change.subject().equals(service);
    }

    private static Action action(DueJobs.Due job) {
        JobSpec spec = job.spec();
        List<String> reasons = new ArrayList<>();
        reasons.add(
                spec.once()
                        ? "it has not run in this deployment"
                        : "it has not run with version " + job.version() + " of " + job.service());
        reasons.add("it runs "
                + (spec.released()
                        ? "when the release is good"
                        : "before version " + job.version() + " starts; its failure rolls the release back"));
        String retries =
                spec.retries() == 0 ? "" : ", " + spec.retries() + (spec.retries() == 1 ? " retry" : " retries");
        return new Action(
                Kind.RUN_JOB,
                spec.name(),
                "job " + spec.name() + "  of " + job.service() + " version " + job.version() + ", timeout "
                        + Durations.format(spec.timeout())
                        + retries,
                reasons);
    }
}
