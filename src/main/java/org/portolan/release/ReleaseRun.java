package org.portolan.release;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Container;
import org.portolan.model.container.Observation;
import org.portolan.model.event.EventData;
import org.portolan.model.event.JobEvent.JobsNotRun;
import org.portolan.model.event.ReleaseEvent.PlannedAction;
import org.portolan.model.event.ReleaseEvent.ReleaseInterrupted;
import org.portolan.model.event.ReleaseEvent.RollbackDone;
import org.portolan.model.event.ReleaseEvent.ServiceHeld;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;
import org.portolan.model.state.Adoption;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.plan.Action;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DueJobs;
import org.portolan.plan.Plan;
import org.portolan.rollout.HostAddresses;
import org.portolan.rollout.InstanceFactory;
import org.portolan.store.Lease;

/**
 * One release from its first line in the store to its outcome: all of it, or all of it rolled back. Every transition is
 * written before it is made, so that whoever holds the lock next knows where to continue.
 */
public final class ReleaseRun {
    private final Installation installation;
    private final Lease lease;
    private final Origin origin;
    private final DeployOptions options;
    private Set<String> replace = Set.of();
    private Optional<Integer> pin = Optional.empty();
    private Predicate<Container> suspect = container -> false;
    private Observation observation = new Observation(List.of(), List.of(), List.of(), Set.of());
    private Optional<KeptVersions> kept = Optional.empty();
    private Optional<Adoption> adoption = Optional.empty();
    private boolean replaces;
    private Runnable freed = () -> {};

    public ReleaseRun(Installation installation, Lease lease, Origin origin, DeployOptions options) {
        this.installation = installation;
        this.lease = lease;
        this.origin = origin;
        this.options = options;
    }

    /** Containers whose version stays and that shall be replaced (a restart). */
    public ReleaseRun replacing(Set<String> containers) {
        replace = containers;
        return this;
    }

    /** Containers that run and may not have passed their startup check, nor have their restart policy. */
    public ReleaseRun suspecting(Predicate<Container> containers) {
        suspect = containers;
        return this;
    }

    /** What engine and store were seen to have. */
    public ReleaseRun seeing(Snapshot seen) {
        observation = seen.observation();
        kept = Optional.of(seen.kept());
        return this;
    }

    /**
     * That it is a deploy, which takes the place of others' containers: of these, and of those that an interrupted deploy
     * began with.
     *
     * @param then what is to be done when they have stopped
     */
    public ReleaseRun takingPlaceOf(Optional<Adoption> containers, Runnable then) {
        adoption = containers;
        replaces = true;
        freed = then;
        return this;
    }

    /** The release that a rollback holds from now on. */
    public ReleaseRun pinning(int release) {
        pin = Optional.of(release);
        return this;
    }

    /**
     * Brings the plan about.
     *
     * @param stored whether the store knows the deployment, and all that was done of it
     * @param lost services whose definitions the store should keep and does not
     * @param who asks for it, for history
     * @param cause what kind of release it is, for history; "" for an ordinary deploy
     */
    public Outcome release(
            DeploymentState before, Plan plan, boolean stored, Set<String> lost, String who, String cause) {
        RuntimeRecall recall = new RuntimeRecall(installation);
        kept.ifPresent(known -> recall.looking(before, known));
        List<Domain> domainsBefore = installation
                .proxy()
                .applied(plan.deployment())
                .map(RouteSet::domains)
                .orElse(List.of());
        ReleaseLog log = new ReleaseLog(installation, lease, before);
        log.adopting(adoption);
        log.pinning(pin);
        log.replacing(replace);
        FirstLook first = FirstLook.ask(installation);
        Release release = log.begin(plan, origin, who, cause, stored, lost);
        ContainerAdoption adopted = new ContainerAdoption(installation, log.recorder());
        int number = release.number();
        DesiredRelease goal = plan.goal();
        for (Action action : plan.actions()) {
            publish(release, new PlannedAction(action.kind().mark(), action.summary()));
        }
        goal.services().forEach((name, service) -> service.held()
                .ifPresent(held -> publish(release, new ServiceHeld(name, held.why()))));
        ReleaseRequest.Result result;
        Optional<InstanceFactory> made = Optional.empty();
        try {
            InstanceFactory factory =
                    new Provisioner(installation, observation.networks()).prepare(goal, number, origin.source());
            made = Optional.of(factory);
            if (replaces) {
                adopted.stop();
                freed.run();
            }
            Set<String> leaving = new HashSet<>(replace);
            Attachments.Result attached = Attachments.restore(installation, goal, factory, observation);
            leaving.addAll(attached.replace());
            HandRepairs repairs = new HandRepairs(installation, lease, goal);
            leaving.addAll(repairs.repair(observation));
            boolean changed = replaces || attached.changed() || repairs.changed();
            // What the store knows nothing of may have had a release in progress that nobody remembers.
            boolean unknown = before.running().isPresent() || !stored;
            result = execution(log, plan)
                    .forward(
                            number,
                            goal,
                            factory,
                            plan.domains(),
                            leaving,
                            container -> unknown || suspect.test(container),
                            Optional.of(first).filter(look -> !changed));
        } catch (Failure failure) {
            if (failure.kind().leavesUnfinished()) {
                throw unfinished(failure, "release " + number + " continues from its current state");
            }
            Failure told = installation.secrets().mask(failure);
            List<String> details = new ArrayList<>(told.details());
            told.hint().ifPresent(details::add);
            result = new ReleaseRequest.Result.Failed("", "", told.what(), details);
        }
        if (result instanceof ReleaseRequest.Result.Failed failed) {
            throw rollBack(log, before, plan, release, failed, domainsBefore, stored, recall);
        }
        if (result instanceof ReleaseRequest.Result.Interrupted) {
            publish(release, new ReleaseInterrupted());
            return new Outcome(Outcome.Kind.INTERRUPTED, plan.deployment(), number);
        }
        Forgotten old = log.succeed(plan, release, replaces);
        if (replaces) {
            adopted.remove();
        } else {
            adopted.resume();
        }
        old.clean();
        made.ifPresent(factory -> followUp(log, plan, release, factory));
        return new Outcome(Outcome.Kind.DONE, plan.deployment(), number);
    }

