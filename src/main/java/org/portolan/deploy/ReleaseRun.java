package org.portolan.deploy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.portolan.engine.Network;
import org.portolan.model.Domain;
import org.portolan.model.Durations;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.Labels;
import org.portolan.model.Origin;
import org.portolan.model.Release;
import org.portolan.model.ServiceSpec;
import org.portolan.plan.Action;
import org.portolan.plan.Goal;
import org.portolan.plan.Plan;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.rollout.Addresses;
import org.portolan.rollout.Executor;
import org.portolan.rollout.InstanceFactory;
import org.portolan.rollout.Journal;
import org.portolan.rollout.Leaving;
import org.portolan.rollout.Orders;
import org.portolan.rollout.PortAllocator;
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
    /** Whether the store knows nothing of the deployment: a release may have been under way that nobody remembers. */
    private boolean lost;

    private boolean adopted;
    private List<Network> networks = List.of();

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

    /** The networks that the engine was seen to have. */
    ReleaseRun seeing(List<Network> present) {
        networks = present;
        return this;
    }

    /** The release that a rollback holds from now on. */
    ReleaseRun pinning(int release) {
        pin = Optional.of(release);
        return this;
    }

    /** Brings the plan about. */
    Outcome release(DeploymentState before, Plan plan, boolean stored, String cause) {
        Instant started = now();
        adopted = plan.settlement().adopted();
        lost = !stored;
        List<Domain> domainsBefore = installation
                .proxy()
                .applied(plan.deployment())
                .map(DeploymentRoutes::domains)
                .orElse(List.of());
        ReleaseLedger ledger = new ReleaseLedger(installation, lease, before);
        Release release = ledger.begin(plan, origin, options.who(), cause, stored);
        int number = release.number();
        Goal goal = plan.goal();
        String why = cause.isEmpty() ? "" : ": " + cause;
        report(Level.JOB, "release-started", "Deploying " + plan.deployment() + ", release " + number + why);
        for (Action action : plan.actions()) {
            report(Level.DETAIL, "action", action.kind().mark() + " " + action.summary());
        }
        Run.Result result;
        try {
            InstanceFactory factory = new Preparation(installation, networks).prepare(goal, number, origin.source());
            result = execute(
                    ledger, run(ledger, goal, factory, plan.domains(), before, number, Optional.of(ledger.journal())));
        } catch (Failure failure) {
            if (failure.status() == ExitStatus.UNAVAILABLE) {
                throw unfinished(failure, number);
            }
            result = new Run.Result.Failed("", "", failure.what(), failure.details());
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
            case Run.Result.Failed failed -> throw takeBack(ledger, before, plan, release, failed, domainsBefore);
        };
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
        Run.Result result =
                execute(ledger, run(ledger, nothing, factory, List.of(), state, state.lastRelease(), Optional.empty()));
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

    /**
     * What the executor is to bring about.
     *
     * @param journal where canaries stand; empty on the way back, which has none
     */
    private Run run(
            ReleaseLedger ledger,
            Goal goal,
            InstanceFactory factory,
            List<Domain> domains,
            DeploymentState state,
            int number,
            Optional<SortedMap<String, String>> journal) {
        boolean forward = journal.isPresent();
        Map<String, Journal> journals = new TreeMap<>();
        journal.ifPresent(known -> known.forEach((service, text) -> journals.put(service, Journal.parse(text))));
        return new Run(
                number,
                goal,
                factory,
                domains,
                leaving(goal, ledger.recorder().state()),
                replace,
                journals,
                forward,
                state.running().isPresent() || lost,
                adopted,
                options.parallel().orElse(installation.settings().parallel()),
                forward ? new StoredOrders(installation.store(), state.name(), number) : Orders.NONE,
                forward ? options.interrupted() : () -> false);
    }

    /** How the services that leave are stopped, as far as their definitions are kept. */
    private Map<String, Leaving> leaving(Goal goal, DeploymentState known) {
        Map<String, Leaving> leaving = new TreeMap<>();
        for (String service : goal.removed()) {
            Release.Placed placed = known.services().get(service);
            List<DeploymentState.VersionRef> kept = known.versions().getOrDefault(service, List.of());
            // One that only the failed release had is in no good one.
            int version = placed != null
                    ? placed.version()
                    : kept.isEmpty() ? 0 : kept.getLast().number();
            installation
                    .store()
                    .definition(known.name(), service, version)
                    .map(definition -> ServiceSpec.from(service, definition))
                    .ifPresent(spec -> leaving.put(service, new Leaving(spec.stop(), spec.require())));
        }
        return leaving;
    }

    private Run.Result execute(ReleaseLedger ledger, Run run) {
        Settings.PortRange ports = installation.settings().instancePorts();
        return new Executor(
                        installation.engine(),
                        installation.proxy(),
                        installation.prober(),
                        installation.tasks().get(),
                        installation.clock(),
                        ledger.recorder(),
                        installation.reporter(),
                        new PortAllocator(ports.first(), ports.last()))
                .run(run);
    }

    /** Takes the release back on every service, records it as failed, and returns what is to be thrown. */
    private Failure takeBack(
            ReleaseLedger ledger,
            DeploymentState before,
            Plan plan,
            Release release,
            Run.Result.Failed failed,
            List<Domain> domainsBefore) {
        String cause = failed.instance().isEmpty() || failed.cause().contains(failed.instance())
                ? failed.cause()
                : failed.instance() + " " + failed.cause();
        report(Level.JOB, "release-failed", "Release " + release.number() + " failed and is taken back: " + cause);
        ledger.fail(release, cause);
        LastGood lastGood = new LastGood(installation, before, plan.goal());
        String back;
        try {
            boolean first = before.services().isEmpty();
            Goal goal = lastGood.goal();
            InstanceFactory factory =
                    new Preparation(installation, networks).prepare(goal, before.goodRelease(), origin.source());
            Run run = run(
                    ledger,
                    goal,
                    factory,
                    first ? plan.domains() : domainsBefore,
                    before,
                    release.number(),
                    Optional.empty());
            back = switch (execute(ledger, run)) {
                case Run.Result.Reached reached ->
                    first ? "its instances were removed; volumes are kept" : lastGood.describe();
                case Run.Result.Failed again ->
                    "it could not be taken back whole: " + again.instance() + " " + again.cause();
                case Run.Result.Interrupted interrupted -> "taking it back was stopped";
            };
        } catch (Failure trouble) {
            if (trouble.status() == ExitStatus.UNAVAILABLE) {
                return unfinished(trouble, release.number());
            }
            back = "it could not be taken back whole: " + trouble.what();
        }
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

    private Failure unfinished(Failure trouble, int number) {
        return new Failure(ExitStatus.UNAVAILABLE, trouble.what())
                .withDetails(trouble.details())
                .withHint(trouble.hint().map(hint -> hint + "; then ").orElse("") + "run the same command again:"
                        + " release " + number + " goes on from where it is")
                .withCause(trouble);
    }

    private void report(Level level, String kind, String message) {
        Deployer.report(installation, level, kind, lease.name(), message);
    }

    private Instant now() {
        return installation.clock().instant();
    }
}
