package org.portolan.http;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.jspecify.annotations.Nullable;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.Door;
import org.portolan.doctor.Examined;
import org.portolan.gitserver.GitHttp;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.notify.WebhookReceiver;
import org.portolan.query.EventHub;
import org.portolan.query.Viewed;

/** Listens for the API while this process leads: on a unix socket in the state directory, and on a TCP port. */
public final class HttpDoor implements Door {
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");
    private static final int CONNECTIONS = 1_000;

    /** So many that nobody has taken yet wait in the kernel. */
    private static final int WAITING = 512;

    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final long ROUND_MILLIS = 20;

    private final ApiSettings settings;
    private final Viewed viewed;
    private final TokenCheck tokens;
    private final WebhookReceiver webhooks;
    private final MetricsText metrics;
    private final WebSocketPeer.Times socketTimes;
    private final GitHttp git;
    private final SocketFile socketFile;
    private final InstantSource clock = InstantSource.system();
    private @Nullable Open open;

    /** Of the latest time that it listened. */
    private volatile @Nullable Changes asked;

    private @Nullable ServerConnector port;
    private Optional<Examined> examined = Optional.empty();
    private OwnMachine machine = OwnMachine.NONE;
    private @Nullable UnixDomainServerConnector socket;

    /** Everything that lives while it listens. */
    private record Open(
            Server server,
            ApiHandler handler,
            EventHub events,
            Changes changes,
            ConnectionDeadlines<EndPoint> deadlines,
            ApiKeeper keeper,
            EdgeListener edge) {}

    /** One without a Git server. */
    public HttpDoor(
            ApiSettings settings, Viewed viewed, TokenCheck tokens, WebhookReceiver webhooks, MetricsText metrics) {
        this(settings, viewed, tokens, webhooks, metrics, new GitHttp());
    }

    /**
     * Listens on nothing yet.
     *
     * @param viewed what is looked at beside the leader's own parts
     */
    public HttpDoor(
            ApiSettings settings,
            Viewed viewed,
            TokenCheck tokens,
            WebhookReceiver webhooks,
            MetricsText metrics,
            GitHttp git) {
        this(settings, viewed, tokens, webhooks, metrics, git, WebSocketPeer.Times.USUAL);
    }

    HttpDoor(
            ApiSettings settings,
            Viewed viewed,
            TokenCheck tokens,
            WebhookReceiver webhooks,
            MetricsText metrics,
            GitHttp git,
            WebSocketPeer.Times socketTimes) {
        this.settings = settings;
        this.viewed = viewed;
        this.tokens = tokens;
        this.webhooks = webhooks;
        this.metrics = metrics;
        this.git = git;
        this.socketTimes = socketTimes;
        socketFile = new SocketFile(settings.socket());
    }

    /** Has it look at this machine beside a first deploy, and tell what is wrong there. */
    public HttpDoor examining(Examined parts) {
        examined = Optional.of(parts);
        return this;
    }

    /** Has it answer also for what is of this machine only. */
    public HttpDoor on(OwnMachine parts) {
        machine = parts;
        return this;
    }

