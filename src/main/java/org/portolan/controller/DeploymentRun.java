package org.portolan.controller;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Frozen;
import org.portolan.model.service.Desired;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.plan.Plan;
import org.portolan.reconcile.HealthWatch.Finding;
import org.portolan.reconcile.HealthWatch.Sick;
import org.portolan.reconcile.WorkKey;
import org.portolan.reconcile.WorkResult;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;

/**
 * One look at a deployment: deploys what its source says if that is something else than was applied last, else brings back what the
 * store says is to be. What a person changed through Portolan holds until the source says something else of the deployment.
 */
final class DeploymentRun {
    /** How long somebody else who changes the deployment is left alone before the next look. */
    private static final WorkResult BUSY = new WorkResult.Later(Duration.ofSeconds(2));

    private final Installation installation;
    private final SourceMemory sources;
    private final KeptStandings standings;
    private final InstanceHealth health;
    private final Mandate mandate;
    private final Approvals approvals;
    private final boolean reportAll;
    private final BooleanSupplier stopped;

    /**
     * Looks at nothing yet.
     *
     * @param who acts, for history and locks
     * @param reportAll whether drift of deployments that no source declares is reported only
     * @param stopped becomes true when this process shall begin nothing more
     */
    DeploymentRun(
            Installation installation,
            SourceMemory sources,
            KeptStandings standings,
            InstanceHealth health,
            String who,
            boolean reportAll,
            BooleanSupplier stopped) {
        this.installation = installation;
        this.sources = sources;
        this.standings = standings;
        this.health = health;
        this.mandate = Mandate.of(new Caller.Hook(who, false));
        this.approvals = new Approvals(installation, standings, mandate);
        this.reportAll = reportAll;
        this.stopped = stopped;
    }

    /** Looks at one, and acts. Every failure becomes its condition. */
    WorkResult run(WorkKey key) {
        try {
            return look(key);
        } catch (Failure failure) {
            return failed(key, failure);
        }
    }

    private WorkResult failed(WorkKey key, Failure failure) {
        if (failure.kind() == Kind.LOCKED) {
            return BUSY;
        }
        if (failure.kind() == Kind.FENCED || stopped.getAsBoolean()) {
            return new WorkResult.Later(Duration.ofSeconds(1));
        }
        if (failure.kind() == Kind.STALE && sources.claim(key.name()).isEmpty()) {
            // Its source was taken out of the configuration, or no longer names it, while this waited for the lock.
            return new WorkResult.Later(Duration.ofSeconds(1));
        }
        standings.failing(key, failure);
        return WorkResult.FAILED;
    }

    private WorkResult look(WorkKey key) {
        String name = key.name();
        List<Instruction> told = installation.store().instructions();
        Optional<Instruction> suspended = suspension(told, key);
        if (suspended.isPresent()) {
            standings.condition(key, Condition.SUSPENDED, Steering.words(suspended.get()));
            return WorkResult.SETTLED;
        }
        if (standings.of(key).condition() == Condition.SUSPENDED) {
            standings.condition(key, Condition.OK, "");
        }
        if (installation.store().holder(name).isPresent()) {
            return BUSY;
        }
        Optional<DeploymentState> state = installation.store().deployment(name);
        Optional<SourceMemory.Claim> claim = sources.claim(name);
        boolean asked = claim.map(SourceMemory.Claim::followed)
                .filter(source -> suspension(told, WorkKey.source(source.name()))
                                .isEmpty()
                        && suspension(told, WorkKey.source(source.whole())).isEmpty())
                .isPresent();
        if (asked) {
            Optional<WorkResult> applied = apply(key, claim.orElseThrow(), state);
            if (applied.isPresent()) {
                return applied.get();
            }
        }
        Optional<DeploymentState> now = installation.store().deployment(name).filter(known -> known.lastRelease() > 0);
        if (now.isEmpty()) {
            return WorkResult.SETTLED;
        }
        return isReported(claim, now.get()) ? report(key) : reconcile(key);
    }

