package org.portolan.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Container;
import org.portolan.model.container.Image;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired;
import org.portolan.model.service.ImageVolumes;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.StoredEvent;
import org.portolan.plan.Departed;
import org.portolan.plan.Plan;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Orders;
import org.portolan.release.Outcome;
import org.portolan.release.ReleaseRun;
import org.portolan.release.Reporter.Level;
import org.portolan.release.StateRecovery;
import org.portolan.release.StoredDesired;
import org.portolan.release.StoredOrders;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/** What a person does to a deployment by hand: changes that are releases like any other, orders to one, create and remove. */
public final class Operations {
    private final Installation installation;
    private final Deployer deployer;
    private final StoredDesired kept;

    public Operations(Installation installation) {
        this.installation = installation;
        deployer = new Deployer(installation);
        kept = new StoredDesired(installation);
    }

    /** Registers an empty deployment. */
    public void create(String name, DeployOptions options) {
        try (Lease lease = new Locks(installation).take(name, options)) {
            if (installation.store().deployment(name).isPresent()) {
                throw new Failure(Kind.INVALID, "the deployment " + name + " already exists")
                        .withRemedy(Remedy.of(Call.on(name, Verb.STATUS)).and(" shows it"));
            }
            DeploymentState state = DeploymentState.empty(
                    name, SourceId.HAND, installation.clock().instant());
            installation.store().commit(lease, Commit.of(state));
        }
        installation.report(Level.JOB, "deployment-created", name, "Created " + name);
    }

    /** Sets one service; it belongs to the hand from then on. */
    public Outcome setService(String name, String service, Request.Edit edit, DeployOptions options) {
        return deployer.perform(new Request.SetService(name, service, edit), options);
    }

    /** Changes how many instances run; the next deploy of the files sets what they say. */
    public Outcome scale(String name, Map<String, Integer> scales, DeployOptions options) {
        return deployer.perform(new Request.Scale(name, scales), options);
    }

    /** Stops services, all when none is named; they stay stopped until {@link #start}. */
    public Outcome stop(String name, Set<String> services, DeployOptions options) {
        return deployer.perform(new Request.Stop(name, services), options);
    }

    public Outcome start(String name, Set<String> services, DeployOptions options) {
        return deployer.perform(new Request.Start(name, services), options);
    }

    /** Replaces every instance of the services, all when none is named, by the same version. */
    public Outcome restart(String name, Set<String> services, DeployOptions options) {
        return deployer.perform(new Request.Restart(name, services), options);
    }

    /** What {@link #rollback} would do. */
    public Plan planRollback(String name, Optional<Integer> to, DeployOptions options) {
        return deployer.plan(new Request.Rollback(name, to), options);
    }

    /** The number of the release that {@link #rollback} would restore. */
    public int rollbackTarget(String name, Optional<Integer> to) {
        return new RequestEvaluator(installation)
                .evaluate(new Request.Rollback(name, to))
                .change()
                .pin()
                .orElseThrow();
    }

    /** Restores a kept release whole and holds it under automatic deploys. */
    public Outcome rollback(String name, Optional<Integer> to, DeployOptions options) {
        return deployer.perform(new Request.Rollback(name, to), options);
    }

    /** Orders something of the release that is in progress in another process, which sees it within a second or two. */
    public void order(String name, Orders.Order order, DeployOptions options) {
        DeploymentState state = kept.state(name);
        DeploymentState.Running running = state.running()
                .orElseThrow(() -> new Failure(Kind.NOT_RUNNING, "no release of " + name + " is in progress")
                        .withRemedy(Remedy.of(Call.on(name, Verb.STATUS)).and(" shows its state")));
        String word = order.name().toLowerCase(java.util.Locale.ROOT);
        if (installation.store().holder(name).isEmpty()) {
            throw new Failure(
                            Kind.NOT_RUNNING,
                            "release " + running.release() + " of " + name
                                    + " was interrupted: no process is running that could " + word + " it")
                    .withRemedy(Remedy.of("redeploy to continue it, or use ").and(Call.on(name, Verb.ROLLBACK)));
        }
        StoredEvent event = new StoredEvent(
                "",
                installation.clock().instant(),
                name,
                running.release(),
                StoredOrders.kind(order),
                "",
                "",
                word + " by " + options.who());
        // A separate lock, under a name that no deployment has: the release's is held by whom the order is for.
        try (Lease lease = new Locks(installation).take(name + "/orders", options)) {
            installation.store().commit(lease, Commit.events(name, List.of(event)));
        }
        installation.report(Level.JOB, "ordered", name, "Requested " + word + " of release " + running.release());
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
        installation.report(Level.JOB, "deployment-unpinned", name, "Unpinned " + name);
    }

