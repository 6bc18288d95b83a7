package org.portolan.query;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.portolan.model.container.Container;
import org.portolan.model.service.Definition;
import org.portolan.model.state.DeploymentState;
import org.portolan.store.Commit.VersionId;

/** Everything that is known of a deployment, a service or an instance. */
public sealed interface Inspected {
    /**
     * A deployment.
     *
     * @param state what the store keeps; empty when only labels know of it
     * @param joinedBy the containers of other deployments that are attached to its network
     * @param accessLogs the files of its hosts' access logs on the machine of the proxies, by host
     */
    record OfDeployment(
            String name,
            Optional<DeploymentState> state,
            Set<String> services,
            List<String> joinedBy,
            SortedMap<String, String> accessLogs)
            implements Inspected {}

    /**
     * A service.
     *
     * @param definition of the version that was placed, with its routing, secrets masked
     */
    record OfService(ServiceSummary service, Optional<Definition> definition) implements Inspected {}

    /**
     * An instance.
     *
     * @param container as the engine knows it in full
     */
    record OfInstance(Container container) implements Inspected {}

    /**
     * Looks at what a name means in a deployment.
     *
     * @param word a service or an instance; "" for the deployment
     */
    static Inspected of(Viewed viewed, Inventory inventory, String deployment, String word) {
        if (word.isEmpty()) {
            return new OfDeployment(
                    deployment,
                    Optional.ofNullable(inventory.states().get(deployment)),
                    inventory.services(deployment).keySet(),
                    viewed.home()
                            .knownInstallation()
                            .map(own -> viewed.engine().observe().joining(own, deployment).stream()
                                    .map(Container::name)
                                    .sorted()
                                    .toList())
                            .orElse(List.of()),
                    DomainLog.files(viewed.proxy(), deployment));
        }
        for (ServiceSummary service : inventory.view(deployment)) {
            if (service.name().equals(word)) {
                return new OfService(service, service.placed().flatMap(placed -> viewed.storeIfAny()
                        .flatMap(store -> store.definition(deployment, VersionId.of(word, placed)))
                        .map(placed::routed)
                        .map(Definition::masked)));
            }
        }
        Container seen = inventory.containers(deployment, word).getFirst();
        return new OfInstance(viewed.engine().inspect(seen.id()).orElse(seen));
    }
}
