package org.portolan.deploy;

import java.util.List;
import java.util.Optional;
import org.portolan.engine.EngineException;
import org.portolan.engine.Network;
import org.portolan.engine.Observation;
import org.portolan.model.Domain;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.Labels;
import org.portolan.model.Release;
import org.portolan.plan.Goal;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.rollout.InstanceFactory;
import org.portolan.rollout.Reporter.Level;
import org.portolan.rollout.Run;
import org.portolan.store.DeploymentState;
import org.portolan.store.Lease;

/**
 * Rolls a failed release back to the last good one. That it does so is written down first, with the commit that failed, so
 * that whoever holds the lock after a process that died on the way continues the rollback before anything else.
 */
final class ReleaseRollback {
    private final Installation installation;
    private final Lease lease;
    private final DeployOptions options;

    ReleaseRollback(Installation installation, Lease lease, DeployOptions options) {
        this.installation = installation;
        this.lease = lease;
        this.options = options;
    }

    /** Continues the rollback that a dead process began, if there is one; says how it ended. */
    void finishInterrupted() {
        DeploymentState state = installation
                .store()
                .deployment(lease.name())
                .filter(stored -> stored.running().isPresent())
                .map(stored -> Rebuilt.over(
                        stored,
                        installation.engine().observe(),
                        installation.settings().installation(),
                        installation.clock().instant()))
                .orElse(null);
        Optional<Release> begun = state == null
                ? Optional.empty()
                : state.running()
                        .filter(DeploymentState.Running::back)
                        .flatMap(running -> KeptState.readable(installation.store(), lease.name(), running.release()));
        if (state == null || begun.isEmpty()) {
            return;
        }
        Release failed = begun.get();
        String cause = ReleaseLedger.causeOfFailure(failed);
        Deployer.report(
                installation,
                Level.JOB,
                "rollback-continued",
                lease.name(),
                "Release " + failed.number() + " failed and its rollback was interrupted; continuing the rollback");
        boolean first = state.services().isEmpty();
        ReleaseLedger ledger = new ReleaseLedger(installation, lease, state);
        String back = run(
                ledger,
                state,
                failed,
                Optional.empty(),
                first ? failed.domains() : domains(state),
                false,
                true,
                new Recall(installation));
        ledger.takenBack(failed, cause, back);
        Deployer.report(installation, Level.JOB, "rollback-done", lease.name(), back);
    }

    /**
     * Rolls back a release that failed just now.
     *
     * @param domains those that the proxies had before it
     * @param lost whether the store knew nothing of the deployment before it, or not the newest
     * @param recall what containers showed before it, where the store lost a definition
     * @return how it ended, for people
     */
    String roll(
            ReleaseLedger ledger,
            DeploymentState before,
            Release failed,
            Goal goal,
            List<Domain> domains,
            boolean adopted,
            boolean lost,
            Recall recall) {
        return run(ledger, before, failed, Optional.of(goal), domains, adopted, lost, recall);
    }

    private String run(
            ReleaseLedger ledger,
            DeploymentState before,
            Release failed,
            Optional<Goal> missed,
            List<Domain> domains,
            boolean adopted,
            boolean unknown,
            Recall recall) {
        String number = Integer.toString(failed.number());
        try {
            Observation observation = installation.engine().observe();
            LastGood lastGood = new LastGood(installation, before, failed.services(), missed, recall);
            Goal goal = lastGood.goal();
            InstanceFactory factory = new Preparation(installation, observation.networks())
                    .prepare(goal, failed.number(), before.owner());
            Run.Result result = new Execution(installation, ledger, options, adopted)
                    .back(
                            failed.number(),
                            goal,
                            factory,
                            domains,
                            container ->
                                    unknown || container.label(Labels.RELEASE).equals(number));
            return switch (result) {
                case Run.Result.Reached reached ->
                    before.services().isEmpty() ? nothing(before.name()) : lastGood.describe();
                case Run.Result.Failed again ->
                    "it could not be taken back whole: " + again.instance() + " " + again.cause();
                case Run.Result.Interrupted interrupted -> "taking it back was stopped";
            };
        } catch (Failure trouble) {
            if (trouble.status() == ExitStatus.UNAVAILABLE) {
                throw ReleaseRun.unfinished(trouble, "the rollback of release " + number + " continues");
            }
            return "it could not be taken back whole: " + trouble.what();
        }
    }

    /** Of a first release nothing is left that takes room; its domains answer 503 until the next. */
    private String nothing(String deployment) {
        for (Network network : installation.engine().observe().networks()) {
            boolean own = installation
                            .settings()
                            .installation()
                            .equals(network.labels().get(Labels.INSTALLATION))
                    && deployment.equals(network.labels().get(Labels.DEPLOYMENT));
            if (own) {
                try {
                    installation.engine().removeNetwork(network.name());
                } catch (EngineException used) {
                    return "its instances were removed; volumes are kept, and its network too: " + used.what();
                }
            }
        }
        return "its instances and its network were removed; volumes are kept";
    }

    /** The domains of the last good release; where the store lost that, those that are served. */
    private List<Domain> domains(DeploymentState state) {
        return KeptState.readable(installation.store(), state.name(), state.goodRelease())
                .map(Release::domains)
                .orElseGet(() -> installation
                        .proxy()
                        .applied(state.name())
                        .map(DeploymentRoutes::domains)
                        .orElse(List.of()));
    }
}
