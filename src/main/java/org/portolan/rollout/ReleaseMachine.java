package org.portolan.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.databases.DatabaseStep;
import org.portolan.jobs.JobMachine;
import org.portolan.jobs.JobsDecision;
import org.portolan.model.labels.InstanceId;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.plan.DueJobs;

/**
 * Decides what a release does next, from what was observed: pure, with the time as an input. Services roll at the same
 * time unless one requires another, which must serve first; when all serve, the domains are switched; then the services
 * that left the files go, in the reverse order ({@link StopOrder}). One instance that fails its startup check fails the release.
 */
public final class ReleaseMachine {
    private ReleaseMachine() {}

    public static Decision decide(ReleaseView view, Instant now) {
        SortedMap<String, ServiceDecision> decisions = new TreeMap<>();
        SortedMap<String, String> waits = new TreeMap<>();
        for (ServiceGoal goal : view.goal().services().values()) {
            decisions.put(
                    goal.name(),
                    ServiceMachine.decide(ServiceView.of(
                            view.goal().deployment(),
                            goal,
                            view.instances().getOrDefault(goal.name(), List.of()),
                            view.replace(),
                            view.progresses().getOrDefault(goal.name(), RolloutProgress.START),
                            view.gates().getOrDefault(goal.name(), Analysis.NONE),
                            view.forward(),
                            now)));
        }
        SortedMap<String, String> held = StopOrder.held(view);
        Set<DueJobs.Due> completed = JobMachine.completed(view.jobs());
        JobsDecision jobs = JobMachine.decide(view.jobs(), job -> missing(view, decisions, completed, job), now);
        Set<String> active = active(view, decisions, jobs, held.keySet(), waits);
        boolean allServe = jobs.completed().containsAll(view.jobs().due())
                && decisions.values().stream().allMatch(ServiceDecision::serving);
        List<DatabaseStep> databases = DatabaseSteps.decide(view, decisions);
        Builder out = new Builder(jobs);
        decisions.forEach((name, decision) -> {
            if (held.containsKey(name)) {
                out.holdFor(name, held.get(name), view);
            } else if (active.contains(name)) {
                out.add(name, decision);
            } else {
                out.hold(view.instances().getOrDefault(name, List.of()));
            }
        });
        // A service that the goal does not name and does not remove (its definition was lost) stays as it is.
        view.instances().forEach((name, instances) -> {
            if (!decisions.containsKey(name) && !view.goal().removed().contains(name)) {
                out.hold(instances);
            }
        });
        boolean removalsDone = true;
        for (String name : view.goal().removed()) {
            List<InstanceView> instances = view.instances().getOrDefault(name, List.of());
            removalsDone &= instances.isEmpty();
            boolean mayGo = allServe && view.domainsApplied();
            if (mayGo && held.containsKey(name)) {
                out.holdFor(name, held.get(name), view);
            } else if (mayGo) {
                Leaving leaving = view.leaving().getOrDefault(name, Leaving.UNKNOWN);
                out.add(name, ServiceMachine.remove(instances, leaving.stop(), now));
            } else {
                out.hold(instances);
            }
        }
        out.waits.putAll(waits);
        boolean reached = view.domainsApplied()
                && removalsDone
                && jobs.settled()
                && databases.isEmpty()
                && decisions.values().stream().allMatch(ServiceDecision::reached);
        return out.build(allServe, reached, reached ? DatabaseSteps.last(view) : databases);
    }

    /** The services that may act now: their requirements serve, and not too many roll at once. */
    private static Set<String> active(
            ReleaseView view,
            SortedMap<String, ServiceDecision> decisions,
            JobsDecision jobs,
            Set<String> held,
            SortedMap<String, String> waits) {
        Set<String> active = new TreeSet<>();
        int rolling = 0;
        for (ServiceGoal goal : view.goal().services().values()) {
            ServiceDecision decision = decisions.get(goal.name());
            if (decision == null || held.contains(goal.name())) {
                continue;
            }
            String job = jobs.waits().get(goal.name());
            if (job != null) {
                waits.put(goal.name(), job);
                continue;
            }
            Optional<String> missing = goal.spec().require().stream()
                    .filter(name -> !provided(view, decisions, jobs.completed(), name))
                    .findFirst();
            boolean begun = view.instances().getOrDefault(goal.name(), List.of()).stream()
                    .anyMatch(instance -> instance.id().version() == goal.version());
            Optional<String> lacking = begun ? Optional.empty() : missing;
            if (lacking.isEmpty() && !DatabaseSteps.started(view, goal)) {
                lacking = DatabaseSteps.lacking(view, goal);
            }
            if (lacking.isEmpty() && view.forward() && !decision.reached()) {
                // Further instances of a version that runs already have to wait, too: a rotation that was killed may
                // have
                // left its user with another password than theirs.
                lacking = DatabaseSteps.unchecked(view, goal);
            }
            if (lacking.isPresent() && goal.scale() > 0) {
                waits.put(goal.name(), "waiting for " + lacking.get());
            } else if (!decision.reached() && rolling >= view.parallel()) {
                waits.put(goal.name(), "waiting for its turn");
            } else {
                active.add(goal.name());
                rolling += decision.reached() ? 0 : 1;
            }
        }
        return active;
    }

