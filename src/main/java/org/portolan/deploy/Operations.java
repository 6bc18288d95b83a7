package org.portolan.deploy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.engine.Container;
import org.portolan.engine.Engine;
import org.portolan.engine.Image;
import org.portolan.engine.Observation;
import org.portolan.model.Desired;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.ImageVolumes;
import org.portolan.model.Labels;
import org.portolan.model.Nearest;
import org.portolan.model.Origin;
import org.portolan.model.Release;
import org.portolan.model.SourceId;
import org.portolan.plan.Plan;
import org.portolan.rollout.Orders;
import org.portolan.rollout.Reporter.Level;
import org.portolan.store.Commit;
import org.portolan.store.DeploymentState;
import org.portolan.store.Lease;
import org.portolan.store.StoredEvent;

/** What a person does to a deployment by hand; all but {@link #create} and {@link #remove} are releases like any other. */
public final class Operations {
    private final Installation installation;
    private final Deployer deployer;
    private final KeptState kept;

    public Operations(Installation installation) {
        this.installation = installation;
        deployer = new Deployer(installation);
        kept = new KeptState(installation.store(), installation.proxy());
    }

    /** Registers an empty deployment. */
    public void create(String name, DeployOptions options) {
        try (Lease lease = new Locks(installation).take(name, options)) {
            if (installation.store().deployment(name).isPresent()) {
                throw new Failure(ExitStatus.INVALID, "there is a deployment " + name + " already")
                        .withHint("`portolan -D " + name + " status` shows it");
            }
            DeploymentState state = DeploymentState.empty(
                    name, SourceId.HAND, installation.clock().instant());
            installation.store().commit(lease, Commit.of(state));
        }
        Deployer.report(installation, Level.JOB, "deployment-created", name, "Created " + name);
    }

    /** Sets one service; it belongs to the hand from then on. */
    public Outcome setService(Desired service, DeployOptions options) {
        return deployer.deploy(service, List.of(), options, Change.BY_HAND);
    }

    /** Changes how many instances run; the next deploy of the files sets what they say. */
    public Outcome scale(String name, Map<String, Integer> scales, DeployOptions options) {
        DeploymentState state = kept.state(name);
        checkServices(state, scales.keySet());
        Desired current = kept.current(state);
        SortedMap<String, Desired.DesiredService> services = new TreeMap<>(current.services());
        scales.forEach((service, scale) -> services.computeIfPresent(
                service, (key, old) -> new Desired.DesiredService(key, old.definition(), scale, old.at())));
        Desired desired = new Desired(name, current.origin(), services, current.domains(), current.template());
        return deployer.deploy(desired, List.of(), options, Change.kept("scale"));
    }

    /** Stops services, all when none is named; they stay stopped until {@link #start}. */
    public Outcome stop(String name, Set<String> services, DeployOptions options) {
        return stopped(name, services, true, options);
    }

    public Outcome start(String name, Set<String> services, DeployOptions options) {
        return stopped(name, services, false, options);
    }

    private Outcome stopped(String name, Set<String> services, boolean stop, DeployOptions options) {
        try (Lease lease = new Locks(installation).take(name, options)) {
            DeploymentState state = kept.state(name);
            checkServices(state, services);
            Set<String> named = services.isEmpty() ? state.services().keySet() : services;
            SortedSet<String> stopped = new TreeSet<>(state.stopped());
            if (stop) {
                stopped.addAll(named);
            } else {
                stopped.removeAll(named);
            }
            installation
                    .store()
                    .commit(lease, Commit.of(state.change().stopped(stopped).build()));
        }
        Desired current = kept.current(kept.state(name));
        return deployer.deploy(current, List.of(), options, Change.kept(stop ? "stop" : "start"));
    }

    /** Replaces every instance of the services, all when none is named, by the same version. */
    public Outcome restart(String name, Set<String> services, DeployOptions options) {
        DeploymentState state = kept.state(name);
        checkServices(state, services);
        Set<String> named = services.isEmpty() ? state.services().keySet() : services;
        return deployer.deploy(kept.current(state), List.of(), options, Change.restart(named));
    }

    /** What {@link #rollback} would do. */
    public Plan planRollback(String name, Optional<Integer> to, DeployOptions options) {
        DeploymentState state = kept.state(name);
        Release target = target(state, to);
        return deployer.plan(kept.release(state, target), List.of(), options, Change.rollback(target.number()));
    }

    /** The number of the release that {@link #rollback} would restore. */
    public int rollbackTarget(String name, Optional<Integer> to) {
        return target(kept.state(name), to).number();
    }

    /** Restores a kept release whole and holds it under automatic deploys. */
    public Outcome rollback(String name, Optional<Integer> to, DeployOptions options) {
        DeploymentState state = kept.state(name);
        Release target = target(state, to);
        return deployer.deploy(kept.release(state, target), List.of(), options, Change.rollback(target.number()));
    }

    private Release target(DeploymentState state, Optional<Integer> to) {
        if (to.isPresent()) {
            Release release = installation
                    .store()
                    .release(state.name(), to.get())
                    .orElseThrow(() -> new Failure(ExitStatus.INVALID, state.name() + " has no release " + to.get())
                            .withHint("`portolan -D " + state.name() + " history` shows those that are kept"));
            if (release.outcome() != Release.Outcome.DONE) {
                throw new Failure(ExitStatus.INVALID, "release " + to.get() + " of " + state.name() + " never was good")
                        .withHint("choose one that `history` shows as done");
            }
            return release;
        }
        // One that runs what runs now is no way back: a rollback's own release, a change of scale.
        return installation.store().releases(state.name(), 100).stream()
                .filter(release -> release.outcome() == Release.Outcome.DONE
                        && release.number() < state.goodRelease()
                        && !Release.same(release.services(), state.services()))
                .findFirst()
                .flatMap(release -> installation.store().release(state.name(), release.number()))
                .orElseThrow(() ->
                        new Failure(ExitStatus.INVALID, state.name() + " has no earlier good release to go back to"));
    }

