package org.portolan.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.cli.Components;
import org.portolan.cli.Lazy;
import org.portolan.config.Configuration;
import org.portolan.config.Configurations;
import org.portolan.config.SourceCredentials;
import org.portolan.controller.Door;
import org.portolan.controller.Instructing;
import org.portolan.controller.SourceBook;
import org.portolan.controller.UnledStore;
import org.portolan.doctor.Finding;
import org.portolan.engine.Engine;
import org.portolan.engine.docker.DockerEndpoint;
import org.portolan.engine.docker.DockerEngine;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.StoredVolume;
import org.portolan.model.event.EventSink;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.state.DeploymentState;
import org.portolan.operate.AttachedCommands;
import org.portolan.operate.LocalAttachedCommands;
import org.portolan.operate.Requests;
import org.portolan.probe.ReachProbe;
import org.portolan.probe.socket.InstanceProber;
import org.portolan.probe.socket.MeshReach;
import org.portolan.process.Home;
import org.portolan.proxy.Proxy;
import org.portolan.proxy.local.LocalProxy;
import org.portolan.proxy.local.Preview;
import org.portolan.query.Queries;
import org.portolan.release.Installation;
import org.portolan.release.KeptVersions;
import org.portolan.release.Settings;
import org.portolan.release.StoreOwner;
import org.portolan.release.ThreadTasks;
import org.portolan.remote.RemoteController;
import org.portolan.routing.ProxySettings;
import org.portolan.source.GitSettings;
import org.portolan.source.Sources;
import org.portolan.source.git.GitSources;
import org.portolan.source.git.Hooks;
import org.portolan.store.Store;
import org.portolan.store.StoreContent;
import org.portolan.store.redis.EmbeddedRedis;
import org.portolan.store.redis.RedisContent;
import org.portolan.store.redis.RedisStore;
import org.portolan.store.redis.StoreMove;
import org.portolan.store.redis.StoreSettings;
import org.portolan.sync.Deploys;
import org.portolan.sync.LoadedSource;

/** Puts the adapters behind the ports, for this machine and this environment. */
public final class Wiring implements Components {
    private final Map<String, String> environment;
    private final Consumer<String> warnings;
    private final Lazy<Home> home;
    private final Lazy<Configuration> configuration;
    private volatile @Nullable Configuration reconfigured;
    private final Lazy<Engine> engine;
    private final Lazy<Store> store;
    private final Lazy<Proxy> proxy;
    private final Lazy<DoorWiring> doors = new Lazy<>(DoorWiring::new);
    private final ControllerLink link;

    public Wiring(Map<String, String> environment, Consumer<String> warnings) {
        this.environment = environment;
        this.warnings = warnings;
        home = new Lazy<>(() -> {
            Home own = Home.of(environment);
            own.requireOwn(Home.user(), environment.getOrDefault("SUDO_UID", ""));
            return own;
        });
        configuration = new Lazy<>(() -> Configurations.read(environment, home().root()));
        engine = new Lazy<>(this::connect);
        store = new Lazy<>(this::open);
        proxy = new Lazy<>(this::openProxy);
        link = new ControllerLink(environment, () -> home().file("api.sock"), warnings);
    }

    /** The private store, where it runs: what has not changed when it is asked is not read again. */
    @Override
    public void expect() {
        Thread.ofPlatform().daemon().name("store-ahead").start(() -> {
            try {
                if (!link.mayBeAsked()
                        && configuration().redis().isEmpty()
                        && embedded().isRunning()) {
                    Map<String, DeploymentState> states = store.get().deployments();
                    KeptVersions.inPlace(store.get(), states, states.keySet());
                }
            } catch (RuntimeException toldLater) {
                // Whoever asks for the store next gets the failure.
            }
        });
    }

    @Override
    public Home home() {
        return home.get();
    }

    @Override
    public Configuration configuration() {
        Configuration newer = reconfigured;
        return newer == null ? configuration.get() : newer;
    }

    @Override
    public void use(Configuration newer) {
        reconfigured = newer;
    }

    @Override
    public Engine engine() {
        link.requireHere();
        return engine.get();
    }

    @Override
    public Store store() {
        link.requireHere();
        return store.get();
    }

    @Override
    public Optional<Store> storeIfAny() {
        link.requireHere();
        boolean used = configuration().redis().isPresent()
                ? home().knownInstallation().isPresent()
                : Files.isDirectory(home().file("store"));
        return used ? Optional.of(store()) : Optional.empty();
    }

    @Override
    public Optional<Store> unusedStore() {
        // Its prefix holds the installation's id, which nothing that only looks may make.
        return home().knownInstallation().isPresent()
                ? Optional.empty()
                : configuration()
                        .redis()
                        .map(server -> RedisStore.open(StoreSettings.of(
                                home(),
                                Optional.of(new StoreSettings.Server(server.server(), server.place())),
                                Optional.of(configuration().redisPrefix().orElse("portolan:doctor")),
                                warnings)));
    }

