package org.portolan.deploy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.portolan.engine.Container;
import org.portolan.engine.Observation;
import org.portolan.model.Domain;
import org.portolan.model.Durations;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.Labels;
import org.portolan.model.Origin;
import org.portolan.model.Release;
import org.portolan.plan.Action;
import org.portolan.plan.Goal;
import org.portolan.plan.Plan;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.rollout.Addresses;
import org.portolan.rollout.InstanceFactory;
import org.portolan.rollout.Reporter.Level;
import org.portolan.rollout.Run;
import org.portolan.store.DeploymentState;
import org.portolan.store.Lease;

/**
 * One release from its first line in the store to its outcome: all of it, or all of it taken back. Every transition is
 * written before it is made, so that whoever holds the lock next knows where to go on.
 */
final class ReleaseRun {
    private final Installation installation;
    private final Lease lease;
    private final Origin origin;
    private final DeployOptions options;
    private Set<String> replace = Set.of();
    private Optional<Integer> pin = Optional.empty();
    private Predicate<Container> suspect = container -> false;
    private Observation observation = new Observation(List.of(), List.of(), List.of(), Set.of());
    private Optional<KeptVersions> kept = Optional.empty();

    ReleaseRun(Installation installation, Lease lease, Origin origin, DeployOptions options) {
        this.installation = installation;
        this.lease = lease;
        this.origin = origin;
        this.options = options;
    }

    /** Containers whose version stays and that shall be replaced (a restart). */
    ReleaseRun replacing(Set<String> containers) {
        replace = containers;
        return this;
    }

    /** Containers that run and may not have passed their startup check, nor have their restart policy. */
    ReleaseRun suspecting(Predicate<Container> containers) {
        suspect = containers;
        return this;
    }

    /** What engine and store were seen to have. */
    ReleaseRun seeing(Situation seen) {
        observation = seen.observation();
        kept = Optional.of(seen.kept());
        return this;
    }

    /** The release that a rollback holds from now on. */
    ReleaseRun pinning(int release) {
        pin = Optional.of(release);
        return this;
    }

    /**
     * Brings the plan about.
     *
     * @param stored whether the store knows the deployment, and all that was done of it
     * @param lost services whose definitions the store should keep and does not
     */
    Outcome release(DeploymentState before, Plan plan, boolean stored, Set<String> lost, String cause) {
        Instant started = now();
        Recall recall = new Recall(installation);
        kept.ifPresent(known -> recall.looking(before, known));
        List<Domain> domainsBefore = installation
                .proxy()
                .applied(plan.deployment())
                .map(DeploymentRoutes::domains)
                .orElse(List.of());
        ReleaseLedger ledger = new ReleaseLedger(installation, lease, before);
        Release release = ledger.begin(plan, origin, options.who(), cause, stored, lost);
        int number = release.number();
        Goal goal = plan.goal();
        String why = cause.isEmpty() ? "" : ": " + cause;
        report(Level.JOB, "release-started", "Deploying " + plan.deployment() + ", release " + number + why);
        for (Action action : plan.actions()) {
            report(Level.DETAIL, "action", action.kind().mark() + " " + action.summary());
        }
        Run.Result result;
        try {
            InstanceFactory factory =
                    new Preparation(installation, observation.networks()).prepare(goal, number, origin.source());
            Set<String> leaving = new HashSet<>(replace);
            leaving.addAll(attach(goal, factory));
            // Where the store knows nothing of the deployment, a release may have been under way that nobody remembers.
            boolean unknown = before.running().isPresent() || !stored;
            result = execution(ledger, plan)
                    .forward(
                            number,
                            goal,
                            factory,
                            plan.domains(),
                            leaving,
                            container -> unknown || suspect.test(container));
        } catch (Failure failure) {
            if (failure.status() == ExitStatus.UNAVAILABLE) {
                throw unfinished(failure, "release " + number + " goes on from where it is");
            }
            Failure told = installation.secrets().mask(failure);
            List<String> details = new ArrayList<>(told.details());
            told.hint().ifPresent(details::add);
            result = new Run.Result.Failed("", "", told.what(), details);
        }
        return switch (result) {
            case Run.Result.Reached reached -> {
                OldImages old = ledger.succeed(plan, release, pin);
                String time = Durations.rough(Duration.between(started, now()));
                report(Level.JOB, "release-done", "Released " + plan.deployment() + " " + number + " in " + time + why);
                old.clean();
                yield new Outcome(Outcome.Kind.DONE, plan.deployment(), number);
            }
            case Run.Result.Interrupted interrupted -> {
                report(
                        Level.WARNING,
                        "release-interrupted",
                        "stopped; the next deploy of " + plan.deployment() + " goes on from here");
                yield new Outcome(Outcome.Kind.INTERRUPTED, plan.deployment(), number);
            }
            case Run.Result.Failed failed ->
                throw takeBack(ledger, before, plan, release, failed, domainsBefore, stored, recall);
        };
    }

