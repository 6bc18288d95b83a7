package org.portolan.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing.Subject;
import org.portolan.store.Commit.VersionId;
import org.portolan.store.Store;

/** How deployments are: last release, what runs of what should, where it is reached. */
public final class StatusQuery {
    private final Viewed viewed;
    private final Inventory inventory;
    private final Consumer<String> warnings;
    private final ControllerStatus controller;

    /**
     * Asks nothing yet.
     *
     * @param warnings gets what cannot be looked up while the rest can
     */
    public StatusQuery(Viewed viewed, Inventory inventory, Consumer<String> warnings) {
        this(viewed, inventory, warnings, name -> true);
    }

    /** The same for somebody who sees these deployments, of which the inventory is. */
    public StatusQuery(Viewed viewed, Inventory inventory, Consumer<String> warnings, Predicate<String> sees) {
        this.viewed = viewed;
        this.inventory = inventory;
        this.warnings = warnings;
        this.controller = ControllerStatus.of(viewed, warnings).seenBy(sees);
    }

    /** What the controller last observed. */
    public ControllerStatus controller() {
        return controller;
    }

    public DeploymentStatus of(String name) {
        Optional<DeploymentState> state = Optional.ofNullable(inventory.states().get(name));
        Optional<Store> store = state.isPresent() ? viewed.storeIfAny() : Optional.empty();
        Optional<Release> last = state.filter(known -> known.lastRelease() != 0)
                .flatMap(known ->
                        store.flatMap(kept -> kept.releases(name, 1).stream().findFirst()));
        Optional<String> holder = store.flatMap(kept -> kept.holder(name));
        List<String> conditions = new ArrayList<>(inventory.conditions(name));
        if (state.isPresent()) {
            conditions(conditions, state.get(), store, holder);
        }
        conditions.addAll(controller.words(Subject.DEPLOYMENT, name));
        List<ServiceSummary> services = inventory.view(name);
        ProxyView proxy = ProxyView.of(viewed, warnings, name, services);
        Map<VersionId, Definition> definitions =
                store.map(kept -> definitions(kept, name, services)).orElse(Map.of());
        return new DeploymentStatus(
                name,
                state,
                last.map(release -> ReleaseSummary.of(release, holder::isPresent)),
                conditions,
                controller.deployment(name),
                controller.instructions(Subject.DEPLOYMENT, name),
                services.stream()
                        .map(service -> service(service, state, definitions, proxy))
                        .toList(),
                state.filter(known -> !known.claims().isEmpty())
                        .map(known -> DomainLog.logged(viewed.proxy(), name))
                        .orElse(Set.of()));
    }

    private static DeploymentStatus.Service service(
            ServiceSummary service,
            Optional<DeploymentState> state,
            Map<VersionId, Definition> definitions,
            ProxyView proxy) {
        List<InstanceStatus> instances = new ArrayList<>();
        for (Container container : service.containers()) {
            Optional<InstanceId> id = container.instance();
            if (id.isPresent()) {
                instances.add(proxy.instance(container, id.get()));
            }
        }
        return new DeploymentStatus.Service(
                service,
                service.placed()
                        .map(placed -> definitions.get(new VersionId(service.name(), placed.version())))
                        .map(definition ->
                                ServiceSpec.from(service.name(), definition).image()),
                state.map(known -> meshPorts(known, service.name())).orElse(new TreeMap<>()),
                instances);
    }

    /** The definitions in place; none where they cannot be read. */
    private static Map<VersionId, Definition> definitions(Store store, String name, List<ServiceSummary> services) {
        List<VersionId> versions = new ArrayList<>();
        services.forEach(service ->
                service.placed().ifPresent(placed -> versions.add(new VersionId(service.name(), placed.version()))));
        try {
            return store.definitions(name, versions);
        } catch (Failure unreadable) {
            return Map.of();
        }
    }

    /** The ports of a service on the mesh by their names, "" for one without. */
    public static SortedMap<String, Integer> meshPorts(DeploymentState state, String service) {
        SortedMap<String, Integer> ports = new TreeMap<>();
        state.meshPorts().forEach((port, number) -> {
            if (port.equals(service) || port.startsWith(service + "/")) {
                ports.put(port.substring(Math.min(port.length(), service.length() + 1)), number);
            }
        });
        return ports;
    }

    private static void conditions(
            List<String> conditions, DeploymentState state, Optional<Store> store, Optional<String> holder) {
        state.pinned().ifPresent(release -> conditions.add("pinned to release " + release));
        state.running()
                .ifPresent(running ->
                        conditions.add("release " + running.release() + standing(running, holder.isPresent())));
        if (store.isPresent() && state.running().isPresent()) {
            CanaryStatus.of(store.get(), state.name(), state.running().get())
                    .forEach(canary ->
                            conditions.add(canary.service() + "  version " + canary.version() + ", " + canary.words()));
        }
        holder.ifPresent(who -> conditions.add("locked by " + who));
    }

    private static String standing(DeploymentState.Running running, boolean held) {
        if (running.back()) {
            return held
                    ? " is being rolled back"
                    : " failed, and its rollback was interrupted; the next deploy finishes it";
        }
        return held ? " is in progress" : " was interrupted; a deploy continues it, `rollback` rolls it back";
    }
}