    @Override
    public Proxy proxy() {
        link.requireHere();
        return proxy.get();
    }

    @Override
    public Queries queries() {
        return link.queries(Components.super::queries).orElseGet(Components.super::queries);
    }

    @Override
    public boolean through() {
        return link.remote().isPresent();
    }

    @Override
    public Installation changing(EventSink events) {
        Installation parts = installation(events);
        return parts.with(new UnledStore(parts.store(), link::await), events);
    }

    @Override
    public List<StoredVolume> volumes() {
        return link.remote().map(RemoteController::volumes).orElseGet(Components.super::volumes);
    }

    @Override
    public Requests requests(EventSink events) {
        return new SwitchingRequests(link, events, () -> Components.super.requests(events));
    }

    @Override
    public Instructing instructing(EventSink events) {
        return new SwitchingInstructing(link, events, () -> Components.super.instructing(events));
    }

    @Override
    public Deploys deploys(EventSink events, Consumer<Finding> found) {
        return new SwitchingDeploys(link, events, found, () -> Components.super.deploys(events, found));
    }

    @Override
    public AttachedCommands attached(EventSink events, Supplier<LocalAttachedCommands.Runner> runner) {
        return link.remote()
                .map(far -> far.attached(runner.get().caller().name()))
                .orElseGet(() -> Components.super.attached(events, runner));
    }

    @Override
    public SequencedMap<String, String> proxyFiles(LoadedSource source, List<String> names, EventSink events) {
        return link.remote()
                .map(far -> far.proxyFiles(source, names))
                .orElseGet(() -> Components.super.proxyFiles(source, names, events));
    }

    @Override
    public SourceBook sourceBook(Map<String, String> given) {
        return link.elsewhere().map(RemoteController::sourceBook).orElseGet(() -> Components.super.sourceBook(given));
    }

    @Override
    public ReachProbe reach() {
        return new MeshReach(engine());
    }

    @Override
    public Sources sources() {
        return new GitSources(GitSettings.of(home().root(), environment)
                .with(SourceCredentials.of(() -> configuration().sources(), environment)));
    }

    @Override
    public AddedRemote addRemote(Path workTree, Optional<String> name, Optional<String> server, boolean http) {
        return PushRemotes.add(home().root(), configuration(), workTree, name, server, http);
    }

    @Override
    public InstalledHook installHook(
            Path repository, Optional<String> branch, String path, Optional<String> deployment, Path launcher) {
        Hooks.Installed installed = Hooks.install(
                new Hooks.Request(repository, branch, path, deployment, launcher, home().root(), environment));
        return new InstalledHook(installed.file(), installed.branch(), installed.replaced());
    }

    @Override
    public boolean removeHook(Path repository) {
        return Hooks.remove(repository);
    }

    @Override
    public Installation installation(EventSink events) {
        link.requireHere();
        // The store may have to be started, and a first connection takes its time; the engine is opened meanwhile.
        if (store.orNull() == null) {
            Thread.ofPlatform().daemon().name("store").start(this::openEarly);
        }
        return new Installation(
                settings(),
                engine(),
                store(),
                proxy(),
                new InstanceProber(engine()),
                ThreadTasks::new,
                InstantSource.system(),
                events);
    }

    private void openEarly() {
        try {
            store();
        } catch (RuntimeException toldLater) {
            // Whoever asks for the store next gets the failure.
        }
    }

    private Settings settings() {
        Configuration decided = configuration();
        return new Settings(
                installationId(),
                decided.data(),
                decided.network().pool(),
                decided.network().prefix(),
                decided.instances().address(),
                decided.mesh().addresses(),
                range(decided.instances().ports()),
                range(decided.mesh().ports()),
                decided.deploy().parallel(),
                decided.deploy().keepReleases(),
                decided.deploy().cleanImages(),
                decided.deploy().lockWait(),
                decided.secretNames(),
                decided.engineDeadline(),
                () -> configuration().freezes());
    }

    /** The id in the state directory; a directory that lost it gets back what its own store remembers, else a new one. */
    private String installationId() {
        if (home().knownInstallation().isEmpty() && storeMayKnow()) {
            Optional<String> known = configuration().redis().isPresent()
                    ? StoreOwner.recover(store(), engine())
                    : store().installation();
            known.ifPresent(home()::restoreInstallation);
        }
        return home().installation();
    }

    /** Whether the store was there before this command; one that is made first would only cost time. */
    private boolean storeMayKnow() {
        return configuration().redis().isPresent() || Files.isDirectory(home().file("store"));
    }

    private static Settings.PortRange range(Configuration.Ports ports) {
        return new Settings.PortRange(ports.first(), ports.last());
    }

    @Override
    public boolean storeRunning() {
        link.requireHere();
        return configuration().redis().isPresent()
                ? storeIfAny().isPresent()
                : embedded().isRunning();
    }

    /** One that is left behind by a move to another server is ended too: nobody uses it. */
    @Override
    public boolean stopStore() {
        link.requireHere();
        return embedded().stop();
    }

