package org.portolan.operate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.Image;
import org.portolan.model.labels.ComposeProject;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Desired;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.Adoption;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.operate.RequestEvaluator.Evaluated;
import org.portolan.plan.Action;
import org.portolan.plan.ComposeAdoption;
import org.portolan.plan.HostCapacity;
import org.portolan.plan.Plan;
import org.portolan.plan.PlanInput;
import org.portolan.plan.PlanOptions;
import org.portolan.plan.Planner;
import org.portolan.plan.ProxyState;
import org.portolan.release.Installation;
import org.portolan.release.KeptImages;
import org.portolan.release.KnownSecrets;
import org.portolan.release.Provisioner;
import org.portolan.release.RoutingCheck;
import org.portolan.release.RuntimeRecall;
import org.portolan.release.Settings;
import org.portolan.release.Snapshot;
import org.portolan.release.StateRecovery;

/** Makes plans of what was seen, and says what is known of a deployment by it. */
final class Planning {
    private final Installation installation;
    private final KnownSecrets secrets;
    /** What was found last: it is asked for several times of one look, and is long in the making with many containers. */
    private volatile @Nullable Known last;

    private record Known(Snapshot snapshot, String deployment, SourceId owner, Optional<DeploymentState> state) {}

    Planning(Installation installation, KnownSecrets secrets) {
        this.installation = installation;
        this.secrets = secrets;
    }

    /** The Compose project whose place a request takes, as it runs now. */
    Optional<ComposeAdoption> adoption(Evaluated asked, Snapshot snapshot) {
        return asked.change()
                .project()
                .map(project -> ComposeAdoption.of(
                        project,
                        installation.engine().inspections(ComposeProject.PROJECT, project),
                        asked.desired(),
                        state(asked.desired(), snapshot).lastRelease() > 0));
    }

    Plan planned(Evaluated asked, Snapshot snapshot) {
        return planned(asked, snapshot, adoption(asked, snapshot));
    }

    /** The plan, with the routes that an interrupted run left unfinished, and the containers that it takes the place of. */
    Plan planned(Evaluated asked, Snapshot snapshot, Optional<ComposeAdoption> adoption) {
        Plan plan = routed(fitting(input(asked, snapshot, adoption)), snapshot);
        if (!(asked.change() instanceof Change.Deploy)) {
            return plan;
        }
        DeploymentState state = state(asked.desired(), snapshot);
        Set<String> ending = new HashSet<>(
                state.adoption().map(begun -> begun.containers().keySet()).orElse(new TreeSet<>()));
        Plan adopting = adoption.map(project -> project.over(plan)).orElse(plan);
        adoption.ifPresent(
                project -> ending.addAll(project.state(plan.goal()).containers().keySet()));
        Optional<Adoption> begun = state.adoption().filter(left -> adoption.isEmpty() && plan.needsRelease());
        return begun.map(left -> ComposeAdoption.continued(adopting, left))
                .orElse(adopting)
                .needing(new SharedData(installation.engine()).consent(plan, state, ending));
    }

    private Plan routed(Plan plan, Snapshot snapshot) {
        if (plan.needsRelease()) {
            return plan;
        }
        List<Action> actions = new ArrayList<>(plan.actions());
        actions.addAll(new RoutingCheck(installation.settings().installation(), plan.goal(), snapshot.observation())
                .repairs(snapshot.sight().of(plan.deployment())));
        return plan.with(actions);
    }

    private PlanInput input(Evaluated asked, Snapshot snapshot, Optional<ComposeAdoption> adoption) {
        Desired desired = asked.desired();
        Settings settings = installation.settings();
        SortedMap<String, Optional<Image>> images = new TreeMap<>(snapshot.images());
        Set<String> stopped = state(desired, snapshot).stopped();
        KeptImages.missing(installation.engine(), desired, images, stopped)
                .values()
                .forEach(pinned -> images.put(pinned, Optional.empty()));
        PlanOptions planOptions = new PlanOptions(
                asked.change().basis(),
                settings.meshPorts().first(),
                settings.meshPorts().last());
        Map<String, DeploymentState> all = snapshot.states();
        Optional<RouteSet> applied = snapshot.sight().of(desired.name());
        secrets.learn(desired, applied);
        RuntimeRecall recall = new RuntimeRecall(installation);
        return new PlanInput(
                desired,
                asked.siblings(),
                known(desired, snapshot),
                all,
                snapshot.observation(),
                settings.installation(),
                images,
                (service, version) -> secrets.kept(snapshot.kept().definition(desired.name(), service, version))
                        .or(() -> recall.shown(desired.name(), service, version)),
                applied,
                planOptions,
                new ProxyState(
                        installation.proxy().own(),
                        adoption.map(project -> without(project, obstacles(snapshot)))
                                .orElseGet(() -> obstacles(snapshot)),
                        applied.isPresent() ? snapshot.sight()::defects : List::of,
                        snapshot.sight().controller()),
                snapshot.holder());
    }