    /** What can be listened on is, even if the other cannot; asked again, only that is tried. */
    @Override
    public synchronized void start(ControllerHandle controller) {
        Open now = open;
        if (now == null) {
            now = begin(controller);
            open = now;
            asked = now.changes();
        }
        List<Failure> failures = new ArrayList<>();
        attempt(failures, now, this::listenOnSocket);
        attempt(failures, now, open -> listenOnPort(open, controller));
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** Begins to listen on one of the two. */
    @FunctionalInterface
    private interface Listening {
        void on(Open now);
    }

    private static void attempt(List<Failure> failures, Open now, Listening listening) {
        try {
            listening.on(now);
        } catch (Failure failure) {
            failures.add(failure);
        }
    }

    private Open begin(ControllerHandle controller) {
        JETTY.setLevel(Level.SEVERE);
        QueuedThreadPool threads = new QueuedThreadPool(12, 2);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("http-", 0).factory()));
        Server server = new Server(threads);
        server.setErrorHandler(new ApiErrors());
        server.setStopTimeout(0);
        EventHub events = new EventHub(controller.installation().store());
        ConnectionDeadlines<EndPoint> deadlines = new ConnectionDeadlines<>();
        Changes changes = new Changes(controller);
        ReceivedArchive.sweep(viewed.home().file(ReceivedArchive.FOLDER));
        Callers callers = new Callers(tokens, settings.host());
        EdgeListener edge = new EdgeListener(
                server,
                controller.installation().proxy(),
                IDLE.toMillis(),
                (connector, where) -> connect(server, deadlines, connector, where));
        ApiKeeper keeper = new ApiKeeper(settings, controller, tokens, edge);
        Api api = new Api(
                controller,
                new LeaderView(viewed, controller),
                events,
                changes,
                new Readiness(controller.installation(), keeper::warnings),
                webhooks,
                metrics,
                git,
                callers::stands,
                examined,
                machine);
        Upgrades upgrades =
                new Upgrades(WebSocketServerComponents.ensureWebSocketComponents(server), callers, socketTimes);
        ApiHandler handler = new ApiHandler(
                api, callers, new PageRoutes(tokens), deadlines, upgrades, socketTimes.part(), settings.version());
        server.setHandler(handler);
        try {
            server.start();
        } catch (Exception fault) {
            events.close();
            throw new Failure(Kind.UNAVAILABLE, "cannot start the API").withCause(fault);
        }
        Open begun = new Open(server, handler, events, changes, deadlines, keeper, edge);
        sweep(begun);
        keeper.start();
        return begun;
    }

    /** Each second the connections are closed that have not sent in time what they had to. */
    private void sweep(Open now) {
        if (!now.server().isRunning()) {
            return;
        }
        try {
            now.deadlines().over(clock.instant()).forEach(EndPoint::close);
        } finally {
            now.server().getScheduler().schedule(() -> sweep(now), 1, TimeUnit.SECONDS);
        }
    }

    private void listenOnSocket(Open now) {
        UnixDomainServerConnector before = socket;
        if (before != null && before.isRunning()) {
            if (socketFile.inPlace()) {
                return;
            }
            // Somebody removed the file: nobody finds this one any more.
            close(now.server(), before);
            socket = null;
        }
        UnixDomainServerConnector connector = new UnixDomainServerConnector(now.server(), 1, 1, HttpConnections.http());
        connector.setName(Callers.OWNER);
        connector.setUnixDomainPath(socketFile.prepare());
        connector.setIdleTimeout(IDLE.toMillis());
        connect(now.server(), now.deadlines(), connector, socketFile.file().toString());
        try {
            socketFile.publish();
        } catch (IOException problem) {
            close(now.server(), connector);
            throw new Failure(Kind.UNAVAILABLE, "cannot listen on " + socketFile.file()).withCause(problem);
        }
        socket = connector;
    }

    private void listenOnPort(Open now, ControllerHandle controller) {
        if (settings.port() == 0 || (port != null && port.isRunning())) {
            return;
        }
        if (!settings.loopback() && !tokens.any()) {
            throw new Failure(
                            Kind.REFUSED,
                            "does not listen on " + settings.where() + " while there is no token: anybody could ask")
                    .withHint("it does once there is one; until then use 127.0.0.1 or the unix socket");
        }
        ApiCertificate shown = now.keeper().certificate();
        ServerConnector connector = new ServerConnector(now.server(), 1, 1, HttpConnections.factories(shown));
        connector.setHost(settings.address());
        connector.setPort(settings.port());
        connector.setAcceptQueueSize(WAITING);
        connector.setIdleTimeout(IDLE.toMillis());
        connector.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
        connect(now.server(), now.deadlines(), connector, settings.where());
        port = connector;
        if (shown == null && !settings.loopback()) {
            controller
                    .installation()
                    .publish(
                            "",
                            new Notice(
                                    EventLevel.WARNING,
                                    "the API listens on " + settings.where()
                                            + " without TLS: tokens can be read on the way."
                                            + " Set api.cert and api.key, or listen on 127.0.0.1 behind a proxy with TLS"));
        }
    }

    private void connect(
            Server server, ConnectionDeadlines<EndPoint> deadlines, AbstractConnector connector, String where) {
        connector.addBean(new HttpConnections.Watch(deadlines, clock));
        server.addConnector(connector);
        try {
            connector.start();
        } catch (Exception problem) {
            close(server, connector);
            String why = problem instanceof IOException && problem.getMessage() != null ? problem.getMessage() : "";
            throw new Failure(Kind.UNAVAILABLE, "cannot listen on " + where + (why.isEmpty() ? "" : ": " + why))
                    .withHint("api.address and api.port set where the API listens")
                    .withCause(problem);
        }
    }

    private static void close(Server server, AbstractConnector connector) {
        try {
            connector.stop();
        } catch (Exception notStarted) {
            // It does not listen in any case.
        }
        server.removeConnector(connector);
    }

    @Override
    public synchronized void stop(Duration deadline) {
        Open now = open;
        if (now == null) {
            return;
        }
        open = null;
        socketFile.remove();
        now.keeper().stop();
        now.edge().leave();
        now.handler().end();
        now.changes().end();
        now.events().close();
        if (port != null) {
            port.close();
        }
        long end = System.nanoTime() + deadline.toNanos();
        try {
            while (!now.handler().idle() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(ROUND_MILLIS);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        try {
            now.server().stop();
        } catch (Exception fault) {
            // What is left of it ends with the process.
        }
        port = null;
        socket = null;
    }

    /** Without the socket's file commands would take this controller for one that hangs. */
    @Override
    public synchronized boolean listens() {
        return open == null || socket == null || socketFile.inPlace();
    }

    /** They continue when nothing is listened on any more: whoever stopped this waits for them. */
    @Override
    public int running() {
        Changes latest = asked;
        return latest == null ? 0 : latest.running();
    }

    /** How many streams of events are open. */
    synchronized int streams() {
        return open == null ? 0 : open.events().followers();
    }

    @Override
    public synchronized List<String> describe() {
        List<String> lines = new ArrayList<>();
        if (socket != null && socket.isRunning() && socketFile.inPlace()) {
            lines.add(socketFile.file().toString());
        }
        if (port != null && port.isOpen()) {
            lines.add((settings.tls().isEmpty() ? "http://" : "https://")
                    + ApiSettings.where(settings.address(), port.getLocalPort()));
        }
        return lines;
    }
}
