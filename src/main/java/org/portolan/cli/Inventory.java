package org.portolan.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.engine.Container;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.InstanceId;
import org.portolan.model.Labels;
import org.portolan.model.Nearest;
import org.portolan.store.DeploymentState;
import org.portolan.store.Store;
import org.portolan.store.StoreException;

/**
 * What there is: deployments as the store knows them, and instances as their containers' labels tell. Without the store
 * the labels alone are shown.
 *
 * @param states what the store keeps, by deployment
 * @param instances this installation's containers, by deployment and service
 */
record Inventory(
        SortedMap<String, DeploymentState> states, SortedMap<String, SortedMap<String, List<Container>>> instances) {

    /** What a listing says where there is nothing. */
    static final String NONE_YET = "There is no deployment yet: portolan init, then portolan deploy.";

    /** Looks at the store and the engine. */
    static Inventory take(Context context) {
        TreeMap<String, DeploymentState> states = new TreeMap<>();
        try {
            context.parts().storeIfAny().map(Store::deployments).ifPresent(states::putAll);
        } catch (StoreException unreachable) {
            context.console().warning(unreachable.what() + "; only what the engine knows is shown");
        }
        Optional<String> installation = context.parts().home().knownInstallation();
        SortedMap<String, SortedMap<String, List<Container>>> instances = new TreeMap<>();
        if (installation.isPresent()) {
            for (Container container : context.parts().engine().observe().containers()) {
                if (container.label(Labels.INSTALLATION).equals(installation.get())) {
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
        return new Inventory(states, instances);
    }

    /** Every deployment's name, or the one that was asked for. */
    List<String> deployments(Optional<String> asked) {
        TreeMap<String, Object> names = new TreeMap<>(states);
        names.putAll(instances);
        if (asked.isEmpty()) {
            return List.copyOf(names.keySet());
        }
        if (!names.containsKey(asked.get())) {
            throw unknown("deployment", asked.get(), List.copyOf(names.keySet()));
        }
        return List.of(asked.get());
    }

    /** The deployments that a listing shows: the one named by word or {@code -D}, else all; says when there is none. */
    List<String> shown(Context context, Syntax.Text word) {
        List<String> names = deployments(Optional.ofNullable(word.orNull()).or(context.options()::deployment));
        if (names.isEmpty()) {
            context.console().empty(NONE_YET);
        }
        return names;
    }

    /** The deployment that was asked for, else that of the Servicefile here, else the only one. */
    String deployment(Context context, Optional<String> asked) {
        List<String> all = deployments(Optional.empty());
        List<String> names = deployments(asked.or(() -> HereFile.deployment(context, all)));
        if (names.size() == 1) {
            return names.get(0);
        }
        throw names.isEmpty()
                ? new Failure(ExitStatus.FAILED, "there is no deployment yet")
                        .withHint("Make one: portolan deploy, or portolan create-deployment NAME.")
                : Failures.usage("say which deployment", "Use -D with one of: " + String.join(", ", names) + ".");
    }

    /** Every service of a deployment, of the store and of labels, with its containers. */
    SortedMap<String, List<Container>> services(String deployment) {
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
    List<Container> containers(String deployment, String word) {
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
    Container running(String deployment, String word) {
        for (Container container : containers(deployment, word)) {
            if (container.state() == Container.State.RUNNING) {
                return container;
            }
        }
        throw new Failure(ExitStatus.FAILED, "no instance of " + word + " runs in " + deployment)
                .withHint("portolan status -D " + deployment + " shows what there is.");
    }

    /** The deployment that an instance's whole name belongs to, when no deployment was asked for. */
    Optional<String> deploymentOf(String instance) {
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
        Failure failure = new Failure(ExitStatus.FAILED, "there is no " + kind + " '" + name + "'");
        return Nearest.of(name, known)
                .map(nearest -> failure.withHint("Did you mean '" + nearest + "'?"))
                .orElse(known.isEmpty() ? failure : failure.withHint("There are: " + String.join(", ", known) + "."));
    }
}