    private static Optional<Instruction> suspension(List<Instruction> told, WorkKey key) {
        return told.stream()
                .filter(one -> one.kind() == Instruction.Kind.SUSPENDED && one.isOf(key.subject(), key.name()))
                .findFirst();
    }

    /** Also while its source cannot be read. */
    private boolean isReported(Optional<SourceMemory.Claim> claim, DeploymentState state) {
        return claim.map(SourceMemory.Claim::followed)
                .or(() -> sources.all().stream()
                        .filter(source -> source.owns().test(state.owner()))
                        .findFirst())
                .map(Followed::report)
                .orElse(reportAll);
    }

    /** Deploys what the source says; empty where that is applied, held or waits for somebody: then what stands is kept up. */
    private Optional<WorkResult> apply(WorkKey key, SourceMemory.Claim claim, Optional<DeploymentState> state) {
        Desired desired = claim.desired();
        String digest = DesiredDigest.of(desired);
        String commit = claim.declared().commit();
        Standing standing = standings.of(key);
        if (state.isPresent() && standing.applied().isEmpty() && isDeployed(state.get(), desired)) {
            standings.at(key, commit, digest);
            return Optional.empty();
        }
        boolean tried = state.isPresent() && standing.applied().equals(digest) && !OtherOwner.has(state, desired);
        if (tried) {
            return Optional.empty();
        }
        if (sources.failed(key, digest)) {
            if (standing.condition() != Condition.FAILING) {
                standings.condition(key, Condition.FAILING, "commit " + commit + " failed and is not tried again");
            }
            return Optional.empty();
        }
        Function<Mandate, Request.Apply> request = by -> new Request.Apply(
                desired,
                claim.declared().siblings(key.name()),
                () -> sources.latest(claim.followed().name()),
                Request.Apply.Terms.ORDINARY,
                by);
        if (claim.followed().report()) {
            Plan plan = new Operations(installation.forRun()).plan(request.apply(mandate));
            if (plan.isEmpty()) {
                standings.at(key, commit, digest);
                return Optional.empty();
            }
            standings.condition(key, Condition.DRIFT, "not deployed: " + summary(plan));
            return Optional.of(WorkResult.SETTLED);
        }
        return deploy(key, request, commit, digest);
    }

    private Optional<WorkResult> deploy(
            WorkKey key, Function<Mandate, Request.Apply> request, String commit, String digest) {
        try {
            Optional<Outcome> outcome = approvals.ask(
                    key, by -> new Operations(installation.forRun()).perform(request.apply(by), options()));
            if (outcome.isEmpty()) {
                return Optional.empty();
            }
            return switch (outcome.get().kind()) {
                case DONE, NO_CHANGES -> {
                    standings.at(key, commit, digest);
                    standings.condition(key, Condition.OK, "");
                    sources.applied(key);
                    yield Optional.of(WorkResult.SETTLED);
                }
                case INTERRUPTED -> Optional.of(new WorkResult.Later(Duration.ofSeconds(1)));
                case HELD -> {
                    standings.condition(key, Condition.PINNED, "a newer commit, or unpin, ends that");
                    yield Optional.empty();
                }
            };
        } catch (Frozen window) {
            standings.frozen(key, window);
            return Optional.empty();
        } catch (Failure failure) {
            boolean recorded = installation
                    .store()
                    .deployment(key.name())
                    .filter(state -> state.failedCommits().contains(commit))
                    .isPresent();
            if (!recorded) {
                throw failure;
            }
            // It is not tried again by itself; what was there before is kept up meanwhile.
            sources.fail(key, digest);
            standings.failing(key, failure);
        }
        return Optional.empty();
    }

    /** Whether the last good release is of what the source says: a person deployed it before the controller came. */
    private boolean isDeployed(DeploymentState state, Desired desired) {
        Optional<Release> good = installation.store().readableRelease(state.name(), state.goodRelease());
        return state.owner().equals(desired.origin().source())
                && state.running().isEmpty()
                && good.flatMap(release -> release.origin().commit())
                        .filter(commit ->
                                desired.origin().commit().filter(commit::equals).isPresent())
                        .isPresent()
                && !good.map(release -> release.origin().dirty()).orElse(true);
    }

