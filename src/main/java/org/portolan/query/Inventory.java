package org.portolan.query;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Nearest;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Container;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.release.StateRecovery;
import org.portolan.release.UnknownDeployment;
import org.portolan.store.Commit.VersionId;
import org.portolan.store.StoreException;

/**
 * What there is: deployments as the store knows them, and instances as their containers' labels tell. Without the store
 * the labels alone are shown.
 *
 * @param states what the store keeps, by deployment
 * @param instances this installation's containers, by deployment and service
 * @param older deployments of which the store knows less than what runs; their states are as labels correct them
 * @param completed ids of the containers that ended as their services shall: with exit status 0, by themselves
 * @param damaged deployments whose entries in the store cannot be read
 */
public record Inventory(
        SortedMap<String, DeploymentState> states,
        SortedMap<String, SortedMap<String, List<Container>>> instances,
        Set<String> older,
        Set<String> completed,
        Set<String> damaged) {

    /**
     * Looks at the store and the engine.
     *
     * @param warnings gets what cannot be looked up while the rest can
     */
    public static Inventory take(Viewed viewed, InstantSource clock, Consumer<String> warnings) {
        TreeMap<String, DeploymentState> states = new TreeMap<>();
        Set<String> older = new TreeSet<>();
        Set<String> damaged = new TreeSet<>();
        try {
            viewed.storeIfAny().ifPresent(store -> {
                states.putAll(store.deployments());
                damaged.addAll(store.damaged());
            });
        } catch (StoreException unreachable) {
            warnings.accept(unreachable.what() + "; showing only what the engine knows");
        }
        Optional<String> installation = viewed.home().knownInstallation();
        SortedMap<String, SortedMap<String, List<Container>>> instances = new TreeMap<>();
        if (installation.isPresent()) {
            Observation observation = viewed.engine().observe();
            states.replaceAll((name, stored) -> {
                DeploymentState now = StateRecovery.over(stored, observation, installation.get(), clock.instant());
                if (!now.equals(stored)) {
                    older.add(name);
                }
                return now;
            });
            for (Container container : observation.containers()) {
                if (container.isOf(installation.get())) {
                    container.instance().ifPresent(id -> instances
                            .computeIfAbsent(id.deployment(), name -> new TreeMap<>())
                            .computeIfAbsent(id.service(), name -> new ArrayList<>())
                            .add(container));
                }
            }
        }
        for (var services : instances.values()) {
            for (List<Container> containers : services.values()) {
                containers.sort(
                        Comparator.comparing(container -> container.instance().orElseThrow()));
            }
        }
        return new Inventory(states, instances, older, completed(viewed, instances), damaged);
    }

    /** Only the definitions of versions are read that have an instance which ended with 0. */
    private static Set<String> completed(
            Viewed viewed, SortedMap<String, SortedMap<String, List<Container>>> instances) {
        Set<String> completed = new TreeSet<>();
        instances.forEach((deployment, services) -> {
            List<Container> ended = services.values().stream()
                    .flatMap(List::stream)
                    .filter(Container::completed)
                    .toList();
            if (ended.isEmpty()) {
                return;
            }
            Map<VersionId, Definition> definitions = definitions(viewed, deployment, ended);
            for (Container container : ended) {
                InstanceId id = container.instance().orElseThrow();
                Definition definition = definitions.get(new VersionId(id.service(), id.version()));
                if (definition != null
                        && ServiceSpec.from(id.service(), definition).completes()) {
                    completed.add(container.id());
                }
            }
        });
        return completed;
    }

    /** Those that the store has and can read. */
    private static Map<VersionId, Definition> definitions(Viewed viewed, String deployment, List<Container> ended) {
        List<VersionId> versions = ended.stream()
                .map(container -> container.instance().orElseThrow())
                .map(id -> new VersionId(id.service(), id.version()))
                .distinct()
                .toList();
        try {
            return viewed.storeIfAny()
                    .map(store -> store.definitions(deployment, versions))
                    .orElse(Map.of());
        } catch (Failure unreadable) {
            return Map.of();
        }
    }

    /** The part of it that is about these deployments. */
    public Inventory only(Predicate<String> deployments) {
        SortedMap<String, DeploymentState> known = new TreeMap<>(states);
        known.keySet().removeIf(deployments.negate());
        SortedMap<String, SortedMap<String, List<Container>>> running = new TreeMap<>(instances);
        running.keySet().removeIf(deployments.negate());
        Set<String> own = new TreeSet<>();
        running.values().forEach(services -> services.values()
                .forEach(containers -> containers.forEach(container -> own.add(container.id()))));
        return new Inventory(
                known, running, kept(older, deployments), kept(completed, own::contains), kept(damaged, deployments));
    }

    private static Set<String> kept(Set<String> names, Predicate<String> wanted) {
        Set<String> kept = new TreeSet<>(names);
        kept.removeIf(wanted.negate());
        return kept;
    }

    /** What is to be said of a deployment's entry in the store. */
    public List<String> conditions(String deployment) {
        if (damaged.contains(deployment)) {
            return List.of("its entry in the store is damaged: its state comes from labels of its containers; its next"
                    + " deploy writes it again");
        }
        return older.contains(deployment)
                ? List.of(
                        "the store is older than the running instances (a restored backup?): its next deploy updates it")
                : List.of();
    }

    /** Every deployment's name, or the one that was asked for. */
    public List<String> deployments(Optional<String> asked) {
        TreeMap<String, Object> names = new TreeMap<>(states);
        names.putAll(instances);
        damaged.forEach(name -> names.put(name, name));
        if (asked.isEmpty()) {
            return List.copyOf(names.keySet());
        }
        if (!names.containsKey(asked.get())) {
            throw UnknownDeployment.among(names.keySet(), asked.get());
        }
        return List.of(asked.get());
    }

    /** Every service of a deployment, with what was placed of it and what runs. */
    public List<ServiceSummary> view(String deployment) {
        DeploymentState state = states.get(deployment);
        List<ServiceSummary> views = new ArrayList<>();
        services(deployment)
                .forEach((service, containers) -> views.add(new ServiceSummary(
                        deployment,
                        service,
                        state == null
                                ? Optional.empty()
                                : Optional.ofNullable(state.services().get(service)),
                        state != null && state.stopped().contains(service),
                        state == null
                                ? Optional.empty()
                                : Optional.ofNullable(state.held().get(service)),
                        containers,
                        completed)));
        return views;
    }

    /** Every service of a deployment, of the store and of labels, with its containers. */
    public SortedMap<String, List<Container>> services(String deployment) {
        SortedMap<String, List<Container>> services = new TreeMap<>();
        DeploymentState state = states.get(deployment);
        if (state != null) {
            for (String service : state.services().keySet()) {
                services.put(service, List.of());
            }
        }
        services.putAll(instances.getOrDefault(deployment, new TreeMap<>()));
        return services;
    }

    /** The containers that a word names: an instance, or all of a service's. */
    public List<Container> containers(String deployment, String word) {
        SortedMap<String, List<Container>> services = services(deployment);
        List<Container> ofService = services.get(word);
        if (ofService != null) {
            return ofService;
        }
        List<String> names = new ArrayList<>(services.keySet());
        for (List<Container> containers : services.values()) {
            for (Container container : containers) {
                if (container.name().equals(word)) {
                    return List.of(container);
                }
                names.add(container.name());
            }
        }
        throw unknown("service or instance", word, names);
    }

    /** One running container of what a word names. */
    public Container running(String deployment, String word) {
        for (Container container : containers(deployment, word)) {
            if (container.state() == Container.State.RUNNING) {
                return container;
            }
        }
        throw new Failure(Kind.FAILED, "no instance of " + word + " is running in " + deployment)
                .withRemedy(Remedy.of(Call.on(deployment, Verb.STATUS)).and(" shows its instances"));
    }

    /** The deployment that an instance's whole name belongs to, when no deployment was asked for. */
    public Optional<String> deploymentOf(String instance) {
        for (Map.Entry<String, SortedMap<String, List<Container>>> entry : instances.entrySet()) {
            for (List<Container> containers : entry.getValue().values()) {
                for (Container container : containers) {
                    if (container
                            .instance()
                            .map(InstanceId::name)
                            .filter(instance::equals)
                            .isPresent()) {
                        return Optional.of(entry.getKey());
                    }
                }
            }
        }
        return Optional.empty();
    }

    static Failure unknown(String kind, String name, List<String> known) {
        Failure failure = new Failure(Kind.NOT_FOUND, "unknown " + kind + " '" + name + "'");
        return Nearest.of(name, known)
                .map(nearest -> failure.withHint("did you mean '" + nearest + "'?"))
                .orElse(known.isEmpty() ? failure : failure.withHint("known: " + String.join(", ", known)));
    }
}
