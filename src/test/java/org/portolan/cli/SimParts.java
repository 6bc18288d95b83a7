package org.portolan.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.portolan.config.Configuration;
import org.portolan.config.Configurations;
import org.portolan.engine.Engine;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.event.EventSink;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.probe.ReachProbe;
import org.portolan.process.Home;
import org.portolan.proxy.Proxy;
import org.portolan.proxy.sim.SimProxy;
import org.portolan.release.Installation;
import org.portolan.sim.VirtualClock;
import org.portolan.source.Sources;
import org.portolan.store.Store;
import org.portolan.store.StoreContent;
import org.portolan.store.memory.MemoryStore;

/** A simulated engine and a store in memory behind the commands. */
public class SimParts implements Components {
    public final SimEngine engine = new SimEngine(new VirtualClock());
    public final MemoryStore memory = new MemoryStore(InstantSource.system());
    public final Store store = memory.connect("test");
    public final SimProxy proxy = new SimProxy(InstantSource.system());

    /** What a try from a container gives. */
    public ReachProbe.Trial reach = new ReachProbe.Trial(ReachProbe.Reach.REACHES, "simulated");

    private final AtomicInteger tries = new AtomicInteger();

    private final Home home;

    public SimParts(Path folder) {
        home = Home.of(Map.of("PORTOLAN_HOME", folder.toString()));
    }

    /** Makes a container as a release would, and starts it. */
    public void instance(String deployment, String service, int version, int n, Behaviour behaviour) {
        instance(deployment, service, version, n, behaviour, Map.of());
    }

    /** With further labels. */
    public void instance(
            String deployment, String service, int version, int n, Behaviour behaviour, Map<String, String> more) {
        String image = engine.world().image("company/" + service + ":" + version, behaviour);
        InstanceId id = new InstanceId(deployment, service, version, n);
        Map<String, String> labels = new java.util.TreeMap<>(Map.of(
                Labels.INSTALLATION,
                home.installation(),
                Labels.DEPLOYMENT,
                deployment,
                Labels.SERVICE,
                service,
                Labels.VERSION,
                String.valueOf(version),
                Labels.INSTANCE,
                String.valueOf(n),
                Labels.HASH,
                "h"));
        labels.putAll(more);
        ServiceSpec spec =
                ServiceSpec.from(service, Definition.of(Map.of("image", "company/" + service + ":" + version)));
        engine.start(engine.create(new ContainerSpec(
                id.name(),
                spec,
                image,
                Map.of(),
                List.of(),
                Optional.empty(),
                labels,
                "",
                List.of(),
                List.of(),
                List.of(),
                "no")));
    }

    CliRun run(String... arguments) {
        return CliRun.with("", Map.of(), "", (environment, warnings) -> this, arguments);
    }

    @Override
    public Home home() {
        return home;
    }

    @Override
    public Configuration configuration() {
        return Configurations.read(Map.of(), home.root());
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public Optional<Store> storeIfAny() {
        return Optional.of(store);
    }

    @Override
    public boolean storeRunning() {
        return true;
    }

    @Override
    public Optional<String> leftStore() {
        return Optional.empty();
    }

    @Override
    public boolean stopStore() {
        return false;
    }

    @Override
    public StoreContent storeContent() {
        throw new UnsupportedOperationException("no command under test saves a store in memory");
    }

    @Override
    public StoreContent restoredContent() {
        return storeContent();
    }

    @Override
    public Path configurationFile() {
        return home.file("portolan.yaml");
    }

    @Override
    public Path volumesFolder() {
        return home.file("data");
    }

    @Override
    public String proxyFile(Collection<RouteSet> parts, boolean haproxy) {
        StringBuilder text = new StringBuilder(haproxy ? "# haproxy\n" : "# nginx\n");
        parts.forEach(part -> text.append(part.deployment()).append('\n'));
        return text.toString();
    }

    @Override
    public void stopProxies() {}

    @Override
    public Proxy proxy() {
        return proxy;
    }

    @Override
    public ReachProbe reach() {
        return (container, address, port) -> {
            tries.incrementAndGet();
            return reach;
        };
    }

    /** How often somebody tried from a container. */
    public int tries() {
        return tries.get();
    }

    @Override
    public Sources sources() {
        throw new UnsupportedOperationException("no command under test reads files");
    }

    @Override
    public Installation installation(EventSink events) {
        throw new UnsupportedOperationException("no command under test changes anything");
    }

    @Override
    public void close() {}

    @Override
    public InstalledHook installHook(
            Path repository, Optional<String> branch, String path, Optional<String> deployment, Path launcher) {
        throw new UnsupportedOperationException("a hook needs a real repository");
    }

    @Override
    public boolean removeHook(Path repository) {
        throw new UnsupportedOperationException("a hook needs a real repository");
    }

    @Override
    public AddedRemote addRemote(Path workTree, Optional<String> name, Optional<String> server, boolean http) {
        throw new UnsupportedOperationException("a remote needs a real repository");
    }
}