    /** Orders something of the release that is under way in another process, which sees it within a second or two. */
    public void order(String name, Orders.Order order, DeployOptions options) {
        DeploymentState state = kept.state(name);
        DeploymentState.Running running = state.running()
                .orElseThrow(() -> new Failure(ExitStatus.INVALID, "no release of " + name + " is under way")
                        .withHint("`portolan -D " + name + " status` shows how it stands"));
        String word = order.name().toLowerCase(java.util.Locale.ROOT);
        StoredEvent event = new StoredEvent(
                "",
                installation.clock().instant(),
                name,
                running.release(),
                StoredOrders.kind(order),
                "",
                "",
                word + " by " + options.who());
        // A lock of its own, under a name that no deployment has: the release's is held by whom the order is for.
        try (Lease lease = new Locks(installation).take(name + "/orders", options)) {
            installation.store().commit(lease, Commit.events(name, List.of(event)));
        }
        Deployer.report(
                installation, Level.JOB, "ordered", name, "Ordered " + word + " of release " + running.release());
    }

    /** Lets automatic deploys act again after a rollback. */
    public void unpin(String name, DeployOptions options) {
        try (Lease lease = new Locks(installation).take(name, options)) {
            DeploymentState state = kept.state(name);
            installation
                    .store()
                    .commit(
                            lease,
                            Commit.of(state.change().pinned(Optional.empty()).build()));
        }
        Deployer.report(installation, Level.JOB, "deployment-unpinned", name, "Unpinned " + name);
    }

    /**
     * Removes a deployment: domains, containers, network, history; its volumes only when asked.
     *
     * @return the names of volumes that were left
     */
    public List<String> remove(String name, boolean volumes, DeployOptions options) {
        Engine engine = installation.engine();
        try (Lease lease = new Locks(installation).take(name, options)) {
            Observation observation = engine.observe();
            DeploymentState state = installation
                    .store()
                    .deployment(name)
                    .or(() -> Rebuilt.of(
                            name,
                            SourceId.HAND,
                            observation,
                            installation.settings().installation(),
                            installation.clock().instant()))
                    .orElseThrow(() -> new Failure(ExitStatus.INVALID, "there is no deployment " + name)
                            .withHint("`portolan list` shows them"));
            SortedSet<String> services = new TreeSet<>(state.services().keySet());
            for (Container container : observation.containers()) {
                if (ours(container.labels(), name)) {
                    services.add(container.label(Labels.SERVICE));
                }
            }
            SortedSet<String> unnamed = unnamedVolumes(name, state, observation);
            new ReleaseRun(installation, lease, Origin.of(state.owner()), options).removeAll(state, services);
            installation.proxy().remove(name);
            for (Container container : observation.containers()) {
                boolean left =
                        ours(container.labels(), name) && container.instance().isEmpty();
                if (left) {
                    engine.remove(container.id(), true);
                }
            }
            observation.networks().stream()
                    .filter(network -> ours(network.labels(), name))
                    .forEach(network -> engine.removeNetwork(network.name()));
            List<String> left = new java.util.ArrayList<>();
            observation.volumes().stream()
                    .filter(volume -> ours(volume.labels(), name))
                    .forEach(volume -> unnamed.add(volume.name()));
            if (volumes) {
                unnamed.forEach(engine::removeVolume);
            } else {
                left.addAll(unnamed);
            }
            installation.store().commit(lease, Commit.removal(name, List.of()));
            Deployer.report(installation, Level.JOB, "deployment-removed", name, "Removed " + name);
            return left;
        }
    }

    /** Volumes without Portolan's labels that are the deployment's all the same: the engine named them for its images. */
    private SortedSet<String> unnamedVolumes(String name, DeploymentState state, Observation observation) {
        SortedSet<String> volumes = new TreeSet<>(state.keptVolumes().values());
        for (Container container : observation.containers()) {
            if (ours(container.labels(), name)) {
                List<String> declared = installation
                        .engine()
                        .image(container.imageId())
                        .map(Image::volumes)
                        .orElse(List.of());
                container.volumes().forEach((path, volume) -> {
                    if (declared.contains(path) && ImageVolumes.isAnonymous(volume)) {
                        volumes.add(volume);
                    }
                });
            }
        }
        return volumes;
    }

    private boolean ours(Map<String, String> labels, String deployment) {
        return installation.settings().installation().equals(labels.get(Labels.INSTALLATION))
                && deployment.equals(labels.get(Labels.DEPLOYMENT));
    }

    private static void checkServices(DeploymentState state, Set<String> services) {
        for (String service : services) {
            if (!state.services().containsKey(service)) {
                Failure unknown =
                        new Failure(ExitStatus.INVALID, "deployment " + state.name() + " has no service " + service);
                throw Nearest.of(service, state.services().keySet())
                        .map(near -> unknown.withHint("did you mean " + near + "?"))
                        .orElse(unknown);
            }
        }
    }
}
