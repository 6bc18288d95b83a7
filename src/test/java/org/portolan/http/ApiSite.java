package org.portolan.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.portolan.config.ConfigurationEditor;
import org.portolan.config.Configurations;
import org.portolan.config.SourceSettings;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.FileSourceBook;
import org.portolan.controller.Followed;
import org.portolan.controller.KeptAsks;
import org.portolan.engine.Engine;
import org.portolan.engine.sim.Behaviour;
import org.portolan.gitserver.GitHttp;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.model.state.Standing;
import org.portolan.notify.WebhookReceiver;
import org.portolan.notify.WebhookSecrets;
import org.portolan.process.Home;
import org.portolan.proxy.Proxy;
import org.portolan.query.Viewed;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.Installation;
import org.portolan.sim.SimSite;
import org.portolan.store.Commit;
import org.portolan.store.Store;
import org.portolan.testing.FreePorts;

/** The API, really listening on loopback and a unix socket, over a simulated installation with a shop. */
final class ApiSite implements AutoCloseable {
    static final String READ = "ptl_read";
    static final String ADMIN = "ptl_admin";
    static final String SHOP_ONLY = "ptl_shop";

    final SimSite site = new SimSite(1);
    final List<Event> recorded = new CopyOnWriteArrayList<>();
    final List<WorkKey> marks = new CopyOnWriteArrayList<>();
    final List<Standing> standings = new ArrayList<>();
    /** What sources were last read to say. */
    final Map<String, List<Desired>> declared = new ConcurrentHashMap<>();
    /** Those that have webhooks, and the variables that their secrets are in. */
    final List<SourceSettings> sources = new ArrayList<>();

    final Map<String, String> hooks = new HashMap<>();
    /** What doors that are made from now on speak TLS with. */
    Optional<ApiSettings.Tls> tls = Optional.empty();

    /** The domain of doors that are made from now on. */
    Optional<ApiSettings.PublicName> name = Optional.empty();

    /** What was last said of the API. */
    volatile String stands = "";

    final Map<String, Principal> tokens = new ConcurrentHashMap<>();
    final Installation installation = site.process().installation;
    final ControllerHandle controller = (ControllerHandle) java.lang.reflect.Proxy.newProxyInstance(
            ControllerHandle.class.getClassLoader(), new Class<?>[] {ControllerHandle.class}, this::asked);
    final Path socket;
    final int port;
    final HttpDoor door;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final WebSocketPeer.Times times;

    ApiSite(Path folder) {
        this(folder, WebSocketPeer.Times.USUAL);
    }

    ApiSite(Path folder, WebSocketPeer.Times times) {
        this.times = times;
        for (String tag : List.of("1", "2")) {
            site.engine.world().image("web:" + tag, Behaviour.GOOD, 80);
        }
        site.engine.world().image("redis:1", Behaviour.GOOD, 6379);
        site.process()
                .deploy(SimSite.with(
                        shop("1", 2), SimSite.domain("shop.test", new Domain.Target("shop", "web", "http", 1))));
        site.process().deploy(shop("2", 2));
        tokens.put(READ, Principal.of("reader", Scope.READ, Set.of()));
        tokens.put(ADMIN, Principal.of("boss", Scope.ADMIN, Set.of()));
        tokens.put(SHOP_ONLY, Principal.of("shopkeeper", Scope.DEPLOY, Set.of("shop")));
        socket = folder.resolve("api.sock");
        port = freePort();
        door = door(folder, "127.0.0.1", port);
        standings.add(Standing.unknown(Standing.Subject.DEPLOYMENT, "shop", Instant.EPOCH));
        standings.add(
                Standing.unknown(Standing.Subject.SOURCE, "site", Instant.EPOCH).trying(Optional.of(Instant.EPOCH)));
    }