    @Override
    public Optional<String> leftStore() {
        link.requireHere();
        return configuration().redis().isPresent() ? StoreMove.leftIn(embeddedSettings()) : Optional.empty();
    }

    @Override
    public List<String> moveStore(String who) {
        link.requireHere();
        Configuration decided = configuration();
        StoreSettings.Server server = decided.redis()
                .map(named -> new StoreSettings.Server(named.server(), named.place()))
                .orElseThrow(
                        () -> new Failure(Kind.INVALID, "no other store is configured")
                                .withHint(
                                        "set PORTOLAN_REDIS, or redis in portolan.yaml, to the server that the state shall go to"));
        if (StoreMove.leftIn(embeddedSettings()).isEmpty()) {
            throw new Failure(Kind.REFUSED, "no embedded store with data in " + home().file("store"));
        }
        StoreSettings target = StoreSettings.of(home(), Optional.of(server), decided.redisPrefix(), warnings);
        StoreMove.Moved moved = StoreMove.move(embeddedSettings(), target, home().installation(), who);
        return List.of(
                moved.deployments() + " deployments with " + moved.releases() + " releases are in the store at "
                        + server.address(),
                "the embedded store is ended; its files are in " + StoreMove.retire(embeddedSettings()));
    }

    @Override
    public StoreContent storeContent() {
        return new RedisContent(storeSettings());
    }

    @Override
    public StoreContent restoredContent() {
        // Its configuration and key were not there when this one read them.
        return new RedisContent(new Wiring(environment, warnings).storeSettings());
    }

    @Override
    public Path configurationFile() {
        return Configurations.file(environment, home().root());
    }

    @Override
    public Path volumesFolder() {
        return configuration().data();
    }

    private StoreSettings storeSettings() {
        return StoreSettings.of(
                home(),
                configuration().redis().map(store -> new StoreSettings.Server(store.server(), store.place())),
                configuration().redisPrefix(),
                warnings);
    }

    private StoreSettings embeddedSettings() {
        // A prefix that is configured now is meant for the server that is.
        return StoreSettings.of(home(), Optional.empty(), Optional.empty(), warnings);
    }

    private EmbeddedRedis embedded() {
        return new EmbeddedRedis(home().file("store"), warnings);
    }

    @Override
    public String proxyFile(Collection<RouteSet> parts, boolean haproxy) {
        Preview.Texts texts = Preview.of(proxySettings(), parts);
        return haproxy ? texts.haproxy() + "\n# routes.map\n" + texts.routes() : texts.nginx();
    }

    @Override
    public void stopProxies() {
        link.requireHere();
        openProxy().stop();
    }

    private LocalProxy openProxy() {
        return LocalProxy.open(proxySettings());
    }

    private ProxySettings proxySettings() {
        Configuration decided = configuration();
        Configuration.Edge edge = decided.edge();
        Configuration.Stats stats = decided.stats();
        return new ProxySettings(
                home().file("proxies"),
                decided.proxies().templates(),
                new ProxySettings.Edge(
                        edge.addresses(),
                        edge.http(),
                        edge.https(),
                        edge.maxUpload(),
                        edge.trusted(),
                        edge.proxyProtocol(),
                        new ProxySettings.AccessLog(
                                edge.log().size(),
                                edge.log().files(),
                                edge.log().age())),
                new ProxySettings.Statistics(
                        stats.addresses(),
                        stats.port(),
                        stats.user(),
                        stats.password().map(Configuration.Secret::text)),
                ProxySettings.Timeouts.of(edge.timeout()),
                program(decided.proxies().haproxy()),
                program(decided.proxies().nginx()),
                Optional.empty());
    }

    private static ProxySettings.Program program(Configuration.ProxyProgram decided) {
        return new ProxySettings.Program(
                decided.system(), decided.program(), decided.folder(), decided.reload(), decided.socket());
    }

    private Engine connect() {
        return DockerEngine.connect(
                DockerEndpoint.fromEnvironment(environment), configuration().engineDeadline());
    }

    private Store open() {
        Optional<String> own = home().knownInstallation();
        RedisStore opened = RedisStore.open(storeSettings());
        // A server may be another machine's; one that lives in the state directory is this installation's.
        if (configuration().redis().isPresent() && own.isPresent()) {
            StoreOwner.check(opened, own.get());
        }
        return opened;
    }

    @Override
    public Installation measured(Installation parts) {
        return doors.get().measured(parts);
    }

    @Override
    public List<Door> doors() {
        return doors.get().doors(this, environment, warnings);
    }

    @Override
    public void close() {
        link.close();
        Engine openEngine = engine.orNull();
        if (openEngine != null) {
            openEngine.close();
        }
        Proxy openProxy = proxy.orNull();
        if (openProxy != null) {
            openProxy.close();
        }
        Store openStore = store.orNull();
        if (openStore != null) {
            openStore.close();
        }
    }
}
