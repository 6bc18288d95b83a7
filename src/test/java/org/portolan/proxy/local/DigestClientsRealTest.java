package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.DigestCredential;
import org.portolan.model.service.DigestCredential.Algorithm;
import org.portolan.model.service.Domain;
import org.portolan.process.Commands;
import org.portolan.process.Programs;

/** HTTP Digest as clients see it: browsers, uploads, websockets, floods of others, changes and reloads. */
@Tag("real")
class DigestClientsRealTest {
    private static final String BROWSER = "chromium-headless-shell";
    private static final DigestUser ANN = new DigestUser("ann", DigestCredential.REALM, "one");

    /** Asks for itself forty times at once and shows how many answers were good. */
    private static final String PAGE = """
            <!doctype html><title>page</title><p id="said">nothing</p><script>
            Promise.all(Array.from({length: 40}, (_, i) => fetch(location.origin + "/more?" + i).then(answer => answer.status)))
              .then(all => document.getElementById("said").textContent = all.filter(one => one === 200).length + " good");
            </script>""";

    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private HttpServer server;
    private int mesh;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        mesh = ProxyFixture.free();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            long bytes = exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
            byte[] page = (bytes > 0 ? bytes + " bytes" : PAGE).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        fixture.close();
        server.stop(0);
    }

    private boolean apply(Domain... domains) {
        return fixture.proxy.apply(fixture.part(
                List.of(ProxyFixture.http(
                        "web",
                        mesh,
                        ProxyFixture.ready(
                                ProxyFixture.id("web", 1, 1),
                                server.getAddress().getPort()))),
                domains));
    }

    private static ProxyFixture.Named domain(String host) {
        return ProxyFixture.domain(host).route("/", ProxyFixture.target("web"));
    }

    private static ProxyFixture.Named only(String host, Algorithm algorithm) {
        DigestCredential all = DigestCredential.of("ann", DigestCredential.REALM, "one");
        return domain(host)
                .realm(DigestCredential.REALM)
                .ha1("ann", new DigestCredential(Map.of(algorithm, all.hashes().get(algorithm))));
    }

    @Test
    void aBrowserIsLetInByEachAlgorithm() throws IOException {
        assumeThat(Programs.find(BROWSER))
                .as("needs a browser: apt-get install --no-install-recommends " + BROWSER)
                .isPresent();
        Domain.Certificate one = ProxyFixture.certificate(folder, "a");
        apply(
                only("md5.org", Algorithm.MD5).certificate(one).make(),
                only("sha.org", Algorithm.SHA_256).certificate(one).make(),
                domain("both.org")
                        .digest("ann", "one")
                        .digest("Jöe", "pässwörd €")
                        .certificate(one)
                        .make());
        for (String host : List.of("md5.org", "sha.org", "both.org")) {
            assertThat(browse("http://ann:one@" + host + ":" + fixture.http + "/a?b=c"))
                    .as(host)
                    .contains("40 good");
            assertThat(browse("https://ann:one@" + host + ":" + fixture.https + "/"))
                    .as(host + ", HTTP/2")
                    .contains("40 good");
            assertThat(browse("http://ann:two@" + host + ":" + fixture.http + "/"))
                    .as(host)
                    .doesNotContain("id=\"said\"");
        }
        assertThat(browse("http://J%C3%B6e:p%C3%A4ssw%C3%B6rd%20%E2%82%AC@both.org:" + fixture.http + "/"))
                .contains("40 good");
    }

    private String browse(String address) {
        return Commands.run(
                        List.of(
                                BROWSER,
                                "--no-sandbox",
                                "--disable-gpu",
                                "--ignore-certificate-errors",
                                "--user-data-dir=" + folder.resolve("browser"),
                                "--incognito",
                                "--host-resolver-rules=MAP * 127.0.0.1",
                                "--virtual-time-budget=10000",
                                "--dump-dom",
                                address),
                        Duration.ofSeconds(60))
                .output();
    }

    @Test
    void uploadsAreRefusedOrTakenWhole() throws IOException {
        apply(
                domain("a.org").digest("ann", "one").make(),
                domain("s.org").digest("ann", "one").streamUploads().make());
        Path body = folder.resolve("body");
        Files.write(body, new byte[20_000_000]);
        for (String host : List.of("a.org", "s.org")) {
            for (int i = 0; i < 5; i++) {
                assertThat(upload(host, body, "-H", "X-No: credentials"))
                        .as(host)
                        .endsWith("401");
                assertThat(upload(host, body, "-H", "Expect:")).as(host).endsWith("401");
                assertThat(upload(host, body, "-H", "Expect:", "-H", "Transfer-Encoding: chunked"))
                        .as(host)
                        .endsWith("401");
                assertThat(upload(
                                host, body, "-H", "Expect:", "-H", "Authorization: " + ANN.header("MD5", "/", "x", 1)))
                        .as(host)
                        .endsWith("401");
            }
            assertThat(upload(host, body, "--digest", "-u", "ann:one"))
                    .as(host)
                    .startsWith("20000000 bytes")
                    .endsWith("200");
            assertThat(upload(host, body, "--digest", "-u", "ann:one", "-H", "Expect: 100-continue"))
                    .as(host)
                    .startsWith("20000000 bytes")
                    .endsWith("200");
            assertThat(upload(host, body, "--digest", "-u", "ann:two")).as(host).endsWith("401");
            // gRPC goes to HAProxy by HTTP/2.
            for (String[] words : List.of(new String[] {"-H", "Content-Type: application/grpc"}, new String[] {
                "-H", "Content-Type: application/grpc", "-H", "Authorization: " + ANN.header("MD5", "/", "x", 1)
            })) {
                assertThat(upload(host, body, words)).as(host).endsWith("401");
            }
            assertThat(upload(host, body, "-H", "Content-Type: application/grpc", "--digest", "-u", "ann:one"))
                    .as(host)
                    .startsWith("20000000 bytes")
                    .endsWith("200");
        }
    }

    private String upload(String host, Path body, String... more) {
        List<String> words = new java.util.ArrayList<>(List.of(more));
        words.addAll(List.of("-X", "POST", "--data-binary", "@" + body));
        return fixture.get(host, "/", words.toArray(String[]::new));
    }

    /** A connection that is kept, with a nonce that is kept: as a browser. */
    private final class Visitor implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private final String host;
        private String head = "";
        private String nonce = "";
        private int count;

        Visitor(String host) throws IOException {
            this.host = host;
            socket = new Socket(InetAddress.getLoopbackAddress(), fixture.http);
            socket.setSoTimeout(20_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        }

        int ask(String uri, String authorization) throws IOException {
            socket.getOutputStream()
                    .write(("GET " + uri + " HTTP/1.1\r\nHost: " + host + "\r\n"
                                    + (authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n")
                                    + "\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            StringBuilder lines = new StringBuilder();
            int length = 0;
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                lines.append(line).append('\n');
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length: ")) {
                    length = Integer.parseInt(line.substring(16));
                }
            }
            for (int i = 0; i < length; i++) {
                in.read();
            }
            head = lines.toString();
            return Integer.parseInt(head.substring(9, 12));
        }

        /** The answer to a person's request: challenges are answered on the way, as long as only the nonce was refused. */
        int visit(String uri) throws IOException {
            int status = nonce.isEmpty() ? ask(uri, "") : ask(uri, ANN.header("SHA-256", uri, nonce, ++count));
            for (int again = 0; status == 401 && again < 3; again++) {
                boolean known = !nonce.isEmpty();
                if (known && !DigestUser.stale(head)) {
                    return status;
                }
                nonce = DigestUser.nonce(head, "SHA-256");
                count = 0;
                status = ask(uri, ANN.header("SHA-256", uri, nonce, ++count));
            }
            return status;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void thousandsOfStrangersCostAUserNothing() throws Exception {
        apply(domain("a.org").digest("ann", "one").make());
        try (Visitor user = new Visitor("a.org")) {
            assertThat(user.visit("/")).isEqualTo(200);
            strangers(2_000);
            long before = memory();
            String nonce = user.nonce;
            AtomicReference<Exception> failed = new AtomicReference<>();
            Thread flood = Thread.ofPlatform().start(() -> {
                try {
                    strangers(10_000);
                } catch (IOException problem) {
                    failed.set(problem);
                }
            });
            int visits = 0;
            while (flood.isAlive()) {
                assertThat(user.visit("/?" + visits++)).isEqualTo(200);
            }
            assertThat(failed.get()).isNull();
            assertThat(visits).isGreaterThan(100);
            assertThat(user.nonce).as("it was never told to take another").isEqualTo(nonce);
            assertThat(memory() - before).as("KiB more in HAProxy's worker").isLessThan(16_000);
        }
    }

    private void strangers(int count) throws IOException {
        try (Visitor stranger = new Visitor("a.org")) {
            for (int i = 0; i < count; i++) {
                assertThat(stranger.ask("/" + i, i % 2 == 0 ? "" : "Digest username=\"ann\", nonce=\"" + i + "\""))
                        .isEqualTo(401);
            }
        }
    }

    /** Resident memory of HAProxy's largest process, in KiB; the sandbox has no other HAProxy. */
    private static long memory() {
        return Commands.run(List.of("ps", "-C", "haproxy", "-o", "rss="), Duration.ofSeconds(10))
                .output()
                .lines()
                .mapToLong(line -> Long.parseLong(line.strip()))
                .max()
                .orElse(0);
    }

    @Test
    void changesAndReloadsAskNobodyForAPassword() throws Exception {
        apply(domain("a.org").digest("ann", "one").make());
        try (Visitor user = new Visitor("a.org")) {
            assertThat(user.visit("/")).isEqualTo(200);
            String replay = ANN.header("SHA-256", "/", user.nonce, user.count);
            String unused = ANN.header("SHA-256", "/", user.nonce, user.count + 1000);
            String nonce = user.nonce;
            assertThat(apply(
                            domain("a.org")
                                    .digest("ann", "one")
                                    .digest("bob", "two")
                                    .make(),
                            domain("b.org").digest("ann", "one").make()))
                    .as("a reload for a domain and a user that come")
                    .isFalse();
            assertThat(user.visit("/")).isEqualTo(200);
            assertThat(user.nonce).isEqualTo(nonce);
            assertThat(fixture.status("b.org", "/", "--digest", "-u", "ann:one"))
                    .isEqualTo("200");
            assertThat(fixture.status("a.org", "/", "--digest", "-u", "bob:two"))
                    .isEqualTo("200");

            assertThat(fixture.proxy.apply(
                            new RouteSet("other", List.of(ProxyFixture.http("x", ProxyFixture.free())), List.of())))
                    .as("a reload")
                    .isTrue();
            for (String before : List.of(replay, unused)) {
                try (Visitor thief = new Visitor("a.org")) {
                    assertThat(thief.ask("/", before)).isEqualTo(401);
                    assertThat(DigestUser.stale(thief.head)).isTrue();
                }
            }
            assertThat(user.visit("/"))
                    .as("over the same connection, past a reload")
                    .isEqualTo(200);
            assertThat(user.nonce).isNotEqualTo(nonce);
            nonce = user.nonce;

            assertThat(apply(domain("a.org")
                            .digest("ann", "new")
                            .digest("bob", "two")
                            .make()))
                    .isFalse();
            assertThat(user.visit("/")).as("with the password of before").isEqualTo(401);
            assertThat(DigestUser.stale(user.head))
                    .as("there is a person to be asked")
                    .isFalse();
            assertThat(fixture.status("a.org", "/", "--digest", "-u", "ann:new"))
                    .isEqualTo("200");
            assertThat(fixture.status("b.org", "/", "--digest", "-u", "ann:one"))
                    .isEqualTo("404");
            apply(domain("a.org").make());
            assertThat(fixture.status("a.org", "/")).isEqualTo("200");
        }
    }

    /** An upgrade and raw bytes after it. */
    @Test
    void aWebsocketIsLetInWithCredentialsOnly() throws Exception {
        try (ServerSocket sockets = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> echo(sockets));
            fixture.proxy.apply(fixture.part(
                    List.of(ProxyFixture.http(
                            "web", mesh, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), sockets.getLocalPort()))),
                    domain("a.org").digest("ann", "one").make()));
            String upgrade =
                    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13";
            try (Visitor stranger = new Visitor("a.org");
                    Visitor user = new Visitor("a.org")) {
                assertThat(stranger.ask("/chat", "Basic YW5uOm9uZQ==" + upgrade))
                        .isEqualTo(401);
                assertThat(user.ask("/chat", "Digest" + upgrade)).isEqualTo(401);
                String nonce = DigestUser.nonce(user.head, "SHA-256");
                assertThat(user.ask("/chat", ANN.header("SHA-256", "/chat", nonce, 1) + upgrade))
                        .isEqualTo(101);
                user.socket.getOutputStream().write("ping\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(user.in.readLine()).isEqualTo("ping");
            }
        }
    }

    private static void echo(ServerSocket sockets) {
        while (!sockets.isClosed()) {
            try {
                Socket socket = sockets.accept();
                Thread.ofPlatform().daemon().start(() -> {
                    try (socket) {
                        BufferedReader in = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                            // The request.
                        }
                        socket.getOutputStream()
                                .write(
                                        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
                                                .getBytes(StandardCharsets.US_ASCII));
                        String said = in.readLine();
                        socket.getOutputStream().write((said + "\n").getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException gone) {
                        // The client has left.
                    }
                });
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** HAProxy with another script, as somebody might leave it, or with other limits. */
    private void load(String script) throws IOException, InterruptedException {
        String nonce = nonce();
        Files.writeString(fixture.settings.folder().resolve("maps/digest.lua"), script);
        Commands.run(List.of("pkill", "-USR2", "-o", "-x", "haproxy"), Duration.ofSeconds(5));
        long end = System.nanoTime() + 20_000_000_000L;
        while (System.nanoTime() < end
                && fixture.status("a.org", "/", "-H", "Authorization: " + ANN.header("MD5", "/", nonce, 7))
                        .equals("200")) {
            nonce = nonce();
            Thread.sleep(50);
        }
        // For a moment both workers take connections.
        Thread.sleep(1500);
    }

    private String nonce() throws IOException {
        try (Visitor visitor = new Visitor("a.org")) {
            visitor.ask("/", "");
            return DigestUser.nonce(visitor.head, "MD5");
        }
    }

    private String script() throws IOException {
        return Files.readString(fixture.settings.folder().resolve("maps/digest.lua"));
    }

    private String status(String nonce, int count) throws IOException {
        try (Visitor visitor = new Visitor("a.org")) {
            int status = visitor.ask("/", ANN.header("MD5", "/", nonce, count));
            return DigestUser.stale(visitor.head) ? "stale" : String.valueOf(status);
        }
    }

    @Test
    void whatIsForgottenIsRefusedAndNobodyIsLockedOut() throws Exception {
        apply(domain("a.org").digest("ann", "one").make());
        load(script().replace("MOST = 262144", "MOST = 20")
                .replace("SLOT = 10", "SLOT = 1")
                .replace("FRESH = 300", "FRESH = 5"));
        String first = nonce();
        String unused = nonce();
        assertThat(status(first, 1)).isEqualTo("200");
        Thread.sleep(1100);
        String last = nonce();
        for (int i = 0; i < 50; i++) {
            try (Visitor visitor = new Visitor("a.org")) {
                assertThat(visitor.visit("/" + i)).isEqualTo(200);
            }
            Thread.sleep(40);
        }
        for (String forgotten : List.of(first, unused, last)) {
            assertThat(status(forgotten, 2)).isEqualTo("stale");
        }
        String old = nonce();
        assertThat(status(old, 1)).isEqualTo("200");
        Thread.sleep(6_000);
        assertThat(status(old, 2)).as("after its time").isEqualTo("stale");
    }

    /** A script that fails, or is not there: no door opens, and the next command makes it good. */
    @Test
    void aScriptThatFailsLetsNobodyIn() throws Exception {
        apply(domain("a.org").digest("ann", "one").make(), domain("open.org").make());
        Path script = fixture.settings.folder().resolve("maps/digest.lua");
        String good = Files.readString(script);
        for (String broken : List.of(
                good.replace("local mark = ", "local mark = nil + "),
                good.replace(
                        "core.register_action(\"portolan_digest\", {\"http-req\"}, function(txn)",
                        "core.register_action(\"portolan_digest\", {\"http-req\"}, function(txn)\n    do return end"))) {
            assertThat(broken).isNotEqualTo(good);
            load(broken);
            assertThat(fixture.status("a.org", "/")).isEqualTo("503");
            assertThat(fixture.status("a.org", "/", "--digest", "-u", "ann:one"))
                    .isEqualTo("503");
            assertThat(fixture.status("a.org", "/", "-H", "X-Portolan-Policy: +", "-H", "Authorization: Digest +"))
                    .isEqualTo("503");
            assertThat(fixture.status("open.org", "/")).isEqualTo("200");
            assertThat(fixture.proxy.ensureRunning()).isNotEmpty();
            assertThat(Files.readString(script)).isEqualTo(good);
            assertThat(fixture.status("a.org", "/", "--digest", "-u", "ann:one"))
                    .isEqualTo("200");
        }
    }
}