    /** The jobs that follow a good release: what fails of them is reported, and the release stays. */
    private void followUp(ReleaseLog log, Plan plan, Release release, InstanceFactory factory) {
        if (!plan.goal().jobs().due(true).isEmpty()) {
            execution(log, plan)
                    .followUp(release.number(), plan.goal(), factory)
                    .ifPresent(trouble -> publish(release, new JobsNotRun(trouble)));
        }
    }

    /** Takes every instance of the deployment out of the proxies and away; networks and volumes stay. */
    public void removeAll(DeploymentState state, SortedSet<String> removed) {
        DesiredRelease nothing =
                new DesiredRelease(state.name(), new TreeMap<>(), removed, state.meshPorts()).with(DueJobs.FORGOTTEN);
        InstanceFactory factory = new InstanceFactory(
                nothing,
                Map.of(Labels.INSTALLATION, installation.settings().installation()),
                "",
                appliedAddresses(state.name()),
                Map.of(),
                Optional.empty());
        ReleaseLog log = new ReleaseLog(installation, lease, state);
        ReleaseRequest.Result result = new Execution(installation, log, options, false)
                .back(state.lastRelease(), nothing, factory, List.of(), container -> false);
        if (result instanceof ReleaseRequest.Result.Failed failed) {
            throw new Failure(Kind.FAILED, "cannot remove " + state.name() + ": " + failed.cause())
                    .withDetails(failed.evidence());
        }
    }

    /** Where the instances were published so far: what leaves keeps its address in the proxies until it is gone. */
    private HostAddresses appliedAddresses(String deployment) {
        List<RouteSet.Backend> backends =
                installation.proxy().applied(deployment).map(RouteSet::backends).orElse(List.of());
        for (RouteSet.Backend backend : backends) {
            if (!backend.servers().isEmpty() && !backend.meshAddresses().isEmpty()) {
                return new HostAddresses(
                        backend.servers().getFirst().address(),
                        backend.meshAddresses(),
                        backend.meshAddresses().getFirst());
            }
        }
        return new HostAddresses("127.0.0.1", List.of("127.0.0.1"), "127.0.0.1");
    }

    /** Writes what the files and the labels tell of a deployment that the store lost and that needs no change. */
    public void remember(DeploymentState before, Plan plan) {
        new ReleaseLog(installation, lease, before).remember(plan);
    }

    private Execution execution(ReleaseLog log, Plan plan) {
        return new Execution(installation, log, options, plan.settlement().adopted());
    }

    /** Rolls the release back on every service, records it as failed, and returns what is to be thrown. */
    private Failure rollBack(
            ReleaseLog log,
            DeploymentState before,
            Plan plan,
            Release release,
            ReleaseRequest.Result.Failed failed,
            List<Domain> domainsBefore,
            boolean stored,
            RuntimeRecall recall) {
        String cause = failed.instance().isEmpty() || failed.cause().contains(failed.instance())
                ? failed.cause()
                : failed.instance() + " " + failed.cause();
        log.fail(release, cause);
        boolean first = before.services().isEmpty();
        String back = new ReleaseRollback(installation, lease, options)
                .roll(
                        log,
                        before,
                        release,
                        plan.goal(),
                        first ? plan.domains() : domainsBefore,
                        plan.settlement().adopted(),
                        // Where the store did not know the newest, nothing tells what had passed.
                        container -> !stored || suspect.test(container),
                        recall);
        log.rolledBack(release, cause, new RollbackDone(back, false));
        List<String> details = new ArrayList<>(failed.evidence());
        details.add(back);
        return new Failure(
                        Kind.FAILED, "release " + release.number() + " of " + plan.deployment() + " failed: " + cause)
                .withDetails(details)
                .withRemedy(Remedy.of("fix it and redeploy; details: ")
                        .and(Call.on(plan.deployment(), Verb.HISTORY, Integer.toString(release.number()))));
    }

    /** @param next what the same command does when it is run again */
    static Failure unfinished(Failure trouble, String next) {
        return new Failure(trouble.kind(), trouble.what())
                .withDetails(trouble.details())
                .withRemedy(trouble.remedy()
                        .map(first -> first.and("; then run the command again: " + next))
                        .orElse(Remedy.of("run the command again: " + next)))
                .withCause(trouble);
    }

    private void publish(Release release, EventData data) {
        installation.publish(installation.event(release.deployment(), release.number(), data));
    }
}
