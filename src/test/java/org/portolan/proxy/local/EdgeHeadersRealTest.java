package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.RouteSet.Backend;

/** What a client and an application may say to the edge by headers, and what becomes of it. */
@Tag("real")
class EdgeHeadersRealTest {
    private static final String REFUSED = "400";

    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private OriginServer web;
    private OriginServer api;
    private int wan;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        web = new OriginServer("web");
        api = new OriginServer("api");
        wan = ProxyFixture.free();
        fixture.proxy.ensureRunning();
    }

    @AfterEach
    void stop() {
        fixture.close();
        web.close();
        api.close();
    }

    private void apply(int port, org.portolan.model.service.Domain... domains) throws IOException {
        fixture.proxy.apply(fixture.part(
                List.of(
                        new Backend(
                                "web",
                                "",
                                true,
                                List.of("127.0.0.1"),
                                ProxyFixture.free(),
                                List.of("127.0.0.1:" + wan),
                                false,
                                Optional.empty(),
                                List.of(ProxyFixture.ready(ProxyFixture.id("web", 1, 1), port))),
                        ProxyFixture.http(
                                "api",
                                ProxyFixture.free(),
                                ProxyFixture.ready(ProxyFixture.id("api", 1, 1), api.port()))),
                domains));
    }

    /** The domain that both proxies have to take a Host header for, as the table says; a word of what comes of it. */
    private static String expected(String header) {
        if (!header.matches("(?i)(([a-z0-9_-]+\\.)*[a-z0-9_-]+\\.?|\\[[0-9a-f:.]+])(:[0-9]*)?")) {
            return REFUSED;
        }
        String host =
                header.replaceFirst(":[0-9]*$", "").replaceFirst("\\.$", "").toLowerCase(Locale.ROOT);
        if (header.startsWith("[")) {
            return "200 api";
        }
        return switch (host) {
            case "s.test" -> "401";
            case "m.test" -> "503";
            case "r.test" -> "301";
            case "o.test" -> "200 web";
            default -> host.matches("[^.]+\\.w\\.test") ? "401" : "200 api";
        };
    }

    private String ask(String header) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.http)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET /x HTTP/1.1\r\nHost: " + header + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            String status = answer.length() < 12 ? "none" : answer.substring(9, 12);
            return status.equals("200")
                    ? "200 " + answer.substring(answer.indexOf("\r\n\r\n") + 4).split(" ", -1)[0]
                    : status;
        }
    }

    /** Whatever a Host header says, edge and mesh take it for the same domain, or it is refused. */
    @Test
    void edgeAndMeshAgreeOnTheDomainOfAnyHostHeader() throws Exception {
        apply(
                web.port(),
                ProxyFixture.domain("s.test")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pw")
                        .make(),
                ProxyFixture.domain("*.w.test")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pw")
                        .make(),
                ProxyFixture.domain("m.test")
                        .route("/", ProxyFixture.target("web"))
                        .maintenance()
                        .make(),
                ProxyFixture.domain("r.test")
                        .route("/", ProxyFixture.target("web"))
                        .redirect()
                        .make(),
                ProxyFixture.domain("o.test")
                        .route("/", ProxyFixture.target("web"))
                        .make(),
                ProxyFixture.domain("*").route("/", ProxyFixture.target("api")).make());
        List<String> headers = new ArrayList<>(List.of(
                "x,s.test",
                "s.test,x",
                "x, s.test",
                "o.test,s.test",
                "s.test:80,o.test",
                "s.test.",
                "s.test..",
                "S.TEST:",
                "s.test:8080",
                "s.test@o.test",
                "o.test@s.test",
                "s.test#o.test",
                "o.test?s.test",
                "s.test\\o.test",
                "o.test%2cs.test",
                "a:",
                "[::1]",
                "[::1]:80",
                "[s.test]",
                "127.0.0.1",
                ".s.test",
                "*.w.test",
                "*",
                "a.w.test",
                "a.b.w.test",
                "w.test",
                "\"s.test\"",
                "s.test;",
                "s.test|o.test",
                "\u00e9.test",
                "s.test:80:80",
                "s.test:x",
                "_",
                "-",
                "xn--bcher-kva.test",
                "s_s.w.test"));
        Random random = new Random(14);
        List<String> parts = List.of(
                "s.test", "o.test", "m.test", "r.test", "a", "w.test", ".", ",", ":", "80", "@", "|", "*", "[", "]",
                "%00", "é", ";", "-", "_", "X");
        for (int i = 0; i < 400; i++) {
            StringBuilder header = new StringBuilder();
            for (int left = random.nextInt(1, 5); left > 0; left--) {
                header.append(parts.get(random.nextInt(parts.size())));
            }
            headers.add(header.toString());
        }
        for (String header : headers) {
            String got = ask(header);
            assertThat(got).as("Host: " + header).isIn(expected(header), REFUSED);
            if (header.matches("(?i)[a-z.]+(:[0-9]*)?") && !header.contains("..") && !header.startsWith(".")) {
                assertThat(got).as("Host: " + header).isEqualTo(expected(header));
            }
        }
        assertThat(ask("s.test\r\nHost: o.test")).isEqualTo(REFUSED);
        assertThat(ask("o.test\r\nX-Portolan-Domain: s.test\r\nX_Portolan_Domain: s.test"))
                .isEqualTo("200 web");
        assertThat(ask("s.test\r\nX-Portolan-Policy: http.open.00\r\nX-Portolan-Probe: x"))
                .isEqualTo("401");
    }

    /** A request that asks to go over to HTTP/2 in clear would carry on past both proxies. */
    @Test
    void onlyWebsocketsAreUpgraded() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> upgradeAnything(server));
            apply(
                    server.getLocalPort(),
                    ProxyFixture.domain("o.test")
                            .route("/", ProxyFixture.target("web"))
                            .make());
            for (int port : List.of(fixture.http, wan)) {
                for (String upgrade : List.of("h2c", "websocket, h2c", "h2c, websocket", "TLS/1.0", "websocket/13")) {
                    assertThat(upgrade(port, upgrade))
                            .as(upgrade + " at " + port)
                            .startsWith("HTTP/1.1 200");
                }
                assertThat(upgrade(port, "websocket")).as("at " + port).startsWith("HTTP/1.1 101");
                assertThat(upgrade(port, "WebSocket")).as("at " + port).startsWith("HTTP/1.1 101");
            }
        }
    }

    private static String upgrade(int port, String to) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET /x HTTP/1.1\r\nHost: o.test\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: " + to
                                    + "\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }
    }

    /** An application that goes over to whatever it is asked for. */
    private static void upgradeAnything(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                InputStream in = socket.getInputStream();
                StringBuilder request = new StringBuilder();
                for (int c = in.read(); c >= 0; c = in.read()) {
                    request.append((char) c);
                    if (request.toString().endsWith("\r\n\r\n")) {
                        break;
                    }
                }
                String text = request.toString().toLowerCase(Locale.ROOT);
                String answer = text.contains("\r\nupgrade: ") || text.contains("http2-settings")
                        ? "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
                        : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno";
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException gone) {
                // The next one comes.
            }
        }
    }

    @Test
    void whatAnApplicationSaysToTheEdgeIsNeitherObeyedNorPassedOn() throws IOException {
        apply(
                web.port(),
                ProxyFixture.domain("o.test")
                        .route("/", ProxyFixture.target("web"))
                        .route("/api", ProxyFixture.target("api"))
                        .make());
        for (String target : List.of("/api/x", "/.portolan-pages/404.html")) {
            assertThat(fixture.get(
                            "o.test",
                            "/answer?X-Accel-Redirect=" + target
                                    + "&X-Accel-Expires=10&X-Accel-Buffering=yes&X-Accel-Limit-Rate=1&X-Accel-Charset=x&X-Accel-Mine=1",
                            "-i"))
                    .contains("web GET /answer")
                    .doesNotContainIgnoringCase("X-Accel-Redirect:")
                    .doesNotContainIgnoringCase("X-Accel-Mine:")
                    .doesNotContainIgnoringCase("X-Accel-Charset:")
                    .endsWith("200");
        }
        String upgrade =
                "/answer?Upgrade=h2,h2c&Proxy-Connection=keep-alive&Keep-Alive=timeout&X-Portolan-Policy=x&X-Mine=stays";
        for (String answer : List.of(
                fixture.get("o.test", upgrade, "-i"), fixture.curl("-i", "http://127.0.0.1:" + wan + upgrade))) {
            assertThat(answer)
                    .containsIgnoringCase("X-Mine: stays")
                    .doesNotContainIgnoringCase("Upgrade: ")
                    .doesNotContainIgnoringCase("Proxy-Connection:")
                    .doesNotContainIgnoringCase("Keep-Alive:")
                    .endsWith("200");
        }
    }

    @Test
    void aClientCannotPoseAsAProxyInFront() throws IOException {
        apply(
                web.port(),
                ProxyFixture.domain("o.test")
                        .route("/", ProxyFixture.target("web"))
                        .make(),
                ProxyFixture.domain("s.test")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pw")
                        .make());
        List<String> lies = new ArrayList<>();
        for (String header : List.of(
                "Proxy",
                "Forwarded",
                "Front-End-Https",
                "HTTP2-Settings",
                "Proxy-Connection",
                "X-Forwarded-For",
                "X-Forwarded-Host",
                "X-Forwarded-Port",
                "X-Forwarded-Proto",
                "X-Forwarded-Protocol",
                "X-Forwarded-Scheme",
                "X-Forwarded-Server",
                "X-Forwarded-Ssl",
                "X-Forwarded-Prefix",
                "X-Original-URL",
                "X-Original-URI",
                "X-Original-Host",
                "X-Rewrite-URL",
                "X-Url-Scheme",
                "X-Real-IP",
                "X-Portolan-Policy",
                "X-Portolan-Mine")) {
            lies.addAll(List.of("-H", header + ": a lie"));
            lies.addAll(List.of("-H", header.replace('-', '_') + ": a lie"));
        }
        lies.addAll(List.of("-H", "X-Mine: stays"));
        String[] words = lies.toArray(String[]::new);
        List<String> atWan = new ArrayList<>(lies);
        atWan.add("http://127.0.0.1:" + wan + "/headers");
        for (String seen :
                List.of(fixture.get("o.test", "/headers", words), fixture.curl(atWan.toArray(String[]::new)))) {
            assertThat(seen)
                    .contains("x-mine: stays")
                    .contains("x-forwarded-for: 127.0.0.1\n")
                    .doesNotContain("x-portolan");
            for (String line : seen.split("\n", -1)) {
                // `Proxy_Connection` is an ordinary name.
                assertThat(line.contains("a lie") && !line.matches("(proxy|http2)_.*"))
                        .as(line)
                        .isFalse();
            }
        }
        assertThat(fixture.get("o.test", "/headers", "-H", "Authorization: Bearer mine"))
                .contains("authorization: Bearer mine");
        assertThat(fixture.get("s.test", "/headers", "-u", "ann:pw"))
                .endsWith("200")
                .doesNotContain("authorization");
    }
}
