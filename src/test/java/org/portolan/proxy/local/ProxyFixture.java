package org.portolan.proxy.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.portolan.model.Position;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.ServerView;
import org.portolan.model.service.DigestCredential;
import org.portolan.model.service.Domain;
import org.portolan.process.Commands;
import org.portolan.process.Listeners;
import org.portolan.routing.ProxySettings;

/** Real proxies in a separate folder, and short words for routes. */
final class ProxyFixture implements AutoCloseable {
    static final Position AT = new Position("Servicefile", 1, 1);

    private static final int FIRST_PORT = 16_000;
    private static final int LAST_PORT = 31_990;
    /** Ports that a test may use after the one that it asked for. */
    private static final int BLOCK = 30;

    private static final AtomicInteger BLOCKS = new AtomicInteger();

    final ProxySettings settings;
    final LocalProxy proxy;
    final int http = free();
    final int https = free();
    final int stats = free();

    ProxyFixture(Path folder) throws IOException {
        this(folder, Optional.empty());
    }

    ProxyFixture(Path folder, Optional<Path> templates) throws IOException {
        settings = new ProxySettings(
                folder,
                templates,
                new ProxySettings.Edge(List.of("127.0.0.1"), http, https, 0),
                new ProxySettings.Statistics(List.of("127.0.0.1"), stats, "portolan", Optional.of("look at it")),
                ProxySettings.Timeouts.of(Duration.ofHours(1)),
                ProxySettings.Program.process("haproxy"),
                ProxySettings.Program.process("nginx"),
                Optional.empty());
        proxy = LocalProxy.open(settings);
    }

    /** The same proxies as the next command would see them, after somebody changed where the edge listens. */
    LocalProxy edge(int port, String... addresses) {
        return other(new ProxySettings.Edge(List.of(addresses), port, https, 0), settings.statistics());
    }

    /** The same proxies, after somebody put others in front. */
    LocalProxy behind(boolean proxyProtocol, String... trusted) {
        return other(
                new ProxySettings.Edge(
                        List.of("127.0.0.1"),
                        http,
                        https,
                        0,
                        List.of(trusted),
                        proxyProtocol,
                        ProxySettings.AccessLog.USUAL),
                settings.statistics());
    }

    /** The same proxies, after somebody changed where the statistics are shown. */
    LocalProxy statistics(int port, String... addresses) {
        return other(
                settings.edge(),
                new ProxySettings.Statistics(List.of(addresses), port, "portolan", Optional.of("look at it")));
    }

    /** The same proxies without templates of the user. */
    LocalProxy shipped() {
        return LocalProxy.open(new ProxySettings(
                settings.folder(),
                Optional.empty(),
                settings.edge(),
                settings.statistics(),
                settings.timeouts(),
                settings.haproxy(),
                settings.nginx(),
                settings.workerUser()));
    }

    private LocalProxy other(ProxySettings.Edge edge, ProxySettings.Statistics statistics) {
        return LocalProxy.open(new ProxySettings(
                settings.folder(),
                settings.templates(),
                edge,
                statistics,
                settings.timeouts(),
                settings.haproxy(),
                settings.nginx(),
                settings.workerUser()));
    }

    /** A port outside the kernel's own range, where a client's connection may sit on any. */
    static int free() throws IOException {
        while (true) {
            int port = FIRST_PORT + BLOCKS.getAndIncrement() * BLOCK % (LAST_PORT - FIRST_PORT);
            if (Listeners.refusal("127.0.0.1", port).isEmpty()) {
                return port;
            }
        }
    }

    static InstanceId id(String service, int version, int n) {
        return new InstanceId("shop", service, version, n);
    }

    static Server ready(InstanceId id, int port) {
        return new Server(id, "127.0.0.1", port, State.READY, 100);
    }

    static Server with(Server server, State state, int weight) {
        return new Server(server.instance(), server.address(), server.port(), state, weight);
    }

    static Backend http(String service, int mesh, Server... servers) {
        return new Backend(
                service, "", true, List.of("127.0.0.1"), mesh, List.of(), false, Optional.empty(), List.of(servers));
    }

    static Domain.Target target(String service) {
        return new Domain.Target("shop", service, "", 100);
    }

    static Domain.Target target(String service, int weight) {
        return new Domain.Target("shop", service, "", weight);
    }

