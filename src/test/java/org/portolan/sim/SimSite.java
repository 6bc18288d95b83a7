package org.portolan.sim;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.controller.SharedEngine;
import org.portolan.engine.sim.SimEngine;
import org.portolan.engine.sim.SimWorld.HealthAnswer;
import org.portolan.model.FreezeWindow;
import org.portolan.model.Position;
import org.portolan.model.event.Event;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.probe.Prober;
import org.portolan.proxy.sim.SimProxy;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.release.Settings;
import org.portolan.store.memory.MemoryStore;

/** A whole installation in memory with virtual time: simulated engine and proxies, a store, and processes that use them. */
public final class SimSite {
    /** Consents to everything. */
    public static final Mandate MANDATE = new Mandate(new Caller.Person("tester@sim"), "", Agreement.EVERYTHING);

    /** How long a process waits for another that changes the same deployment. */
    public static final Duration LOCK_WAIT = Duration.ofMinutes(10);

    public final VirtualClock clock = new VirtualClock();
    public final SimEngine engine = new SimEngine(clock);
    public final MemoryStore store = new MemoryStore(clock);
    public final SimProxy proxy;
    public final List<Event> reports = new ArrayList<>();
    /** How many instances of a service must serve at least, whatever Portolan does; by service. */
    public final Map<String, Integer> floor = new TreeMap<>();

    /** What the configuration of new processes says of where instances are published; "": nothing. */
    public String publishAddress = "";

    /** Where named volumes live. */
    public Path dataRoot = Path.of("/data");

    /** Whether new processes use the engine as the runs of a controller do. */
    public boolean sharedEngine;

    /** Gets the name of the process before each change of the proxies. */
    public Consumer<String> drives = process -> {};

    private int processes;
    private @Nullable Random scatter;

    public SimSite(long seed) {
        proxy = new SimProxy(clock).acknowledgeAfter(Duration.ofMillis(seed % 400));
        proxy.busy(1 + seed % 3).sessionsEndAfter(Duration.ofMillis(700 + seed % 2000));
        proxy.checkAfter(Duration.ofMillis(seed % 300)).failAfter(Duration.ofMillis(seed % 2 * 4000));
        proxy.answeredBy((server, check) -> {
            // A page looks at the proxy while a release changes the engine.
            synchronized (engine) {
                return engine.world()
                        .answer(server.instance().name(), server.port(), check)
                        .passed();
            }
        });
    }

    /** When nothing new is deployed. */
    public final List<FreezeWindow> freezes = new ArrayList<>();

    /** From now on the calls of new processes end at moments that this decides, not at once. */
    public void scatter(Random random) {
        scatter = random;
    }

    /** A separate process: another run of the command. */
    public Process process() {
        return new Process("process-" + ++processes);
    }

    /** One run of the command. */
    public final class Process {
        public final String name;
        public final Installation installation;
        private final SimTasks tasks = scatter == null ? SimTasks.prompt(clock) : SimTasks.scattered(clock, scatter);

        private Process(String name) {
            this.name = name;
            Settings settings = new Settings(
                    "cafe0001",
                    dataRoot,
                    "10.201.0.0/16",
                    24,
                    publishAddress,
                    List.of(),
                    new Settings.PortRange(20000, 29999),
                    new Settings.PortRange(15000, 19999),
                    8,
                    5,
                    true,
                    LOCK_WAIT,
                    List.of("password", "secret", "token", "key"),
                    Duration.ofSeconds(30),
                    () -> List.copyOf(freezes));
            Prober prober = (container, address, port, health) -> {
                HealthAnswer answer = engine.world().answer(container, port, Optional.of(health));
                return new Prober.Answer(answer.passed(), answer.text());
            };
            installation = new Installation(
                    settings,
                    sharedEngine ? new SharedEngine(engine) : engine,
                    store.connect(name),
                    new WatchedProxy(proxy, floor, () -> drives.accept(name)),
                    prober,
                    () -> tasks,
                    clock,
                    reports::add);
        }

        public Outcome deploy(Desired desired) {
            return deploy(desired, () -> false);
        }

        public Outcome deploy(Desired desired, BooleanSupplier interrupted) {
            return new Operations(installation)
                    .perform(new Request.Apply(desired, List.of(), MANDATE), options(interrupted));
        }

        /** As a hook does, with nobody watching. */
        public Outcome deployAutomatically(Desired desired) {
            Mandate hook = new Mandate(new Caller.Hook("hook@sim", false), "", Agreement.EVERYTHING);
            return new Operations(installation)
                    .perform(new Request.Apply(desired, List.of(), hook), DeployOptions.DEFAULT);
        }

        public Operations operations() {
            return new Operations(installation);
        }

        /** Lets some of the calls that are in progress come to their end. */
        void progress() {
            tasks.progress();
        }

        public Outcome perform(Request request) {
            return perform(request, DeployOptions.DEFAULT);
        }

        public Outcome perform(Request request, DeployOptions options) {
            return operations().perform(request, options);
        }

        /** Patient ones. */
        public DeployOptions options(BooleanSupplier interrupted) {
            return DeployOptions.DEFAULT.attended(interrupted);
        }

        /** The process dies; its locks are seen to be dead. */
        public void die() {
            tasks.drop();
            store.kill(name);
        }
    }

    /** A host all of whose paths lead to one target. */
    public static Domain domain(String host, Domain.Target target) {
        Position at = new Position("Servicefile", 1, 1);
        SortedMap<String, Domain.Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        routes.put("/", new Domain.Route(List.of(target), at));
        return new Domain(
                host, List.of(), routes, Optional.empty(), Optional.empty(), false, false, false, new TreeMap<>(), at);
    }

    /** A TCP domain. */
    public static Domain tcp(String host, int port, Domain.Target target) {
        Domain domain = domain(host, target);
        return new Domain(
                host,
                List.of(),
                new TreeMap<>(Domain.MOST_SPECIFIC_FIRST),
                Optional.of(new Domain.TcpRoute(port, target)),
                Optional.empty(),
                false,
                false,
                false,
                new TreeMap<>(),
                domain.at());
    }

    /** The same services with these domains. */
    public static Desired with(Desired plain, Domain... domains) {
        return new Desired(plain.name(), plain.origin(), plain.services(), List.of(domains), "");
    }

    /** Desired state of services by name. */
    public static Desired desired(
            String deployment, Map<String, Map<String, Object>> services, Map<String, Integer> scales) {
        TreeMap<String, Desired.DesiredService> all = new TreeMap<>();
        services.forEach((name, keys) -> all.put(
                name,
                new Desired.DesiredService(
                        name, Definition.of(keys), scales.getOrDefault(name, 1), new Position("Servicefile", 1, 1))));
        return new Desired(deployment, Origin.of(new SourceId("file:///site", "Servicefile")), all, List.of(), "");
    }
}
