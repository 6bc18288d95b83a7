package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.json.JsonTree;
import org.portolan.json.StrictJson;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.service.Domain;
import org.portolan.proxy.nginx.AccessLogFiles;
import org.portolan.routing.ProxySettings;
import org.portolan.testing.SmallDisk;

/** What nginx and HAProxy write down of requests, and that it is one whole line for each. */
@Tag("real")
class AccessLogRealTest {
    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private OriginServer web;
    private OriginServer api;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        web = new OriginServer("web");
        api = new OriginServer("api");
        fixture.proxy.ensureRunning();
    }

    @AfterEach
    void stop() {
        fixture.close();
        web.close();
        api.close();
    }

    private void apply(Domain... domains) throws IOException {
        apply(List.of(ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port())), domains);
    }

    private void apply(List<Server> servers, Domain... domains) throws IOException {
        fixture.proxy.apply(fixture.part(
                List.of(
                        ProxyFixture.http("web", ProxyFixture.free(), servers.toArray(Server[]::new)),
                        ProxyFixture.http(
                                "api",
                                ProxyFixture.free(),
                                ProxyFixture.ready(ProxyFixture.id("api", 3, 2), api.port())),
                        ProxyFixture.http("empty", ProxyFixture.free())),
                domains));
    }

    private static ProxyFixture.Named domain(String host) {
        return ProxyFixture.domain(host).route("/", ProxyFixture.target("web"));
    }

    private AccessLogFiles files() {
        ProxyLayout layout = new ProxyLayout(fixture.settings);
        return new AccessLogFiles(
                layout.sites(), layout.run(), layout.worker(), new ProxySettings.AccessLog(1, 8, Duration.ofDays(30)));
    }

    /** All lines, as they are in the files. A request's line comes a moment after its answer. */
    private List<StrictJson> lines(int expected) throws Exception {
        List<StrictJson> lines = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < end && (lines.isEmpty() || lines.size() < expected)) {
            Thread.sleep(50);
            lines.clear();
            for (Path file : files().all()) {
                for (String line : Files.readString(file).split("\n", -1)) {
                    if (!line.isEmpty()) {
                        lines.add(StrictJson.of(JsonTree.read(line.getBytes(StandardCharsets.UTF_8))));
                    }
                }
            }
        }
        return lines;
    }

    private StrictJson last(int expected) throws Exception {
        List<StrictJson> lines = lines(expected);
        assertThat(lines).hasSize(expected);
        return lines.getLast();
    }

    private String raw(String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.http)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void aRequestIsALine() throws Exception {
        Instant before = Instant.now().minusSeconds(2);
        apply(
                domain("logged.test").alias("www.logged.test").log().make(),
                domain("quiet.test").make());
        assertThat(fixture.status("quiet.test", "/")).isEqualTo("200");
        assertThat(fixture.get("logged.test", "/answer/a?secret=1", "-A", "curl/1 \"x\"", "-i"))
                .doesNotContainIgnoringCase("x-portolan-served");
        StrictJson line = last(1);
        assertThat(line.text("domain")).isEqualTo("logged.test");
        assertThat(line.text("host")).isEqualTo("logged.test");
        assertThat(line.text("service")).isEqualTo("shop:web");
        assertThat(line.text("instance")).isEqualTo("shop-web-1-1");
        assertThat(line.text("client")).isEqualTo("127.0.0.1");
        assertThat(line.text("scheme")).isEqualTo("http");
        assertThat(line.text("protocol")).isEqualTo("HTTP/1.1");
        assertThat(line.text("method")).isEqualTo("GET");
        assertThat(line.text("path")).isEqualTo("/answer/a");
        assertThat(line.find("query")).isEmpty();
        assertThat(line.number("status")).isEqualTo(200);
        assertThat(line.number("bytes")).isEqualTo("web GET /answer/a?secret=1 bytes=0\n".length());
        assertThat(line.number("request_bytes")).isGreaterThan(50);
        assertThat(line.text("user_agent")).isEqualTo("curl/1 \"x\"");
        assertThat(Instant.parse(java.time.OffsetDateTime.parse(line.text("time"))
                        .toInstant()
                        .toString()))
                .isBetween(before, Instant.now().plusSeconds(1));
        assertThat(line.text("time")).matches(".*T..:..:..\\.[0-9]{3}[+-].*");
        assertThat(line.number("total_ms")).isBetween(0, 5000);
        assertThat(line.number("connect_ms")).isBetween(0, 5000);
        assertThat(line.number("first_byte_ms")).isBetween(0, 5000);
        assertThat(line.number("queue_ms")).isZero();

        assertThat(fixture.status("www.logged.test", "/slow/300", "-d", "x")).isEqualTo("200");
        line = last(2);
        assertThat(line.text("domain")).isEqualTo("www.logged.test");
        assertThat(line.text("method")).isEqualTo("POST");
        assertThat(line.number("first_byte_ms")).isBetween(290, 5000);
        assertThat(line.number("total_ms")).isBetween(290, 5000);
        assertThat(Files.getPosixFilePermissions(files().file())).hasSize(2);

        // What a client says of itself does not count, and no client sees who was asked.
        fixture.get("logged.test", "/", "-H", "X-Portolan-Served: i=forged-1-1");
        assertThat(last(3).text("instance")).isEqualTo("shop-web-1-1");
        assertThat(fixture.get("quiet.test", "/answer?X-Portolan-Served=i%3Dforged", "-i", "-H", "X-Portolan-Log: 1"))
                .doesNotContainIgnoringCase("x-portolan-served:");
        fixture.get("logged.test", "/answer?X-Portolan-Served=i%3Dforged");
        assertThat(last(4).text("instance")).isEqualTo("shop-web-1-1");
    }

    /** What the proxies answer themselves is written down like the rest. */
    @Test
    void whatNoInstanceAnsweredIsALineToo() throws Exception {
        Domain.Certificate certificate = ProxyFixture.certificate(folder, "tls.test");
        apply(
                domain("tls.test")
                        .certificate(certificate)
                        .redirect()
                        .logQuery()
                        .make(),
                domain("basic.test").auth("ann", "secret word").log().make(),
                domain("digest.test").digest("ann", "secret word").log().make(),
                domain("closed.test").maintenance().log().make(),
                ProxyFixture.domain("paths.test")
                        .route("/api", ProxyFixture.target("api"))
                        .route("/mix", ProxyFixture.target("web", 0), ProxyFixture.target("api", 100))
                        .route("/empty", ProxyFixture.target("empty"))
                        .log()
                        .make());
        int n = 0;
        assertThat(fixture.status("tls.test", "/a?b=c", "-X", "POST")).isEqualTo("308");
        StrictJson line = last(++n);
        assertThat(line.number("status")).isEqualTo(308);
        assertThat(line.text("method")).isEqualTo("POST");
        assertThat(line.text("query")).isEqualTo("b=c");
        assertThat(line.text("instance")).isEmpty();
        assertThat(line.at("first_byte_ms").value()).isNull();
        assertThat(fixture.curl(
                        "-k",
                        "--http2",
                        "--resolve",
                        "tls.test:" + fixture.https + ":127.0.0.1",
                        "https://tls.test:" + fixture.https + "/x?y=%20z&q=%22"))
                .endsWith("200");
        line = last(++n);
        assertThat(line.text("protocol")).isEqualTo("HTTP/2.0");
        assertThat(line.text("scheme")).isEqualTo("https");
        assertThat(line.text("path")).isEqualTo("/x");
        assertThat(line.text("query")).isEqualTo("y=%20z&q=%22");
        assertThat(line.text("instance")).isEqualTo("shop-web-1-1");
        for (String host : List.of("basic.test", "digest.test")) {
            assertThat(fixture.status(host, "/p", "-u", "mallory:wrong", "-X", "PUT"))
                    .isEqualTo("401");
            line = last(++n);
            assertThat(line.number("status")).isEqualTo(401);
            assertThat(line.text("method")).isEqualTo("PUT");
            assertThat(line.text("path")).isEqualTo("/p");
            assertThat(line.text("instance")).isEmpty();
            assertThat(line.toString()).doesNotContain("mallory");
        }
        assertThat(fixture.status("digest.test", "/p", "--digest", "-u", "ann:secret word"))
                .isEqualTo("200");
        n += 2;
        assertThat(last(n).text("instance")).isEqualTo("shop-web-1-1");
        assertThat(fixture.status("closed.test", "/m", "-X", "DELETE")).isEqualTo("503");
        line = last(++n);
        assertThat(line.text("method")).isEqualTo("DELETE");
        assertThat(line.text("path")).isEqualTo("/m");
        assertThat(fixture.status("paths.test", "/none")).isEqualTo("404");
        line = last(++n);
        assertThat(line.number("status")).isEqualTo(404);
        assertThat(line.text("service")).isEmpty();
        assertThat(fixture.status("paths.test", "/api/x")).isEqualTo("200");
        line = last(++n);
        assertThat(line.text("service")).isEqualTo("shop:api");
        assertThat(line.text("instance")).isEqualTo("shop-api-3-2");
        assertThat(fixture.status("paths.test", "/mix/x")).isEqualTo("200");
        line = last(++n);
        assertThat(line.text("service")).isEqualTo("shop:api");
        assertThat(line.text("instance")).isEqualTo("shop-api-3-2");
        assertThat(fixture.status("paths.test", "/empty")).isEqualTo("503");
        line = last(++n);
        assertThat(line.number("status")).isEqualTo(503);
        assertThat(line.text("service")).isEqualTo("shop:empty");
        assertThat(line.text("instance")).isEmpty();
        assertThat(line.at("connect_ms").value()).isNull();
        web.close();
        assertThat(fixture.status("basic.test", "/", "-u", "ann:secret word")).isEqualTo("503");
        line = last(++n);
        assertThat(line.text("service")).isEqualTo("shop:web");
        assertThat(line.at("first_byte_ms").value()).isNull();
        assertThat(Files.readString(files().file())).doesNotContain("secret", "ann", "mallory");
    }

    /** Whatever bytes come, each line is one JSON object, and one request. */
    @Test
    void theLogOfRefusalsHasAQueryOnlyWhereTheAccessLogHasIt() throws Exception {
        apply(
                ProxyFixture.domain("plain.test")
                        .route("/api", ProxyFixture.target("api"))
                        .log()
                        .make(),
                ProxyFixture.domain("query.test")
                        .route("/api", ProxyFixture.target("api"))
                        .logQuery()
                        .make());
        assertThat(fixture.status("plain.test", "/none?p=1", "-X", "TRACE")).isEqualTo("405");
        assertThat(fixture.status("query.test", "/none?q=1", "-X", "TRACE")).isEqualTo("405");
        Path log = new ProxyLayout(fixture.settings).run().resolve("nginx-refused.log");
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (Files.readAllLines(log).size() < 2 && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(Files.readString(log)).contains("\"TRACE /none HTTP/1.1\"", "\"TRACE /none?q=1 HTTP/1.1\"");
    }

    @Test
    void hostileBytesStayInTheirLine() throws Exception {
        apply(domain("*").logQuery().make());
        int n = 0;
        raw(
                "GET /\"},{\"a\\b?\"q\" HTTP/1.1\r\nHost: a.test\r\nUser-Agent: \u0001\u007f\"\\\tx\r\nConnection: close\r\n\r\n");
        StrictJson line = last(++n);
        assertThat(line.text("path")).isEqualTo("/\"},{\"a\\b");
        assertThat(line.text("query")).isEqualTo("\"q\"");
        assertThat(line.text("user_agent")).isEqualTo("\u0001\u007f\"\\\tx");
        // No UTF-8, and what is nearly some: each is cut where it stops being text.
        for (String bytes : List.of(
                "\u00ff", "\u00c3", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u0080x")) {
            raw("GET /ok" + bytes + "x HTTP/1.1\r\nHost: a.test\r\nUser-Agent: u" + bytes
                    + "\r\nConnection: close\r\n\r\n");
            line = last(++n);
            assertThat(line.text("path")).isEqualTo("/ok…");
            assertThat(line.text("user_agent")).isEqualTo("u…");
        }
        // Real characters of one to four bytes stay.
        String real = new String("é€𝄞z".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        raw("GET /" + real + " HTTP/1.1\r\nHost: a.test\r\nUser-Agent: " + real + "\r\nConnection: close\r\n\r\n");
        line = last(++n);
        assertThat(line.text("path")).isEqualTo("/é€𝄞z");
        assertThat(line.text("user_agent")).isEqualTo("é€𝄞z");
        raw("GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: a.test\r\nUser-Agent: " + "b".repeat(9000)
                + "\r\nConnection: close\r\n\r\n");
        line = last(++n);
        assertThat(line.text("path")).isEqualTo("/" + "a".repeat(2047) + "…");
        assertThat(line.text("user_agent")).isEqualTo("b".repeat(512) + "…");
        raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
        raw("GET / HTTP/1.1\r\nHost: a\"b.test\r\nConnection: close\r\n\r\n");
        raw("\u0016\u0003\u0001 nonsense\r\n\r\n");
        // What has no host that could be one is of no domain, or of the one that takes all.
        for (StrictJson each : lines(n)) {
            assertThat(each.text("host")).matches("[a-z0-9.\\[\\]:_-]*");
        }
    }

    /** Instances come and go, and the file is put aside again and again: each request has one line. */
    @Test
    void noLineIsLostOrDoubledUnderTraffic() throws Exception {
        Domain domain = domain("logged.test").log().make();
        apply(domain);
        long sent;
        Set<String> instances = new HashSet<>();
        AccessLogFiles files = files();
        List<StrictJson> all = new ArrayList<>();
        try (SteadyClient client = new SteadyClient(fixture.http, "logged.test", 3, 3);
                OriginServer next = new OriginServer("next")) {
            Thread.sleep(300);
            for (int i = 2; i < 6; i++) {
                apply(
                        List.of(
                                ProxyFixture.ready(ProxyFixture.id("web", i, 1), next.port()),
                                ProxyFixture.ready(ProxyFixture.id("web", i, 2), web.port())),
                        domain);
                Thread.sleep(600);
                files.keep(true, Instant.now());
            }
            client.close();
            sent = client.requests.get();
            assertThat(client.reasons).isEmpty();
            all.addAll(lines(Math.toIntExact(sent)));
            all.forEach(line -> instances.add(line.text("instance")));
        }
        assertThat(all).hasSize(Math.toIntExact(sent));
        assertThat(sent).isGreaterThan(500);
        assertThat(all).allSatisfy(line -> assertThat(line.number("status")).isEqualTo(200));
        assertThat(instances)
                .contains("shop-web-1-1", "shop-web-2-1", "shop-web-3-2", "shop-web-5-1")
                .allMatch(name -> name.matches("shop-web-[1-5]-[12]"));
        assertThat(files.all()).hasSizeBetween(3, 5);
    }

    @Test
    void aSocketOfTheWebIsOneLineAtItsEnd() throws Exception {
        try (RawApp app = new RawApp((self, socket, head, body) -> {
            socket.getOutputStream()
                    .write(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nhi")
                            .getBytes(StandardCharsets.ISO_8859_1));
            body.transferTo(OutputStream.nullOutputStream());
        })) {
            apply(
                    List.of(ProxyFixture.ready(ProxyFixture.id("web", 1, 1), app.port())),
                    domain("ws.test").log().make());
            String request = "GET /chat HTTP/1.1\r\nHost: ws.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.http)) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                StringBuilder answer = new StringBuilder();
                while (!answer.toString().endsWith("hi")) {
                    answer.append((char) socket.getInputStream().read());
                }
                assertThat(answer.toString())
                        .startsWith("HTTP/1.1 101")
                        .doesNotContainIgnoringCase("x-portolan-served");
                assertThat(Files.size(files().file())).isZero();
                // Names come and go meanwhile, and with them the folder that this request was looked up in.
                for (int i = 0; i < 5; i++) {
                    apply(
                            List.of(ProxyFixture.ready(ProxyFixture.id("web", 1, 1), app.port())),
                            domain("ws.test").log().make(),
                            domain("other" + i + ".test").make());
                }
            }
            StrictJson line = last(1);
            assertThat(line.number("status")).isEqualTo(101);
            assertThat(line.text("instance")).isEqualTo("shop-web-1-1");
        }
    }

    /** A file that somebody deleted, and an nginx that was started again. */
    @Test
    void theLogComesBack() throws Exception {
        apply(domain("logged.test").log().make());
        fixture.status("logged.test", "/one");
        assertThat(last(1).text("path")).isEqualTo("/one");
        Files.delete(files().file());
        assertThat(fixture.proxy.defects()).anyMatch(defect -> defect.found().contains("access log"));
        fixture.proxy.keepLogs();
        assertThat(fixture.proxy.defects()).isEmpty();
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (Files.size(files().file()) == 0 && System.nanoTime() < end) {
            assertThat(fixture.status("logged.test", "/two")).isEqualTo("200");
            Thread.sleep(100);
        }
        int lines = lines(1).size();
        fixture.proxy.stop();
        fixture.proxy.ensureRunning();
        fixture.status("logged.test", "/three");
        assertThat(last(lines + 1).text("path")).isEqualTo("/three");
        // Without a domain that has one, nothing more is written, and what was is kept for a month.
        apply(domain("logged.test").make());
        assertThat(fixture.status("logged.test", "/four")).isEqualTo("200");
        assertThat(lines(lines + 1)).hasSize(lines + 1);
        assertThat(fixture.proxy.accessLog()).isEmpty();
        files().keep(false, Instant.now().plus(Duration.ofDays(29)));
        assertThat(files().all()).isNotEmpty();
        files().keep(false, Instant.now().plus(Duration.ofDays(31)));
        assertThat(files().all()).isEmpty();
    }

    /** A log without room stops nobody. */
    @Test
    void aFullDiskStopsNoTraffic() throws Exception {
        apply(domain("logged.test").log().make());
        Path place = files().file().resolveSibling("");
        Files.move(place, place.resolveSibling("log-before"));
        try (SmallDisk disk = new SmallDisk(place, "64k")) {
            fixture.proxy.keepLogs();
            Thread.sleep(1200);
            assertThat(fixture.status("logged.test", "/before")).isEqualTo("200");
            assertThat(lines(1)).hasSize(1);
            Path filler = disk.fill();
            for (int i = 0; i < 300; i++) {
                assertThat(fixture.status("logged.test", "/" + "x".repeat(1000)))
                        .isEqualTo("200");
            }
            assertThat(Files.size(files().file())).isLessThan(64 * 1024);
            Files.delete(filler);
            Thread.sleep(1200);
            assertThat(fixture.status("logged.test", "/after")).isEqualTo("200");
            Thread.sleep(100);
            // A half line may be in between; the reader passes it over.
            AccessLogPage page = fixture.proxy.accessLog(
                    new AccessLogQuery(Set.of("logged.test"), Optional.empty(), 1000, Optional.empty()));
            assertThat(page.lines()).anyMatch(line -> line.contains("/before"));
            assertThat(Files.readString(files().file())).contains("/after");
        }
    }
}
