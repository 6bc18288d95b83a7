package org.portolan.release;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.portolan.model.container.Container;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.plan.DesiredRelease;
import org.portolan.release.ReleaseRequest.Direction;
import org.portolan.rollout.InstanceFactory;
import org.portolan.rollout.Leaving;
import org.portolan.rollout.RolloutProgress;

/**
 * Hands a goal to the executor, forward or on the way back.
 *
 * @param log where what happens is written
 * @param adopted whether another installation's containers of the deployment are to be replaced
 */
record Execution(Installation installation, ReleaseLog log, DeployOptions options, boolean adopted) {

    /**
     * Brings a release about.
     *
     * @param replace containers whose version stays and that shall be replaced
     * @param suspect containers that run and may not have passed their startup check, nor have their restart policy
     * @param first what the first round sees; empty: it has to ask
     */
    ReleaseRequest.Result forward(
            int number,
            DesiredRelease goal,
            InstanceFactory factory,
            List<Domain> domains,
            Set<String> replace,
            Predicate<Container> suspect,
            Optional<FirstLook> first) {
        Map<String, RolloutProgress> progresses = new TreeMap<>();
        SortedMap<String, String> known = log.progress();
        known.forEach((service, text) -> progresses.put(service, RolloutProgress.parse(text)));
        StoredOrders orders = new StoredOrders(installation.store(), goal.deployment(), number);
        return run(
                number,
                goal,
                factory,
                domains,
                new Direction.Forward(replace, progresses, orders, options.interrupted()),
                suspect,
                first);
    }

    /** Brings a deployment back, or away: without canary steps and gates, not to be stopped halfway. */
    ReleaseRequest.Result back(
            int number,
            DesiredRelease goal,
            InstanceFactory factory,
            List<Domain> domains,
            Predicate<Container> suspect) {
        return run(number, goal, factory, domains, new Direction.Back(), suspect, Optional.empty());
    }

    private ReleaseRequest.Result run(
            int number,
            DesiredRelease goal,
            InstanceFactory factory,
            List<Domain> domains,
            Direction direction,
            Predicate<Container> suspect,
            Optional<FirstLook> first) {
        Settings settings = installation.settings();
        // On the way back too: what is gone back to prints its environment as well as what failed.
        goal.services().values().forEach(service -> installation.secrets().add(service.definition()));
        ReleaseRequest run = request(number, goal, factory, domains, direction, suspect);
        ReleaseRequest.Result result = new Executor(
                        installation.engine(),
                        installation.proxy(),
                        installation.prober(),
                        installation.tasks().get(),
                        installation.clock(),
                        log.recorder(),
                        installation.events(),
                        new PortAllocator(
                                settings.instancePorts().first(),
                                settings.instancePorts().last()))
                .run(run, first);
        return result instanceof ReleaseRequest.Result.Failed failed
                ? new ReleaseRequest.Result.Failed(
                        failed.service(),
                        failed.instance(),
                        installation.secrets().mask(failed.cause()),
                        installation.secrets().mask(failed.evidence()))
                : result;
    }

    private ReleaseRequest request(
            int number,
            DesiredRelease goal,
            InstanceFactory factory,
            List<Domain> domains,
            Direction direction,
            Predicate<Container> suspect) {
        return new ReleaseRequest(
                number,
                goal,
                factory,
                domains,
                leaving(goal, log.recorder().state()),
                direction,
                suspect,
                adopted,
                options.parallel().orElse(installation.settings().parallel()),
                new GeneratedValues(installation).passwords(goal));
    }

    /** Runs the jobs that follow a release which is good; gives what kept them from it besides their own failures. */
    Optional<String> followUp(int number, DesiredRelease goal, InstanceFactory factory) {
        Direction forward = new Direction.Forward(Set.of(), Map.of(), Orders.NONE, options.interrupted());
        ReleaseRequest run = request(number, goal, factory, List.of(), forward, container -> false);
        return new AfterJobs(installation, run, log.recorder()).run().map(installation.secrets()::mask);
    }

    /** How the services that leave are stopped, as far as their definitions are kept. */
    private Map<String, Leaving> leaving(DesiredRelease goal, DeploymentState known) {
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
}