    /** Brings the network back to instances that lost it, and with it the mesh; returns the containers to replace. */
    private Set<String> attach(Goal goal, InstanceFactory factory) {
        Optional<DeploymentRoutes> applied = installation.proxy().applied(goal.deployment());
        Attachments.Result result = new Attachments(
                        installation.engine(), installation.settings().installation(), goal, factory)
                .restore(observation.containers(), applied);
        if (result.attached() > 0) {
            report(
                    Level.DETAIL,
                    "attached",
                    "Attached " + result.attached() + (result.attached() == 1 ? " instance" : " instances") + " to "
                            + factory.network() + " again");
            if (applied.isPresent()) {
                // HAProxy listens at the network's own address, which went with it.
                installation.proxy().ensureRunning();
            }
        }
        return result.replace();
    }

    /** Takes every instance of the deployment out of the proxies and away; networks and volumes stay. */
    void removeAll(DeploymentState state, SortedSet<String> removed) {
        Goal nothing = new Goal(state.name(), new TreeMap<>(), removed, state.meshPorts());
        InstanceFactory factory = new InstanceFactory(
                nothing,
                Map.of(Labels.INSTALLATION, installation.settings().installation()),
                "",
                appliedAddresses(state.name()),
                Map.of(),
                Optional.empty());
        ReleaseLedger ledger = new ReleaseLedger(installation, lease, state);
        Run.Result result = new Execution(installation, ledger, options, false)
                .back(state.lastRelease(), nothing, factory, List.of(), container -> false);
        if (result instanceof Run.Result.Failed failed) {
            throw new Failure(ExitStatus.FAILED, "cannot remove " + state.name() + ": " + failed.cause())
                    .withDetails(failed.evidence());
        }
    }

    /** Where the instances were published so far: what leaves keeps its address in the proxies until it is gone. */
    private Addresses appliedAddresses(String deployment) {
        List<DeploymentRoutes.Backend> backends = installation
                .proxy()
                .applied(deployment)
                .map(DeploymentRoutes::backends)
                .orElse(List.of());
        for (DeploymentRoutes.Backend backend : backends) {
            if (!backend.servers().isEmpty() && !backend.meshAddresses().isEmpty()) {
                return new Addresses(
                        backend.servers().getFirst().address(),
                        backend.meshAddresses(),
                        backend.meshAddresses().getFirst());
            }
        }
        return new Addresses("127.0.0.1", List.of("127.0.0.1"), "127.0.0.1");
    }

    /** Writes what the files and the labels tell of a deployment that the store lost and that needs no change. */
    void remember(DeploymentState before, Plan plan) {
        new ReleaseLedger(installation, lease, before).remember(plan);
    }

    private Execution execution(ReleaseLedger ledger, Plan plan) {
        return new Execution(installation, ledger, options, plan.settlement().adopted());
    }

    /** Takes the release back on every service, records it as failed, and returns what is to be thrown. */
    private Failure takeBack(
            ReleaseLedger ledger,
            DeploymentState before,
            Plan plan,
            Release release,
            Run.Result.Failed failed,
            List<Domain> domainsBefore,
            boolean stored,
            Recall recall) {
        String cause = failed.instance().isEmpty() || failed.cause().contains(failed.instance())
                ? failed.cause()
                : failed.instance() + " " + failed.cause();
        report(Level.JOB, "release-failed", "Release " + release.number() + " failed and is taken back: " + cause);
        ledger.fail(release, cause);
        boolean first = before.services().isEmpty();
        String back = new ReleaseRollback(installation, lease, options)
                .roll(
                        ledger,
                        before,
                        release,
                        plan.goal(),
                        first ? plan.domains() : domainsBefore,
                        plan.settlement().adopted(),
                        !stored,
                        recall);
        ledger.takenBack(release, cause, back);
        List<String> details = new ArrayList<>(failed.evidence());
        details.add(back);
        return new Failure(
                        ExitStatus.FAILED,
                        "release " + release.number() + " of " + plan.deployment() + " failed: " + cause)
                .withDetails(details)
                .withHint("mend it and deploy again; `portolan -D " + plan.deployment() + " history " + release.number()
                        + "` shows what happened");
    }

    /** @param next what the same command does when it is run again */
    static Failure unfinished(Failure trouble, String next) {
        return new Failure(ExitStatus.UNAVAILABLE, trouble.what())
                .withDetails(trouble.details())
                .withHint(
                        trouble.hint().map(hint -> hint + "; then ").orElse("") + "run the same command again: " + next)
                .withCause(trouble);
    }

    private void report(Level level, String kind, String message) {
        Deployer.report(installation, level, kind, lease.name(), message);
    }

    private Instant now() {
        return installation.clock().instant();
    }
}