    /** Whether a service serves, or is scaled to none, or a job is completed; what the release does not know does not count. */
    private static boolean provided(
            ReleaseView view, SortedMap<String, ServiceDecision> decisions, Set<DueJobs.Due> completed, String name) {
        ServiceDecision decision = decisions.get(name);
        return decision == null
                ? view.jobs().due().stream().noneMatch(job -> job.name().equals(name) && !completed.contains(job))
                : decision.serving();
    }

    /** What a job waits for: what it requires, and what its service requires besides its jobs. */
    private static Optional<String> missing(
            ReleaseView view,
            SortedMap<String, ServiceDecision> decisions,
            Set<DueJobs.Due> completed,
            DueJobs.Due job) {
        List<String> names = new ArrayList<>(job.spec().require());
        ServiceGoal goal = view.goal().services().get(job.service());
        if (goal != null) {
            goal.spec().require().stream()
                    .filter(name -> goal.spec().jobs().stream()
                            .noneMatch(own -> own.name().equals(name)))
                    .forEach(names::add);
        }
        return names.stream()
                .filter(name -> !provided(view, decisions, completed, name))
                .findFirst()
                .or(() -> Optional.ofNullable(goal).flatMap(known -> DatabaseSteps.lacking(view, known)));
    }

    /** Unites the services' decisions. */
    private static final class Builder {
        private final List<Step> steps = new ArrayList<>();
        private final SortedMap<InstanceId, ServerTarget> serverTargets = new TreeMap<>();
        private final SortedMap<String, String> waits = new TreeMap<>();
        private final Map<String, RolloutProgress> progresses = new TreeMap<>();
        private final Map<String, Integer> gates = new TreeMap<>();
        private final JobsDecision jobs;
        private boolean rests;
        private Optional<Decision.Status> failed = Optional.empty();

        Builder(JobsDecision jobs) {
            this.jobs = jobs;
            rests = jobs.running();
        }

        void add(String service, ServiceDecision decision) {
            steps.addAll(decision.steps());
            serverTargets.putAll(decision.serverTargets());
            if (!decision.waits().isEmpty()) {
                waits.put(service, decision.waits().getFirst().what());
            }
            rests |= decision.rests();
            decision.progress().ifPresent(progress -> progresses.put(service, progress));
            decision.gates().ifPresent(step -> gates.put(service, step));
            if (failed.isEmpty()) {
                failed = decision.failure().map(what -> new Decision.Status.Failed(service, what));
            }
        }

        /** Leaves a service's instances in the proxies as they are. */
        void hold(List<InstanceView> instances) {
            for (InstanceView instance : instances) {
                instance.route()
                        .serverTarget()
                        .ifPresent(serverTarget -> serverTargets.put(instance.id(), serverTarget));
            }
        }

        /** Leaves a service as it is until another has stopped, which does not count as lack of progress. */
        void holdFor(String service, String dependant, ReleaseView view) {
            hold(view.instances().getOrDefault(service, List.of()));
            waits.put(service, "waiting until " + dependant + " has stopped");
            rests = true;
        }

        Decision build(boolean allServe, boolean reached, List<DatabaseStep> databases) {
            Decision.Status status = failed.or(() -> jobs.failure().map(Decision.Status.JobFailed::new))
                    .orElseGet(() -> reached && databases.isEmpty()
                            ? new Decision.Status.Reached()
                            : new Decision.Status.Working());
            // A database has its timeout.
            boolean restsToo = rests || !databases.isEmpty();
            return new Decision(
                    steps, serverTargets, allServe, progresses, gates, waits, jobs, databases, restsToo, status);
        }
    }
}