    /** Proxies that were just seen to serve everything hold their own ports: those are not asked about one by one again. */
    private ProxyState.Obstacles obstacles(Snapshot snapshot) {
        return (address, port) -> snapshot.sight().well()
                        && installation.proxy().own().stream()
                                .anyMatch(own ->
                                        own.port() == port && own.address().equals(address))
                ? Optional.empty()
                : installation.proxy().obstacle(address, port);
    }

    /** The ports of a container that is stopped first are not an obstacle. */
    private static ProxyState.Obstacles without(ComposeAdoption project, ProxyState.Obstacles obstacles) {
        return (address, port) -> project.frees(address, port) ? Optional.empty() : obstacles.at(address, port);
    }

    /** A plan that fits into the installation's ranges. */
    private Plan fitting(PlanInput input) {
        Settings settings = installation.settings();
        Plan plan = Planner.plan(input);
        new HostCapacity(
                        settings.instancePorts().first(),
                        settings.instancePorts().last(),
                        settings.networkPool(),
                        settings.networkPrefix())
                .check(plan, input);
        // Others' networks are not observed; whether they left room is asked where one is to be made.
        if (plan.actions().stream().anyMatch(action -> action.kind() == Action.Kind.CREATE_NETWORK)) {
            installation
                    .engine()
                    .requireNetwork(Provisioner.network(
                            plan.deployment(),
                            settings,
                            input.desired().origin().source(),
                            input.observation().networks()));
        }
        return plan;
    }

    /** The deployment's state as the store has it, else as the labels tell it, else an empty one. */
    DeploymentState state(Desired desired, Snapshot snapshot) {
        return known(desired, snapshot)
                .orElseGet(() -> DeploymentState.empty(
                        desired.name(),
                        desired.origin().source(),
                        installation.clock().instant()));
    }

    @SuppressWarnings("ReferenceEquality") // Of the same look and source; equal ones are only looked at once more.
    private Optional<DeploymentState> known(Desired desired, Snapshot snapshot) {
        SourceId owner = desired.origin().source();
        Known before = last;
        if (before == null
                || before.snapshot() != snapshot
                || before.owner() != owner
                || !before.deployment().equals(desired.name())) {
            before = new Known(snapshot, desired.name(), owner, find(desired, snapshot));
            last = before;
        }
        return before.state();
    }

    private Optional<DeploymentState> find(Desired desired, Snapshot snapshot) {
        DeploymentState stored = snapshot.states().get(desired.name());
        SourceId owner = desired.origin().source();
        Instant now = installation.clock().instant();
        String own = installation.settings().installation();
        return stored != null
                ? Optional.of(StateRecovery.over(stored, snapshot.observation(), own, now))
                : StateRecovery.of(desired.name(), owner, snapshot.observation(), own, now);
    }

    /**
     * The state that a release begins from. Where the store has no entry of the deployment it may have its history: no
     * number that is in it is given again, or its events would be taken for the new release's, and no commit that failed
     * is deployed again by itself.
     */
    DeploymentState begin(Desired desired, Snapshot snapshot) {
        DeploymentState state = state(desired, snapshot);
        if (snapshot.states().containsKey(desired.name())) {
            return state;
        }
        int last = state.lastRelease();
        List<String> failed = new ArrayList<>(state.failedCommits());
        List<Release> newestFirst = installation
                .store()
                .releases(state.name(), installation.settings().keepReleases());
        for (Release release : newestFirst.reversed()) {
            last = Math.max(last, release.number());
            if (release.outcome() == Release.Outcome.FAILED && !release.origin().dirty()) {
                release.origin()
                        .commit()
                        .filter(commit -> !failed.contains(commit))
                        .ifPresent(failed::add);
            }
        }
        return state.change().lastRelease(last).failedCommits(failed).build();
    }

    /** Whether the store knows the deployment, and all that was done of it. */
    @SuppressWarnings("ReferenceEquality") // Where nothing that runs is newer it is the stored object itself.
    boolean settled(Desired desired, Snapshot snapshot) {
        DeploymentState stored = snapshot.states().get(desired.name());
        return stored != null
                && known(desired, snapshot)
                        .filter(known -> known == stored || known.equals(stored))
                        .isPresent();
    }
}
