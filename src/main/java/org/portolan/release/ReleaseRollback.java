package org.portolan.release;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.portolan.engine.EngineException;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.container.Network;
import org.portolan.model.container.Observation;
import org.portolan.model.event.ReleaseEvent.RollbackContinued;
import org.portolan.model.event.ReleaseEvent.RollbackDone;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Domain;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.plan.DesiredRelease;
import org.portolan.rollout.InstanceFactory;
import org.portolan.store.Lease;

/**
 * Rolls a failed release back to the last good one. That it does so is written down first, with the commit that failed, so
 * that whoever holds the lock after a process that died on the way continues the rollback before anything else.
 */
public final class ReleaseRollback {
    private final Installation installation;
    private final Lease lease;
    private final DeployOptions options;
    private final StoredDesired kept;

    public ReleaseRollback(Installation installation, Lease lease, DeployOptions options) {
        this.installation = installation;
        this.lease = lease;
        this.options = options;
        kept = new StoredDesired(installation);
    }

    /**
     * Continues the rollback that a dead process began, if there is one, and says how it ended; removes what a dead process
     * left of containers whose place a release took.
     */
    public void finishInterrupted() {
        Optional<DeploymentState> found = installation.store().deployment(lease.name());
        found.ifPresent(stored -> new ContainerAdoption(installation, lease, stored).finish());
        DeploymentState state = found.filter(stored -> stored.running().isPresent())
                .map(kept::corrected)
                .orElse(null);
        Optional<Release> begun = state == null
                ? Optional.empty()
                : state.running()
                        .filter(DeploymentState.Running::back)
                        .flatMap(running -> installation.store().readableRelease(lease.name(), running.release()));
        if (state == null || begun.isEmpty()) {
            return;
        }
        Release failed = begun.get();
        String cause = ReleaseLog.causeOfFailure(failed);
        installation.publish(installation.event(lease.name(), failed.number(), new RollbackContinued()));
        boolean first = state.services().isEmpty();
        ReleaseLog log = new ReleaseLog(installation, lease, state);
        String back = run(
                log,
                state,
                failed,
                Optional.empty(),
                first ? failed.domains() : kept.domains(state),
                false,
                container -> true,
                new RuntimeRecall(installation));
        log.rolledBack(failed, cause, new RollbackDone(back, true));
    }

    /**
     * Rolls back a release that failed just now.
     *
     * @param domains those that the proxies had before it
     * @param suspect containers besides its own that run and may not have passed their startup check
     * @param recall what containers showed before it, where the store lost a definition
     * @return how it ended, for people
     */
    String roll(
            ReleaseLog log,
            DeploymentState before,
            Release failed,
            DesiredRelease goal,
            List<Domain> domains,
            boolean adopted,
            Predicate<Container> suspect,
            RuntimeRecall recall) {
        return run(log, before, failed, Optional.of(goal), domains, adopted, suspect, recall);
    }

    private String run(
            ReleaseLog log,
            DeploymentState before,
            Release failed,
            Optional<DesiredRelease> missed,
            List<Domain> domains,
            boolean adopted,
            Predicate<Container> suspect,
            RuntimeRecall recall) {
        String number = Integer.toString(failed.number());
        try {
            Observation observation = installation.engine().observe();
            RollbackTarget lastGood = new RollbackTarget(installation, before, failed.services(), missed, recall);
            DesiredRelease goal = lastGood.goal();
            InstanceFactory factory = new Provisioner(installation, observation.networks())
                    .prepare(goal, failed.number(), before.owner());
            // The failed release left alone those of the versions that it was to replace.
            Attachments.restore(installation, goal, factory, observation);
            ReleaseRequest.Result result = new Execution(installation, log, options, adopted)
                    .back(
                            failed.number(),
                            goal,
                            factory,
                            domains,
                            container -> suspect.test(container)
                                    || container.label(Labels.RELEASE).equals(number));
            return switch (result) {
                case ReleaseRequest.Result.Reached reached ->
                    and(
                            before.services().isEmpty() ? nothing(before.name()) : lastGood.describe(),
                            new ContainerAdoption(installation, log.recorder()).resume());
                case ReleaseRequest.Result.Failed again ->
                    "the rollback is incomplete: " + again.instance() + " " + again.cause()
                            // What of it still runs may write to the same data.
                            + log.recorder()
                                    .state()
                                    .adoption()
                                    .map(left -> "; the containers that it adopted stay stopped")
                                    .orElse("");
                case ReleaseRequest.Result.Interrupted interrupted -> "the rollback was interrupted";
            };
        } catch (Failure trouble) {
            if (trouble.kind().leavesUnfinished()) {
                throw ReleaseRun.unfinished(trouble, "the rollback of release " + number + " continues");
            }
            return "the rollback is incomplete: " + trouble.what();
        }
    }

    private static String and(String what, String trouble) {
        return trouble.isEmpty() ? what : what + "; " + trouble;
    }

    /** Of a first release nothing is left that takes room; its domains answer 503 until the next. */
    private String nothing(String deployment) {
        for (Network network : installation.engine().observe().networks()) {
            if (Labels.areOf(network.labels(), installation.settings().installation(), deployment)) {
                try {
                    installation.engine().removeNetwork(network.name());
                } catch (EngineException used) {
                    return "removed its instances; volumes are kept, and so is its network: " + used.what();
                }
            }
        }
        return "removed its instances and its network; volumes are kept";
    }
}
