package org.portolan.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Container;
import org.portolan.model.container.Image;
import org.portolan.model.container.Observation;
import org.portolan.model.event.DeploymentEvent.DeploymentRemoved;
import org.portolan.model.event.Event;
import org.portolan.model.event.ResourceEvent.VolumeKept;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ImageVolumes;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.release.ContainerAdoption;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.release.ReleaseRun;
import org.portolan.release.StateRecovery;
import org.portolan.release.UnknownDeployment;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/** Removes a deployment with all that belongs to it: domains, containers, network, history; its volumes only when asked. */
final class Removal {
    private final Installation installation;

    Removal(Installation installation) {
        this.installation = installation;
    }

    /**
     * What there is of a deployment.
     *
     * @param volumes the engine's names of its volumes, labelled or not
     */
    private record Found(DeploymentState state, Observation observation, SortedSet<String> volumes) {}

    /**
     * Removes it, and says which volumes were left.
     *
     * @throws org.portolan.model.NeedsConsent when that was not agreed to
     * @throws Failure with {@link Kind#REFUSED} while other deployments join its network
     */
    Outcome remove(Request.Remove request, DeployOptions options) {
        Mandate mandate = request.mandate();
        String name = request.deployment();
        if (!mandate.agreed().everything()) {
            // Who has to agree need not wait for the lock to be asked. What counts is what needs it under the lock.
            Found found = find(name);
            requireUnjoined(name, found);
            requireConsent(request, found);
        }
        try (Lease lease = new Locks(installation).take(name, mandate.caller(), options)) {
            Found found = find(name);
            requireUnjoined(name, found);
            requireConsent(request, found);
            return new Outcome(Outcome.Kind.DONE, name, 0, remove(lease, found, request.volumes(), mandate, options));
        }
    }

    /** Removes one that nobody needs to agree to any more; its volumes stay. */
    void remove(Lease lease, Mandate mandate, DeployOptions options) {
        Found found = find(lease.name());
        requireUnjoined(lease.name(), found);
        remove(lease, found, false, mandate, options);
    }

    /** The engine removes no network that is in use; what joins one would be left with half of what it needs. */
    private void requireUnjoined(String name, Found found) {
        SortedSet<String> joining = new TreeSet<>();
        SortedSet<String> containers = new TreeSet<>();
        for (Container container :
                found.observation().joining(installation.settings().installation(), name)) {
            joining.add(container.label(Labels.DEPLOYMENT));
            containers.add(container.name());
        }
        if (!joining.isEmpty()) {
            throw new Failure(
                            Kind.REFUSED,
                            "cannot remove " + name + ": its network is joined by " + String.join(", ", joining))
                    .withDetails(List.of("attached: " + String.join(", ", containers)))
                    .withHint("deploy " + String.join(" and ", joining) + " without `join: [" + name
                            + "]` first, or remove it")
                    .naming(joining, "cannot remove " + name + ": its network is joined by other deployments");
        }
    }

    private static void requireConsent(Request.Remove request, Found found) {
        List<String> needed = new ArrayList<>();
        needed.add("remove " + request.deployment());
        if (request.volumes()) {
            found.volumes().forEach(volume -> needed.add("remove volume " + volume + " with all data"));
        }
        request.mandate().agreed().require(needed, "nothing was removed; to consent, use --yes");
    }

    private Found find(String name) {
        Observation observation = installation.engine().observe();
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
                .orElseThrow(() -> UnknownDeployment.named(name));
        SortedSet<String> volumes = unnamedVolumes(name, state, observation);
        observation.volumes().stream()
                .filter(volume -> ours(volume.labels(), name))
                .forEach(volume -> volumes.add(volume.name()));
        return new Found(state, observation, volumes);
    }

    private List<String> remove(Lease lease, Found found, boolean volumes, Mandate mandate, DeployOptions options) {
        Engine engine = installation.engine();
        String name = lease.name();
        DeploymentState state = found.state();
        SortedSet<String> services = new TreeSet<>(state.services().keySet());
        List<Container> containers = found.observation().containers().stream()
                .filter(container -> ours(container.labels(), name))
                .toList();
        containers.forEach(container -> services.add(container.label(Labels.SERVICE)));
        new ReleaseRun(installation, lease, Origin.of(state.owner()), options).removeAll(state, services);
        installation.proxy().remove(name);
        containers.stream()
                .filter(container -> container.instance().isEmpty())
                .forEach(container -> engine.remove(container.id(), true, container.hasFileVolumes()));
        found.observation().networks().stream()
                .filter(network -> ours(network.labels(), name))
                .forEach(network -> engine.removeNetwork(network.name()));
        List<Failure> failures = volumes
                ? new VolumeRemoval(installation).removeAll(state, found.volumes(), found.observation())
                : List.of();
        List<String> left = volumes ? List.of() : List.copyOf(found.volumes());
        ContainerAdoption adopted = new ContainerAdoption(installation, lease, state);
        adopted.finish();
        String trouble = adopted.resume();
        if (!trouble.isEmpty()) {
            throw new Failure(Kind.FAILED, "cannot remove " + name + ": " + trouble);
        }
        Event removed = installation.event(
                name, 0, new DeploymentRemoved(mandate.caller().name(), mandate.reason()));
        List<Event> events = new ArrayList<>(keptVolumes(name, left, found.observation()));
        events.add(removed);
        installation
                .store()
                .commit(
                        lease,
                        Commit.removal(name, events)
                                .with(new Commit.Instructions(List.of(), HandNotes.of(installation, name))));
        installation.publish(removed);
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

    /** Of the volumes that stay and have no labels: nothing else says later since when one is kept, and whose it was. */
    private List<Event> keptVolumes(String name, List<String> left, Observation observation) {
        Set<String> labelled = new TreeSet<>();
        observation.volumes().forEach(volume -> labelled.add(volume.name()));
        List<Event> events = new ArrayList<>();
        for (String volume : left) {
            if (!labelled.contains(volume)) {
                events.add(installation.event(name, 0, new VolumeKept(volume)));
            }
        }
        return events;
    }

    /** The same deployments, those first that join another's network. */
    List<String> joiningFirst(List<String> names) {
        Observation observation = installation.engine().observe();
        List<String> sorted = new ArrayList<>();
        names.forEach(name -> add(name, names, observation, new TreeSet<>(), sorted));
        return sorted;
    }

    private void add(String name, List<String> names, Observation observation, Set<String> above, List<String> sorted) {
        if (sorted.contains(name) || !names.contains(name) || !above.add(name)) {
            return;
        }
        observation
                .joining(installation.settings().installation(), name)
                .forEach(container -> add(container.label(Labels.DEPLOYMENT), names, observation, above, sorted));
        sorted.add(name);
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
                container.dataVolumes().forEach((path, volume) -> {
                    if (declared.contains(path) && ImageVolumes.isAnonymous(volume)) {
                        volumes.add(volume);
                    }
                });
            }
        }
        return volumes;
    }

    private boolean ours(Map<String, String> labels, String deployment) {
        return Labels.areOf(labels, installation.settings().installation(), deployment);
    }
}