    HttpDoor door(Path folder, String address, int at) {
        return new HttpDoor(
                        new ApiSettings(folder.resolve("api.sock"), address, at, tls, name, "testhost", "1.2.3"),
                        viewed(folder),
                        new TokenCheck() {
                            @Override
                            public boolean any() {
                                return !tokens.isEmpty();
                            }

                            @Override
                            public Optional<Principal> check(String token) {
                                return Optional.ofNullable(tokens.get(token));
                            }

                            @Override
                            public boolean stands(Principal principal) {
                                return tokens.containsValue(principal);
                            }
                        },
                        new WebhookReceiver(
                                () -> sources,
                                new WebhookSecrets(Home.of(Map.of("PORTOLAN_HOME", folder.toString())), hooks)),
                        accept -> new MetricsText.Scrape(
                                "text/plain; version=0.0.4", "portolan_leader 1.0\n".getBytes(StandardCharsets.UTF_8)),
                        new GitHttp(),
                        times)
                .on(machine(folder));
    }

    private static OwnMachine machine(Path folder) {
        Home home = Home.of(Map.of("PORTOLAN_HOME", folder.toString()));
        return OwnMachine.of(
                (routes, haproxy) -> (haproxy ? "haproxy" : "nginx")
                        + routes.stream().map(RouteSet::deployment).toList(),
                new FileSourceBook(
                        new ConfigurationEditor(Map.of(), home),
                        () -> Configurations.read(Map.of(), home.root()).sources()));
    }

    /** What the API asks of the controller; whatever else doors may ask is not asked here. */
    private @Nullable Object asked(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "mark" -> marks.add((WorkKey) arguments[0]) ? null : null;
            case "record" -> {
                if (arguments[0] instanceof List<?> names) {
                    List<String> deployments =
                            names.stream().map(String.class::cast).toList();
                    synchronized (recorded) {
                        recorded.addAll(KeptAsks.keep(
                                installation, deployments, (EventData) arguments[1], (Commit.Asked) arguments[2]));
                    }
                } else {
                    recorded.add(installation.event((String) arguments[0], 0, (EventData) arguments[1]));
                }
                yield null;
            }
            case "keep" -> {
                synchronized (recorded) {
                    KeptAsks.keep(installation, (Commit.Asked) arguments[0]);
                }
                yield null;
            }
            case "stands" -> {
                stands = arguments[0] + " " + arguments[1];
                yield null;
            }
            case "standings" -> List.copyOf(standings);
            case "followed" ->
                List.of(new Followed((String) arguments[0], Duration.ofMinutes(1), false, owner -> false));
            case "declared" -> declared.getOrDefault((String) arguments[0], List.of());
            case "installation" -> installation;
            case "hashCode" -> 1;
            case "toString" -> "the controller";
            default -> throw new UnsupportedOperationException(method.getName());
        };
    }

    private Viewed viewed(Path folder) {
        Home home = Home.of(Map.of("PORTOLAN_HOME", folder.toString()));
        home.restoreInstallation("cafe0001");
        return new Viewed() {
            @Override
            public Home home() {
                return home;
            }

            @Override
            public Engine engine() {
                throw new IllegalStateException("the leader's is used");
            }

            @Override
            public Proxy proxy() {
                throw new IllegalStateException("the leader's is used");
            }

            @Override
            public Store store() {
                throw new IllegalStateException("the leader's is used");
            }

            @Override
            public Optional<Store> storeIfAny() {
                throw new IllegalStateException("the leader's is used");
            }

            @Override
            public boolean storeRunning() {
                return true;
            }

            @Override
            public Optional<String> leftStore() {
                return Optional.empty();
            }
        };
    }

    ApiSite started() {
        door.start(controller);
        return this;
    }

    static Desired shop(String tag, int scale) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "web",
                        Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", Map.of("http", "/up")),
                        "redis",
                        Map.of("image", "redis:1", "ports", Map.of("", 6379L))),
                Map.of("web", scale));
    }

    static int freePort() {
        return FreePorts.next();
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return client.send(request.build(), body);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    /** With the reader's token. */
    HttpResponse<String> get(String path) {
        return send(to(path).header("Authorization", "Bearer " + READ));
    }

    @Override
    public void close() {
        door.stop(Duration.ofSeconds(2));
        client.close();
    }
}
