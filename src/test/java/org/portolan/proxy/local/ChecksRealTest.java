package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.Trial;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Status;
import org.portolan.model.service.ServiceSpec.EnvValue;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.probe.socket.InstanceProber;
import org.portolan.sim.VirtualClock;

/** HAProxy's own checks beside Portolan's, asked of an application that answers one {@code Host} only. */
@Tag("real")
class ChecksRealTest {
    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private Strict old;
    private Strict fresh;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        old = new Strict("old.test");
        fresh = new Strict("new.test");
        fixture.proxy.ensureRunning();
    }

    @AfterEach
    void stop() {
        fixture.close();
        old.close();
        fresh.close();
    }

    /** Keeps every request as it came, and refuses those for another host. */
    private static final class Strict implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final String host;
        final List<String> requests = new CopyOnWriteArrayList<>();

        Strict(String host) throws IOException {
            this.host = host;
            Thread.ofVirtual().start(() -> {
                while (!socket.isClosed()) {
                    try (Socket client = socket.accept()) {
                        answer(client);
                    } catch (IOException closed) {
                        // The next one.
                    }
                }
            });
        }

        int port() {
            return socket.getLocalPort();
        }

        private void answer(Socket client) throws IOException {
            client.setSoTimeout(2000);
            InputStream in = client.getInputStream();
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                request.append((char) next);
            }
            requests.add(request.toString());
            boolean meant = lines(request.toString()).contains("host: " + host);
            String status = meant ? "200 OK" : "400 Bad Request";
            client.getOutputStream()
                    .write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException gone) {
                // It is.
            }
        }
    }

    /** The request's lines; names of headers have no case. */
    private static List<String> lines(String request) {
        List<String> lines = new ArrayList<>();
        for (String line : request.strip().split("\r\n", -1)) {
            int colon = line.indexOf(": ");
            lines.add(
                    lines.isEmpty() || colon < 0
                            ? line
                            : line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon));
        }
        return lines;
    }

    private static Health health(String host, Map<String, EnvValue> headers) {
        return new Health(
                Health.Type.HTTP,
                "/up?a=%20;b#c'd",
                host,
                new TreeMap<>(headers),
                "",
                List.of(),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                2,
                2,
                Duration.ofMillis(250),
                Duration.ZERO,
                Duration.ofSeconds(20));
    }

    private Backend backend(int mesh, Optional<Health> check, Optional<Trial> trial, Server... servers) {
        return new Backend(
                "web", "", true, List.of("127.0.0.1"), mesh, List.of(), false, check, trial, List.of(servers));
    }

    private static void eventually(BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!holds.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(holds.getAsBoolean()).isTrue();
    }

    @Test
    void haproxySendsTheRequestThatPortolanSends() throws Exception {
        Health health = health(
                "new.test",
                Map.of(
                        "X-Forwarded-Proto", new EnvValue("https", false),
                        "X-Odd", new EnvValue("100% %[src] ${HOME} \"it's\" # \\", false)));
        Server server = ProxyFixture.ready(ProxyFixture.id("web", 1, 1), fresh.port());
        fixture.proxy.apply(
                fixture.part(List.of(backend(ProxyFixture.free(), Optional.of(health), Optional.empty(), server))));
        eventually(() -> fixture.view(server.instance()).passed());
        List<String> haproxy = lines(fresh.requests.getFirst());

        fresh.requests.clear();
        SimEngine engine = new SimEngine(new VirtualClock());
        assertThat(new InstanceProber(engine)
                        .ask("", "127.0.0.1", fresh.port(), health)
                        .passed())
                .isTrue();

        assertThat(fresh.requests.stream().map(ChecksRealTest::lines)).contains(haproxy);
        assertThat(haproxy.getFirst()).isEqualTo("GET /up?a=%20;b#c'd HTTP/1.1");
        assertThat(haproxy).contains("x-odd: 100% %[src] ${HOME} \"it's\" # \\");
    }

    @Test
    void twoVersionsThatAnswerDifferentHostsShareABackend() throws Exception {
        int mesh = ProxyFixture.free();
        Health one = health("old.test", Map.of());
        Health two = health("new.test", Map.of());
        Server v1 = ProxyFixture.ready(ProxyFixture.id("web", 1, 1), old.port());
        Server v2 = ProxyFixture.ready(ProxyFixture.id("web", 2, 1), fresh.port());
        fixture.proxy.apply(fixture.part(List.of(backend(mesh, Optional.of(one), Optional.empty(), v1))));
        eventually(() -> fixture.view(v1.instance()).passed());

        Optional<Trial> trial = Optional.of(new Trial(2, two));
        assertThat(fixture.proxy.apply(fixture.part(List.of(backend(mesh, Optional.empty(), trial, v1)))))
                .as("the check's backend comes with a reload")
                .isTrue();
        RouteSet both = fixture.part(List.of(backend(mesh, Optional.empty(), trial, v1, v2)));
        assertThat(fixture.proxy.apply(both)).isFalse();
        eventually(() -> fixture.view(v2.instance()).passed());
        assertThat(lines(fresh.requests.getFirst())).contains("host: new.test");
        assertThat(fixture.view(v1.instance()).status()).isEqualTo(Status.UP);

        // One that refuses the check is never taken for one that passed, and is said to be down.
        Optional<Trial> wrong = Optional.of(new Trial(2, health("other.test", Map.of())));
        fixture.proxy.apply(fixture.part(List.of(backend(mesh, Optional.empty(), wrong, v1))));
        fixture.proxy.apply(fixture.part(List.of(backend(mesh, Optional.empty(), wrong, v1, v2))));
        List<ServerView> seen = new ArrayList<>();
        eventually(() -> {
            seen.add(fixture.view(v2.instance()));
            return seen.getLast().status() == Status.DOWN;
        });
        assertThat(seen).noneMatch(ServerView::passed);
        assertThat(seen.getLast().check()).isEqualTo(new ServerView.Check(ServerView.Result.FAILED, "L7STS/400"));
        assertThat(fixture.view(v1.instance()).status()).isEqualTo(Status.UP);

        assertThat(fixture.proxy.apply(fixture.part(List.of(backend(mesh, Optional.of(two), Optional.empty(), v2)))))
                .isTrue();
        eventually(() -> fixture.view(v2.instance()).passed());
    }
}