    static Named domain(String host) {
        return new Named(host);
    }

    /** A new certificate for a name, and its key, as files of that name in a folder. */
    static Domain.Certificate certificate(Path folder, String name) throws IOException {
        Path key = folder.resolve(name + ".key");
        Path chain = folder.resolve(name + ".crt");
        Commands.run(
                List.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-keyout",
                        key.toString(),
                        "-out",
                        chain.toString(),
                        "-days",
                        "60",
                        "-subj",
                        "/CN=" + name),
                Duration.ofSeconds(20));
        return new Domain.Certificate(Files.readString(chain), Files.readString(key));
    }

    RouteSet part(List<Backend> backends, Domain... domains) {
        return new RouteSet("shop", backends, List.of(domains));
    }

    /** What curl says: its output, status last. */
    String curl(String... words) {
        List<String> command = new ArrayList<>(
                List.of("curl", "-s", "-m", "20", "--path-as-is", "-w", "\n%{http_code}", "--noproxy", "*"));
        command.addAll(List.of(words));
        return Commands.run(command, Duration.ofSeconds(30)).output();
    }

    /** What the proxies say of an instance with one port. */
    ServerView view(InstanceId id) {
        return Objects.requireNonNull(proxy.observe("shop").get(id)).getFirst();
    }

    /** GET through the edge. */
    String get(String host, String path, String... more) {
        List<String> words = new ArrayList<>(List.of(more));
        words.addAll(List.of("-H", "Host: " + host, "http://127.0.0.1:" + http + path));
        return curl(words.toArray(String[]::new));
    }

    String status(String host, String path, String... more) {
        String answer = get(host, path, more);
        return answer.substring(answer.lastIndexOf('\n') + 1);
    }

    @Override
    public void close() {
        proxy.stop();
        proxy.close();
        // A test's folder is closed to the workers, so that their files lie outside of it.
        Commands.run(List.of("rm", "-rf", new ProxyLayout(settings).sites().toString()), Duration.ofSeconds(10));
    }

    /** A domain under construction. */
    static final class Named {
        private final String host;
        private final List<String> aliases = new ArrayList<>();
        private final SortedMap<String, Domain.Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        private final SortedMap<String, String> auth = new TreeMap<>();
        private Optional<Domain.TcpRoute> tcp = Optional.empty();
        private Optional<Domain.Certificate> certificate = Optional.empty();
        private Optional<String> realm = Optional.empty();
        private boolean redirect;
        private boolean maintenance;
        private boolean sticky;
        private boolean stream;
        private Domain.AccessLog log = Domain.AccessLog.OFF;

        private Named(String host) {
            this.host = host;
        }

        Named alias(String name) {
            aliases.add(name);
            return this;
        }

        Named route(String path, Domain.Target... targets) {
            routes.put(path, new Domain.Route(List.of(targets), AT));
            return this;
        }

        Named tcp(int port, String service) {
            tcp = Optional.of(new Domain.TcpRoute(port, target(service)));
            return this;
        }

        Named auth(String user, String password) {
            auth.put(user, password);
            return this;
        }

        /** From here on HTTP Digest. */
        Named realm(String name) {
            realm = Optional.of(name);
            return this;
        }

        Named ha1(String user, DigestCredential credential) {
            auth.put(user, credential.text());
            return this;
        }

        Named digest(String user, String password) {
            realm(DigestCredential.REALM);
            return ha1(user, DigestCredential.of(user, DigestCredential.REALM, password));
        }

        Named certificate(Domain.Certificate pem) {
            certificate = Optional.of(pem);
            return this;
        }

        Named redirect() {
            redirect = true;
            return this;
        }

        Named maintenance() {
            maintenance = true;
            return this;
        }

        Named streamUploads() {
            stream = true;
            return this;
        }

        Named sticky() {
            sticky = true;
            return this;
        }

        Named log() {
            log = Domain.AccessLog.ON;
            return this;
        }

        Named logQuery() {
            log = Domain.AccessLog.QUERY;
            return this;
        }

        Domain make() {
            return new Domain(
                    host,
                    aliases,
                    routes,
                    tcp,
                    certificate,
                    redirect,
                    maintenance,
                    sticky,
                    stream,
                    auth,
                    realm,
                    log,
                    AT);
        }
    }
}
