package org.portolan.operate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.engine.EngineException;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Container;
import org.portolan.model.container.Observation;
import org.portolan.model.event.DeploymentEvent.StartLeft;
import org.portolan.model.event.InstanceEvent.Change;
import org.portolan.model.event.InstanceEvent.InstanceChanged;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.release.Installation;
import org.portolan.store.Commit.VersionId;
import org.portolan.store.Lease;

/**
 * Starts instances that should run and have stopped with their engine: one that was killed, or a machine that lost its
 * power, leaves containers that no restart policy brings back. Makes and removes nothing; what is missing, a deploy makes.
 */
public final class StoppedInstances {
    private final Installation installation;
    private final List<String> started = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    public StoppedInstances(Installation installation) {
        this.installation = installation;
    }

    /**
     * Starts them, what is required before what requires it. A deployment that somebody is changing is left to them.
     *
     * @return the names of the containers that were started
     * @throws Failure {@link Kind#FAILED} when some could not be started, after all others were
     */
    public List<String> start() {
        Map<String, DeploymentState> states = installation.store().deployments();
        if (states.isEmpty()) {
            return List.of();
        }
        Observation observation = installation.engine().observe();
        states.forEach((name, state) -> {
            if (!stopped(state, observation).isEmpty()) {
                locked(name);
            }
        });
        if (!failed.isEmpty()) {
            throw new Failure(Kind.FAILED, "cannot start " + failed.size() + " of the instances that should run")
                    .withDetails(failed)
                    .withRemedy(Remedy.of(Call.of(Verb.STATUS)).and(" shows them; redeploy to recreate them"));
        }
        return started;
    }

    private void locked(String name) {
        Optional<Lease> lease = installation.store().acquire(name, "system up");
        if (lease.isEmpty()) {
            String holder = installation.store().holder(name).orElse("another process");
            installation.publish(name, new StartLeft(holder));
            return;
        }
        try (Lease held = lease.get()) {
            installation.store().deployment(held.name()).ifPresent(state -> stopped(
                            state, installation.engine().observe())
                    .forEach(container -> start(name, container)));
        }
    }

    private void start(String deployment, Container container) {
        try {
            installation.engine().start(container.id());
            started.add(container.name());
            container
                    .instance()
                    .ifPresent(id -> installation.publish(deployment, new InstanceChanged(Change.RESUMED, id)));
        } catch (EngineException trouble) {
            failed.add(container.name() + ": " + trouble.what());
        }
    }

    /** The containers that should run and do not, in the order of starting. */
    private List<Container> stopped(DeploymentState state, Observation observation) {
        List<Container> stopped = new ArrayList<>();
        ordered(state).forEach((service, restart) -> {
            Release.Placed placed = state.services().get(service);
            if (placed == null || state.stopped().contains(service)) {
                return;
            }
            List<Container> instances = instances(state.name(), service, placed.version(), observation);
            long running = instances.stream()
                    .filter(container -> container.state().up())
                    .count();
            instances.stream()
                    .filter(container -> isOwed(container, restart))
                    .limit(Math.max(0, placed.scale() - running))
                    .forEach(stopped::add);
        });
        return stopped;
    }

    private List<Container> instances(String deployment, String service, int version, Observation observation) {
        return observation.containers().stream()
                .filter(container -> container.isOf(installation.settings().installation(), deployment))
                .filter(container -> container
                        .instance()
                        .filter(id -> id.service().equals(service) && id.version() == version)
                        .isPresent())
                .sorted(Comparator.comparingInt(
                        container -> container.instance().map(InstanceId::n).orElse(0)))
                .toList();
    }

    /** One that ended by itself and is not to be restarted (a job that is done) stays as it is. */
    private static boolean isOwed(Container container, String restart) {
        boolean wanted = restart.equals("always")
                || restart.equals("unless-stopped")
                || (restart.startsWith("on-failure") && container.exitCode() != 0);
        return container.state() == Container.State.EXITED && wanted;
    }

    /** The services with their restart policies; each behind those that it requires. */
    private Map<String, String> ordered(DeploymentState state) {
        List<VersionId> versions = new ArrayList<>();
        state.services().forEach((service, placed) -> versions.add(new VersionId(service, placed.version())));
        Map<VersionId, Definition> definitions = installation.store().definitions(state.name(), versions);
        Map<String, ServiceSpec> specs = new LinkedHashMap<>();
        for (VersionId version : versions) {
            Definition definition = definitions.get(version);
            if (definition != null) {
                specs.put(version.service(), ServiceSpec.from(version.service(), definition));
            }
        }
        Set<String> order = new LinkedHashSet<>();
        Set<String> entered = new LinkedHashSet<>();
        specs.keySet().forEach(service -> enter(service, specs, entered, order));
        Map<String, String> restarts = new LinkedHashMap<>();
        for (String service : order) {
            ServiceSpec spec = specs.get(service);
            if (spec != null) {
                restarts.put(service, spec.restart());
            }
        }
        return restarts;
    }

    private static void enter(String service, Map<String, ServiceSpec> specs, Set<String> entered, Set<String> order) {
        ServiceSpec spec = specs.get(service);
        if (spec != null && entered.add(service)) {
            spec.require().forEach(required -> enter(required, specs, entered, order));
            order.add(service);
        }
    }
}
