package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.service.Domain;
import org.portolan.process.Commands;

/** TLS by name, HTTP/2, websockets, TCP, cookies, templates of the user, two processes, a lost address. */
@Tag("real")
class EdgeAndTcpRealTest {
    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private OriginServer one;
    private OriginServer two;
    private int mesh;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        one = new OriginServer("one");
        two = new OriginServer("two");
        mesh = ProxyFixture.free();
        fixture.proxy.ensureRunning();
    }

    @AfterEach
    void stop() {
        fixture.close();
        one.close();
        two.close();
    }

    private Backend web(boolean sticky, List<String> bindings, Server... servers) {
        return new Backend(
                "web", "", true, List.of("127.0.0.1"), mesh, bindings, sticky, Optional.empty(), List.of(servers));
    }

    private Server first() {
        return ProxyFixture.ready(ProxyFixture.id("web", 1, 1), one.port());
    }

    private Server second() {
        return ProxyFixture.ready(ProxyFixture.id("web", 1, 2), two.port());
    }

    private boolean apply(Domain... domains) {
        return fixture.proxy.apply(fixture.part(List.of(web(false, List.of(), first())), domains));
    }

    private Domain.Certificate certificate(String name) throws IOException {
        return ProxyFixture.certificate(folder, name);
    }

    private String tls(String host, String path, String... more) {
        List<String> words = new java.util.ArrayList<>(List.of(more));
        words.addAll(List.of(
                "-k",
                "-v",
                "--resolve",
                host + ":" + fixture.https + ":127.0.0.1",
                "https://" + host + ":" + fixture.https + path));
        return fixture.curl(words.toArray(String[]::new));
    }

    @Test
    void everyNameHasItsCertificateAndNamesWithoutFail() throws IOException {
        apply(
                ProxyFixture.domain("a.org")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(certificate("a.org"))
                        .make(),
                ProxyFixture.domain("b.org")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(certificate("b.org"))
                        .redirect()
                        .auth("ann", "pw")
                        .make(),
                ProxyFixture.domain("*.w.org")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(certificate("w.org"))
                        .make(),
                ProxyFixture.domain("own.w.org")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(certificate("own.w.org"))
                        .make());

        assertThat(tls("a.org", "/")).contains("CN=a.org").contains("one GET /").contains("ALPN: server accepted h2");
        assertThat(tls("a.org", "/headers", "--http1.1")).contains("x-forwarded-proto: https");
        assertThat(tls("b.org", "/")).contains("CN=b.org").endsWith("401");
        assertThat(tls("b.org", "/", "-u", "ann:pw")).contains("one GET /").endsWith("200");
        for (String version : List.of("--http2", "--http1.1")) {
            assertThat(tls("b.org", "/", version, "-H", "Host: x,b.org")).endsWith("400");
            assertThat(tls("b.org", "/", version, "-H", "Host: a.org,b.org")).endsWith("400");
            assertThat(tls("a.org", "/", version, "-H", "Host: b.org")).endsWith("401");
            assertThat(tls("a.org", "/answer?Upgrade=h2,h2c&Proxy-Connection=close&Keep-Alive=timeout", version))
                    .contains("one GET /answer")
                    .doesNotContainIgnoringCase("< upgrade:")
                    .doesNotContainIgnoringCase("< proxy-connection:")
                    .endsWith("200");
        }
        assertThat(tls("x.w.org", "/")).contains("CN=w.org").endsWith("200");
        assertThat(tls("own.w.org", "/")).contains("CN=own.w.org").endsWith("200");
        assertThat(tls("none.org", "/")).endsWith("000");
        String nginx = fixture.proxy.describe().get(1);
        apply(ProxyFixture.domain("a.org")
                .route("/", ProxyFixture.target("web"))
                .certificate(certificate("new-a"))
                .make());
        assertThat(tls("a.org", "/")).contains("CN=new-a");
        assertThat(tls("b.org", "/")).endsWith("000");
        assertThat(fixture.proxy.describe().get(1)).isEqualTo(nginx);
    }

    @Test
    void theCertificateOfAnyNameServesNamesWithoutOneAndIsSentOnce() throws IOException {
        Domain.Certificate any = certificate("any.org");
        String both = any.chainPem() + any.keyPem();
        apply(
                ProxyFixture.domain("*")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(new Domain.Certificate(both, both))
                        .make(),
                ProxyFixture.domain("a.org")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(certificate("a.org"))
                        .make(),
                ProxyFixture.domain("plain.org")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pw")
                        .make());

        assertThat(tls("none.org", "/")).contains("CN=any.org").endsWith("200");
        assertThat(tls("plain.org", "/")).contains("CN=any.org").endsWith("401");
        assertThat(tls("a.org", "/")).contains("CN=a.org").endsWith("200");
        String sent = Commands.run(
                        List.of(
                                "openssl",
                                "s_client",
                                "-connect",
                                "127.0.0.1:" + fixture.https,
                                "-servername",
                                "none.org",
                                "-showcerts"),
                        Duration.ofSeconds(20))
                .output();
        assertThat(sent.split("-----BEGIN CERTIFICATE-----", -1)).hasSize(2);
    }

    @Test
    void aCertificateThatDoesNotFitItsKeyReplacesNothing() throws IOException {
        Domain.Certificate good = certificate("a.org");
        apply(ProxyFixture.domain("a.org")
                .route("/", ProxyFixture.target("web"))
                .certificate(good)
                .make());
        Domain.Certificate bad = new Domain.Certificate(certificate("b.org").chainPem(), good.keyPem());
        assertThatThrownBy(() -> apply(ProxyFixture.domain("a.org")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(bad)
                        .make()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot use the certificate of a.org");
        assertThat(tls("a.org", "/")).contains("CN=a.org").endsWith("200");
        fixture.proxy.ensureRunning();
        assertThat(fixture.status("a.org", "/")).isEqualTo("200");
    }

    /** An upgrade and raw bytes after it, through nginx and HAProxy, and past a reload. */
    @Test
    void websocketsPassAndCountAsSessions() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> upgrade(server));
            Server socket = ProxyFixture.ready(ProxyFixture.id("web", 1, 1), server.getLocalPort());
            Domain site = ProxyFixture.domain("ws.org")
                    .route("/", ProxyFixture.target("web"))
                    .make();
            fixture.proxy.apply(fixture.part(List.of(web(false, List.of(), socket)), site));
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), fixture.http)) {
                client.setSoTimeout(5000);
                client.getOutputStream()
                        .write(String.join(
                                        "\r\n",
                                        "GET /chat HTTP/1.1",
                                        "Host: ws.org",
                                        "Upgrade: websocket",
                                        "Connection: Upgrade",
                                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                                        "Sec-WebSocket-Version: 13",
                                        "",
                                        "")
                                .getBytes(StandardCharsets.US_ASCII));
                InputStream in = client.getInputStream();
                assertThat(until(in, "\r\n\r\n")).contains("101 Switching Protocols");
                client.getOutputStream().write("ping\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(until(in, "\n")).isEqualTo("PING\n");
                assertThat(sessions()).isEqualTo(1);
                assertThat(fixture.proxy.apply(
                                new RouteSet("other", List.of(ProxyFixture.http("x", ProxyFixture.free())), List.of())))
                        .isTrue();
                assertThat(sessions())
                        .as("held by the worker of before the reload")
                        .isEqualTo(1);
                fixture.proxy.apply(fixture.part(
                        List.of(web(false, List.of(), ProxyFixture.with(socket, State.DRAIN, 100))), site));
                assertThat(sessions()).isEqualTo(1);
                client.getOutputStream().write("still\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(until(in, "\n")).isEqualTo("STILL\n");
            }
            long end = System.nanoTime() + 5_000_000_000L;
            while (sessions() > 0 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            assertThat(sessions()).isZero();
        }
    }

    private long sessions() {
        return fixture.view(ProxyFixture.id("web", 1, 1)).sessions();
    }

    private static void upgrade(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofPlatform().daemon().start(() -> {
                    try (socket) {
                        InputStream in = socket.getInputStream();
                        if (!until(in, "\r\n\r\n").contains("websocket")) {
                            return;
                        }
                        socket.getOutputStream()
                                .write(String.join(
                                                "\r\n",
                                                "HTTP/1.1 101 Switching Protocols",
                                                "Upgrade: websocket",
                                                "Connection: Upgrade",
                                                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                                                "",
                                                "")
                                        .getBytes(StandardCharsets.US_ASCII));
                        while (true) {
                            String said = until(in, "\n");
                            socket.getOutputStream()
                                    .write(said.toUpperCase(java.util.Locale.ROOT)
                                            .getBytes(StandardCharsets.US_ASCII));
                        }
                    } catch (IOException gone) {
                        // The client has left.
                    }
                });
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("closed after `" + text + "`");
            }
            text.append((char) c);
        }
        return text.toString();
    }

    @Test
    void tcpDomainsAndWanMapsAreListenersOfTheirOwn() throws IOException {
        int tcp = ProxyFixture.free();
        int wan = ProxyFixture.free();
        boolean reloaded = fixture.proxy.apply(fixture.part(
                List.of(web(false, List.of("127.0.0.1:" + wan), first())),
                ProxyFixture.domain("raw.org").tcp(tcp, "web").make()));
        assertThat(reloaded).isTrue();
        assertThat(fixture.curl("http://127.0.0.1:" + tcp + "/tcp")).startsWith("one GET /tcp ");
        assertThat(fixture.curl("-H", "X-Forwarded-For: 6.6.6.6", "http://127.0.0.1:" + wan + "/headers"))
                .contains("x-forwarded-for: 127.0.0.1\n")
                .contains("x-forwarded-proto: http\n");
    }

    @Test
    void aCookieKeepsAClientAlsoAtServersThatCameLaterAndLetsGoOnDrain() {
        Domain site = ProxyFixture.domain("s.org")
                .route("/", ProxyFixture.target("web"))
                .sticky()
                .make();
        fixture.proxy.apply(fixture.part(List.of(web(true, List.of(), first())), site));
        assertThat(fixture.proxy.apply(fixture.part(List.of(web(true, List.of(), first(), second())), site)))
                .isFalse();
        String jar = folder.resolve("jar").toString();
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < 20 && !seen.contains("two"); i++) {
            Commands.run(List.of("rm", "-f", jar), Duration.ofSeconds(5));
            seen.add(fixture.get("s.org", "/", "-c", jar).substring(0, 3));
        }
        assertThat(seen).contains("two");
        for (int i = 0; i < 6; i++) {
            assertThat(fixture.get("s.org", "/", "-b", jar)).startsWith("two ");
        }
        fixture.proxy.apply(fixture.part(
                List.of(web(true, List.of(), first(), ProxyFixture.with(second(), State.DRAIN, 100))), site));
        for (int i = 0; i < 6; i++) {
            assertThat(fixture.get("s.org", "/", "-b", jar)).startsWith("one ");
        }
    }

    @Test
    void aBrokenTemplateOfTheUserLeavesTheLastGoodOne() throws IOException {
        Path own = Files.createDirectories(folder.resolve("own"));
        try (ProxyFixture other = new ProxyFixture(folder.resolve("second"), Optional.of(own))) {
            other.proxy.ensureRunning();
            Backend backend = new Backend(
                    "web", "", true, List.of("127.0.0.1"), mesh, List.of(), false, Optional.empty(), List.of(first()));
            Domain site = ProxyFixture.domain("t.org")
                    .route("/", ProxyFixture.target("web"))
                    .make();
            other.proxy.apply(other.part(List.of(backend), site));
            Files.writeString(own.resolve("haproxy.cfg.mustache"), "frontend {{unknown}}\n");
            Domain more = ProxyFixture.domain("u.org")
                    .route("/", ProxyFixture.target("web"))
                    .make();
            assertThatThrownBy(() -> other.proxy.apply(other.part(List.of(backend), site, more)))
                    .hasMessageContaining("haproxy.cfg.mustache")
                    .hasMessageContaining("unknown");
            Files.writeString(own.resolve("haproxy.cfg.mustache"), "frontend domains\n");
            assertThatThrownBy(() -> other.proxy.apply(other.part(List.of(backend), site, more)))
                    .hasMessageContaining("haproxy.cfg.mustache does not contain");
            Files.writeString(own.resolve("haproxy.cfg.mustache"), "nonsense\n# {{names}} {{routes}} {{retired}}\n");
            assertThatThrownBy(() -> other.proxy.apply(other.part(List.of(backend), site, more)))
                    .hasMessageContaining("HAProxy rejected");
            assertThat(other.status("t.org", "/")).isEqualTo("200");
            Files.delete(own.resolve("haproxy.cfg.mustache"));
            other.proxy.apply(other.part(List.of(backend), site, more));
            assertThat(other.status("u.org", "/")).isEqualTo("200");
        }
    }

    @Test
    void twoAtOnceAreSerialised() throws Exception {
        LocalProxy second = LocalProxy.open(fixture.settings);
        int[] ports = {ProxyFixture.free(), ProxyFixture.free()};
        Thread[] threads = new Thread[2];
        for (int t = 0; t < 2; t++) {
            int self = t;
            threads[t] = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 5; i++) {
                    String name = "d" + self;
                    Domain.Target target = new Domain.Target(name, "web", "", 100);
                    LocalProxy proxy = self == 0 ? fixture.proxy : second;
                    proxy.apply(new RouteSet(
                            name,
                            List.of(ProxyFixture.http("web", ports[self], first())),
                            List.of(ProxyFixture.domain("n" + i + "." + name + ".org")
                                    .route("/", target)
                                    .make())));
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(fixture.status("n4.d0.org", "/")).isEqualTo("200");
        assertThat(fixture.status("n4.d1.org", "/")).isEqualTo("200");
        assertThat(fixture.status("n3.d1.org", "/")).isEqualTo("404");
    }

    @Test
    void anAddressThatThisMachineLacksIsLeftOutUntilItIsThere() {
        Backend backend = new Backend(
                "web",
                "",
                true,
                List.of("10.99.0.1", "127.0.0.1"),
                mesh,
                List.of(),
                false,
                Optional.empty(),
                List.of(first()));
        fixture.proxy.apply(fixture.part(List.of(backend)));
        assertThat(fixture.curl("http://127.0.0.1:" + mesh + "/")).startsWith("one ");
        fixture.proxy.ensureRunning();
        Commands.run(List.of("ip", "addr", "add", "10.99.0.1/32", "dev", "lo"), Duration.ofSeconds(5));
        fixture.proxy.ensureRunning();
        assertThat(fixture.curl("http://10.99.0.1:" + mesh + "/")).startsWith("one ");
        Commands.run(List.of("ip", "addr", "del", "10.99.0.1/32", "dev", "lo"), Duration.ofSeconds(5));
    }
}