    /**
     * Removes a deployment: domains, containers, network, history; its volumes only when asked.
     *
     * @return the names of volumes that were left
     */
    public List<String> remove(String name, boolean volumes, DeployOptions options) {
        try (Lease lease = new Locks(installation).take(name, options)) {
            return remove(lease, volumes, options);
        }
    }

    /**
     * Removes the deployments that a source declared before and no longer does; volumes stay.
     *
     * @param declared everything that the source declares
     * @param files reads that again: a deployment that was added meanwhile stays
     * @return how many were removed
     * @throws org.portolan.model.NeedsConsent when that needs consent and was not agreed to
     */
    public int prune(SourceId source, List<Desired> declared, Supplier<List<Desired>> files, DeployOptions options) {
        Departed departed = Departed.of(installation.store().deployments(), source, declared);
        options.agreed()
                .require(departed.consent(), "what the file declares is deployed; to remove the rest, use --yes");
        int removed = 0;
        for (String name : departed.names()) {
            try (Lease lease = new Locks(installation).take(name, options)) {
                // Another source may have taken it over, or somebody removed it, while this one waited for the lock.
                boolean still = installation
                                .store()
                                .deployment(name)
                                .filter(state -> state.owner().equals(source))
                                .isPresent()
                        && files.get().stream().noneMatch(now -> now.name().equals(name));
                if (still) {
                    remove(lease, false, options);
                    removed++;
                }
            }
        }
        return removed;
    }

    private List<String> remove(Lease lease, boolean volumes, DeployOptions options) {
        Engine engine = installation.engine();
        String name = lease.name();
        Observation observation = engine.observe();
        DeploymentState state = installation
                .store()
                .deployment(name)
                .or(() -> StateRecovery.of(
                        name,
                        SourceId.HAND,
                        observation,
                        installation.settings().installation(),
                        installation.clock().instant()))
                .or(() -> installation.store().damaged().contains(name)
                        ? Optional.of(DeploymentState.empty(
                                name, SourceId.HAND, installation.clock().instant()))
                        : Optional.empty())
                .orElseThrow(() -> new Failure(Kind.NOT_FOUND, "unknown deployment " + name)
                        .withRemedy(Remedy.of("list them with ").and(Call.of(Verb.LIST))));
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
        List<String> left = new ArrayList<>();
        observation.volumes().stream()
                .filter(volume -> ours(volume.labels(), name))
                .forEach(volume -> unnamed.add(volume.name()));
        List<Failure> failures = new ArrayList<>();
        if (volumes) {
            failures.addAll(new VolumeRemoval(installation).removeAll(state, unnamed, observation));
        } else {
            left.addAll(unnamed);
        }
        installation.store().commit(lease, Commit.removal(name, removed(name, left, observation, options)));
        installation.report(Level.JOB, Volumes.REMOVED, name, "Removed " + name);
        if (!failures.isEmpty()) {
            throw new Failure(
                            Kind.FAILED,
                            name + " was removed, but not all of its data: "
                                    + failures.getFirst().what())
                    .withDetails(failures.stream().skip(1).map(Failure::what).toList())
                    .withRemedy(failures.getFirst()
                            .remedy()
                            .orElse(Remedy.of(Call.of(Verb.VOLUME_LIST)).and(" shows what is left")));
        }
        return left;
    }

    /** What a removal reports: nothing else says later since when a volume is kept, or whose a volume without labels was. */
    private List<StoredEvent> removed(String name, List<String> left, Observation observation, DeployOptions options) {
        Set<String> labelled = new TreeSet<>();
        observation.volumes().forEach(volume -> labelled.add(volume.name()));
        List<StoredEvent> events = new ArrayList<>();
        for (String volume : left) {
            if (!labelled.contains(volume)) {
                events.add(event(name, Volumes.KEPT, volume, "kept volume " + volume));
            }
        }
        events.add(event(name, Volumes.REMOVED, "", "removed by " + options.who()));
        return events;
    }

    private StoredEvent event(String name, String kind, String volume, String message) {
        return new StoredEvent("", installation.clock().instant(), name, 0, kind, "", volume, message);
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
}