    private WorkResult reconcile(WorkKey key) {
        Outcome outcome =
                new Operations(installation.forRun()).perform(new Request.Reconcile(key.name(), mandate), options());
        if (outcome.kind() == Outcome.Kind.INTERRUPTED) {
            return new WorkResult.Later(Duration.ofSeconds(1));
        }
        Finding found = ailing(key);
        if (outcome.kind() == Outcome.Kind.NO_CHANGES && found.replace().isPresent()) {
            return replace(key, found.replace().get());
        }
        settled(key, Condition.FAILING, found.words());
        return outcome.kind() == Outcome.Kind.NO_CHANGES ? WorkResult.SETTLED : WorkResult.REPAIRED;
    }

    /** Puts another instance in the place of one that runs and is unhealthy; as in each release the new one is healthy first. */
    private WorkResult replace(WorkKey key, Sick sick) {
        health.replacing(key.name(), sick);
        standings.ailing(key, health.replaced(key.name()), health.unhealthy(key.name()));
        Mandate because = new Mandate(mandate.caller(), sick.name() + " was unhealthy", mandate.agreed());
        Outcome outcome = new Operations(installation.forRun())
                .perform(new Request.Reconcile(key.name(), Set.of(sick.container()), because), options());
        if (outcome.kind() == Outcome.Kind.INTERRUPTED) {
            return new WorkResult.Later(Duration.ofSeconds(1));
        }
        settled(key, Condition.FAILING, "");
        return WorkResult.REPAIRED;
    }

    private Finding ailing(WorkKey key) {
        Finding found = health.look(key.name());
        standings.ailing(key, health.replaced(key.name()), health.unhealthy(key.name()));
        return found;
    }

    private WorkResult report(WorkKey key) {
        Plan plan = new Operations(installation.forRun()).plan(new Request.Reconcile(key.name(), mandate));
        if (plan.isEmpty()) {
            settled(key, Condition.DRIFT, ailing(key).words());
        } else {
            standings.condition(key, Condition.DRIFT, summary(plan));
        }
        return WorkResult.SETTLED;
    }

    /**
     * What is as the store says; what its source wants and cannot get stays said.
     *
     * @param words what ails its instances all the same; "" for nothing
     */
    private void settled(WorkKey key, Condition ailing, String words) {
        boolean wanted = sources.claim(key.name())
                .map(SourceMemory.Claim::desired)
                .filter(desired ->
                        !DesiredDigest.of(desired).equals(standings.of(key).applied())
                                || OtherOwner.has(installation.store().deployment(key.name()), desired))
                .isPresent();
        if (!wanted) {
            standings.condition(
                    key, words.isEmpty() ? Condition.OK : ailing, words.isEmpty() ? unfollowed(key) : words);
        }
    }

    /** What a source deployed that is followed no longer stays as it is, and is kept up; "" for others. */
    private String unfollowed(WorkKey key) {
        boolean left = !standings.of(key).applied().isEmpty()
                && sources.claims(key.name()).isEmpty()
                && installation
                        .store()
                        .deployment(key.name())
                        .map(DeploymentState::owner)
                        .filter(owner -> !owner.equals(SourceId.HAND)
                                && sources.all().stream()
                                        .noneMatch(source -> source.owns().test(owner)))
                        .isPresent();
        return left ? "no source follows it" : "";
    }

    private static String summary(Plan plan) {
        StringBuilder text = new StringBuilder();
        plan.actions().stream().limit(3).forEach(action -> {
            text.append(text.isEmpty() ? "" : "; ").append(action.summary());
            action.reasons().stream()
                    .findFirst()
                    .ifPresent(why -> text.append(" (").append(why).append(')'));
        });
        int more = plan.actions().size() - 3;
        return more > 0 ? text + "; and " + more + " more" : text.toString();
    }

    private DeployOptions options() {
        return new DeployOptions(false, Optional.empty(), stopped);
    }
}
