package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.ServerView.Status;
import org.portolan.model.service.Domain;
import org.portolan.process.Commands;

/** What the edge and the mesh serve, asked for with curl. */
@Tag("real")
class LocalProxyRealTest {
    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private OriginServer web;
    private OriginServer api;
    private int webMesh;
    private int apiMesh;
    private int idleMesh;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        web = new OriginServer("web");
        api = new OriginServer("api");
        webMesh = ProxyFixture.free();
        apiMesh = ProxyFixture.free();
        idleMesh = ProxyFixture.free();
        fixture.proxy.ensureRunning();
    }

    @AfterEach
    void stop() {
        fixture.close();
        web.close();
        api.close();
    }

    private boolean apply(Domain... domains) {
        return fixture.proxy.apply(fixture.part(
                List.of(
                        ProxyFixture.http("web", webMesh, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port())),
                        ProxyFixture.http("api", apiMesh, ProxyFixture.ready(ProxyFixture.id("api", 1, 1), api.port())),
                        ProxyFixture.http("idle", idleMesh)),
                domains));
    }

    private static Domain site(String host) {
        return ProxyFixture.domain(host).route("/", ProxyFixture.target("web")).make();
    }

    @Test
    void hostAndPathChooseTheService() {
        apply(
                ProxyFixture.domain("example.org")
                        .alias("www.example.org")
                        .route("/", ProxyFixture.target("web"))
                        .route("/api", ProxyFixture.target("api"))
                        .route("/api/old", ProxyFixture.target("web"))
                        .make(),
                ProxyFixture.domain("*.wild.org")
                        .route("/", ProxyFixture.target("api"))
                        .make(),
                ProxyFixture.domain("exact.wild.org")
                        .route("/only", ProxyFixture.target("web"))
                        .make(),
                ProxyFixture.domain("nobody.org")
                        .route("/", ProxyFixture.target("idle"))
                        .make(),
                ProxyFixture.domain("*")
                        .route("/status", ProxyFixture.target("web"))
                        .make());

        assertThat(fixture.get("example.org", "/")).startsWith("web GET / ").endsWith("200");
        assertThat(fixture.get("www.example.org", "/x?y=1")).startsWith("web GET /x?y=1 ");
        assertThat(fixture.get("EXAMPLE.org.", "/api")).startsWith("api GET /api ");
        assertThat(fixture.get("example.org:" + fixture.http, "/api/x")).startsWith("api GET /api/x ");
        assertThat(fixture.get("example.org", "/apix")).startsWith("web GET /apix ");
        assertThat(fixture.get("example.org", "/api/old/x")).startsWith("web ");
        assertThat(fixture.get("example.org", "/api/older")).startsWith("api ");
        assertThat(fixture.get("any.wild.org", "/")).startsWith("api ");
        assertThat(fixture.status("deep.any.wild.org", "/")).isEqualTo("404");
        assertThat(fixture.get("exact.wild.org", "/only/x")).startsWith("web ");
        assertThat(fixture.get("exact.wild.org", "/")).startsWith("api ");
        assertThat(fixture.get("whoever.net", "/status")).startsWith("web ");
        assertThat(fixture.status("whoever.net", "/")).isEqualTo("404");
        assertThat(fixture.get("nobody.org", "/"))
                .contains("no running instance")
                .endsWith("503");
        assertThat(fixture.curl("http://127.0.0.1:" + apiMesh + "/mesh")).startsWith("api GET /mesh ");
    }

    @Test
    void domainsComeChangeAndGoWithoutAReload() {
        assertThat(apply(site("one.org"))).as("the backends came").isTrue();
        String nginx = fixture.proxy.describe().get(1);
        assertThat(apply(site("one.org"), site("two.org"))).isFalse();
        assertThat(fixture.status("two.org", "/")).isEqualTo("200");
        assertThat(apply(ProxyFixture.domain("two.org")
                        .route("/", ProxyFixture.target("api"))
                        .make()))
                .isFalse();
        assertThat(fixture.get("two.org", "/")).startsWith("api ");
        assertThat(fixture.status("one.org", "/")).isEqualTo("404");
        assertThat(fixture.proxy.describe().get(1)).isEqualTo(nginx);
    }

    @Test
    void passwordsRedirectsAndMaintenanceFailClosed() {
        apply(
                ProxyFixture.domain("secret.org")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pass word")
                        .make(),
                ProxyFixture.domain("*.hidden.org")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pw")
                        .make(),
                ProxyFixture.domain("tls.org")
                        .route("/", ProxyFixture.target("web"))
                        .redirect()
                        .make(),
                ProxyFixture.domain("both.org")
                        .route("/", ProxyFixture.target("web"))
                        .redirect()
                        .auth("ann", "pw")
                        .make(),
                ProxyFixture.domain("closed.org")
                        .route("/", ProxyFixture.target("web"))
                        .maintenance()
                        .make(),
                site("public.org"));

        assertThat(fixture.status("secret.org", "/")).isEqualTo("401");
        assertThat(fixture.status("secret.org", "/", "-u", "ann:wrong")).isEqualTo("401");
        assertThat(fixture.status("secret.org", "/", "-u", "ann:pass word")).isEqualTo("200");
        assertThat(fixture.status("SECRET.org.:80", "/")).isEqualTo("401");
        assertThat(fixture.status("a.hidden.org", "/")).isEqualTo("401");
        assertThat(fixture.status("a.hidden.org", "/", "-u", "ann:pw")).isEqualTo("200");
        assertThat(fixture.get("tls.org", "/x?y", "-i"))
                .contains("Location: https://tls.org:" + fixture.https + "/x?y");
        assertThat(fixture.status("tls.org", "/")).isEqualTo("301");
        assertThat(fixture.status("both.org", "/")).isEqualTo("301");
        assertThat(fixture.status("tls.org", "/", "-I")).isEqualTo("301");
        assertThat(fixture.get("tls.org", "/x?y", "-i", "-X", "POST", "-d", "x"))
                .contains("Location: https://tls.org:" + fixture.https + "/x?y")
                .endsWith("308");
        assertThat(fixture.get("closed.org", "/", "-X", "POST", "-d", "x"))
                .contains("Under maintenance")
                .endsWith("503");
        assertThat(fixture.status("public.org", "/")).isEqualTo("200");
        // The request's own authority and its Host header name different sites.
        assertThat(fixture.curl(
                        "--request-target",
                        "http://public.org/",
                        "-H",
                        "Host: secret.org",
                        "http://127.0.0.1:" + fixture.http + "/"))
                .endsWith("400");
        assertThat(fixture.curl(
                        "--request-target",
                        "http://secret.org/",
                        "-H",
                        "Host: public.org",
                        "http://127.0.0.1:" + fixture.http + "/"))
                .endsWith("400");
        // Straight to HAProxy, past the edge.
        String router =
                ProxyLayout.read(fixture.proxy.folder().resolve("router-port")).orElseThrow();
        assertThat(fixture.curl("-H", "X-Portolan-Host: secret.org", "http://127.0.0.1:" + router + "/"))
                .endsWith("403");
        assertThat(fixture.status("public.org", "/", "-H", "X-Portolan-Host: secret.org"))
                .isEqualTo("200");
    }

    @Test
    void aFolderThatWorkersCannotReadLetsNobodyIn() throws IOException {
        apply(
                ProxyFixture.domain("secret.org")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pw")
                        .make(),
                site("public.org"));
        Path sites = new ProxyLayout(fixture.settings).sites();
        for (String part : List.of("names", "policies")) {
            Commands.run(List.of("chmod", "000", sites.resolve(part).toString()), Duration.ofSeconds(5));
            assertThat(fixture.status("secret.org", "/")).as(part).isIn("401", "403", "500", "503");
            assertThat(fixture.status("secret.org", "/", "-u", "ann:pw"))
                    .as(part)
                    .isIn("401", "403", "500", "503");
            assertThat(fixture.status("public.org", "/")).as(part).isEqualTo("503");
            Commands.run(List.of("chmod", "750", sites.resolve(part).toString()), Duration.ofSeconds(5));
        }
        assertThat(fixture.status("secret.org", "/", "-u", "ann:pw")).isEqualTo("200");
        Files.delete(sites.resolve("current/secret.org/users"));
        assertThat(fixture.status("secret.org", "/")).isIn("401", "403", "500");
        assertThat(fixture.status("secret.org", "/", "-u", "ann:pw")).isIn("401", "403", "500");
        fixture.proxy.ensureRunning();
        assertThat(fixture.status("secret.org", "/", "-u", "ann:pw"))
                .as("the next command made it good")
                .isEqualTo("200");
    }

    @Test
    void passwordsChangeAndGo() {
        apply(ProxyFixture.domain("secret.org")
                .route("/", ProxyFixture.target("web"))
                .auth("ann", "one")
                .make());
        apply(ProxyFixture.domain("secret.org")
                .route("/", ProxyFixture.target("web"))
                .auth("ann", "two")
                .make());
        assertThat(fixture.status("secret.org", "/", "-u", "ann:one")).isEqualTo("401");
        assertThat(fixture.status("secret.org", "/", "-u", "ann:two")).isEqualTo("200");
        apply(site("secret.org"));
        assertThat(fixture.status("secret.org", "/")).isEqualTo("200");
        apply();
        assertThat(fixture.status("secret.org", "/")).isEqualTo("404");
    }

    @Test
    void bodiesPassWhateverTheirSizeAndAnswersMayBeSlow() throws IOException {
        apply(site("example.org"));
        Path big = folder.resolve("big");
        Files.write(big, new byte[50 << 20]);
        assertThat(fixture.get("example.org", "/upload", "-T", big.toString())).contains("bytes=" + (50 << 20));
        assertThat(fixture.get("example.org", "/upload", "-T", big.toString(), "-H", "Transfer-Encoding: chunked"))
                .contains("bytes=" + (50 << 20));
        assertThat(fixture.get("example.org", "/slow/3000")).startsWith("web ").endsWith("200");
    }

    @Test
    void headersTellWhereARequestCameFrom() {
        apply(site("example.org"));
        assertThat(fixture.get(
                        "example.org:8080",
                        "/headers",
                        "-H",
                        "X-Forwarded-For: 6.6.6.6",
                        "-H",
                        "X-Forwarded-Proto: https"))
                .contains("host: example.org:8080\n")
                .contains("x-forwarded-for: 127.0.0.1\n")
                .contains("x-forwarded-proto: http\n")
                .contains("x-forwarded-host: example.org:8080\n")
                .doesNotContain("x-portolan")
                .doesNotContain("6.6.6.6");
        assertThat(fixture.curl("-H", "X-Forwarded-For: 1.2.3.4", "http://127.0.0.1:" + webMesh + "/headers"))
                .contains("x-forwarded-for: 1.2.3.4\n");
    }

    @Test
    void theStatisticsPageAsksForAPassword() {
        apply(site("example.org"));
        String page = "http://127.0.0.1:" + fixture.stats;
        assertThat(fixture.curl(page + "/")).endsWith("401");
        assertThat(fixture.curl("-u", "portolan:look at it", page + "/"))
                .contains("shop:web")
                .endsWith("200");
        assertThat(fixture.curl("-u", "portolan:look at it", page + "/metrics"))
                .contains("haproxy_server_status")
                .endsWith("200");
    }

    @Test
    void whatTheProxySaysOfServers() {
        apply(site("example.org"));
        fixture.get("example.org", "/");
        fixture.get("example.org", "/error");
        var seen = fixture.view(ProxyFixture.id("web", 1, 1));
        assertThat(seen.status()).isEqualTo(Status.UP);
        assertThat(seen.responses()).isEqualTo(2);
        assertThat(seen.errors()).isEqualTo(1);
        assertThat(seen.sessions()).isZero();
        assertThat(seen.weight()).isEqualTo(100);
        var drained = ProxyFixture.with(ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port()), State.DRAIN, 100);
        fixture.proxy.apply(fixture.part(List.of(ProxyFixture.http("web", webMesh, drained)), site("example.org")));
        assertThat(fixture.view(ProxyFixture.id("web", 1, 1)).status()).isEqualTo(Status.DRAIN);
        assertThat(fixture.status("example.org", "/")).isEqualTo("503");
    }

    @Test
    void nothingChangedWritesNothing() throws IOException {
        assertThat(apply(site("example.org"))).isTrue();
        Path file = fixture.proxy.folder().resolve("haproxy.cfg");
        var before = Files.getLastModifiedTime(file);
        var part = fixture.proxy.applied("shop").orElseThrow();
        assertThat(fixture.proxy.apply(part)).isFalse();
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
        assertThat(fixture.proxy.applied()).containsOnlyKeys("shop");
        fixture.proxy.remove("shop");
        assertThat(fixture.status("example.org", "/")).isEqualTo("404");
        assertThat(fixture.proxy.applied()).isEmpty();
    }

    @Test
    void whatLiesOutsideOfTheStateDirectoryGoesWithThemAndComesBack() {
        Path sites = new ProxyLayout(fixture.settings).sites();
        assertThat(sites).as("the tests' folder is closed to the workers").startsWith(Path.of("/var/lib/portolan"));
        apply(
                ProxyFixture.domain("secret.org")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pw")
                        .make(),
                site("public.org"));
        assertThat(sites).isDirectory();

        fixture.proxy.stop();
        assertThat(sites).doesNotExist();
        fixture.proxy.stop();

        fixture.proxy.ensureRunning();
        assertThat(fixture.status("public.org", "/")).isEqualTo("200");
        assertThat(fixture.status("secret.org", "/")).isEqualTo("401");
        assertThat(fixture.status("secret.org", "/", "-u", "ann:pw")).isEqualTo("200");
        assertThat(fixture.status("unknown.org", "/")).isEqualTo("404");
    }

    @Test
    void killedProxiesComeBackAsTheyWere() {
        apply(
                ProxyFixture.domain("secret.org")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pw")
                        .make(),
                site("public.org"));
        for (String name : List.of("haproxy", "nginx")) {
            Commands.run(List.of("pkill", "-KILL", "-x", name), Duration.ofSeconds(5));
        }
        assertThat(fixture.status("public.org", "/")).isEqualTo("000");
        fixture.proxy.ensureRunning();
        assertThat(fixture.status("public.org", "/")).isEqualTo("200");
        assertThat(fixture.status("secret.org", "/")).isEqualTo("401");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        apply(site("example.org"));
        try (var other = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            var taken = ProxyFixture.http(
                    "new", other.getLocalPort(), ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port()));
            assertThatThrownBy(() -> fixture.proxy.apply(fixture.part(List.of(taken), site("example.org"))))
                    .hasMessageContaining("127.0.0.1:" + other.getLocalPort());
        }
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
        assertThat(apply(site("example.org"), site("two.org")))
                .as("all was as before")
                .isFalse();
        assertThat(fixture.status("two.org", "/")).isEqualTo("200");
    }

    /** A process died between any two steps: the mark that it left makes the next one believe nothing. */
    @Test
    void aChangeThatWasBrokenOffIsMadeGood() throws IOException {
        apply(site("example.org"));
        var part = fixture.proxy.applied("shop").orElseThrow();
        Files.createFile(fixture.proxy.folder().resolve("pending"));
        Files.writeString(fixture.proxy.folder().resolve("maps/routes.map"), "");
        Path socket = fixture.proxy.folder().resolve("run/haproxy-master.sock");
        try (SocketChannel master = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            String orders = "@1 clear map " + fixture.proxy.folder()
                    + "/maps/routes.map; @1 set server shop:web/shop-web-1-1 state maint\n";
            master.write(StandardCharsets.US_ASCII.encode(orders));
            master.shutdownOutput();
            new String(Channels.newInputStream(master).readAllBytes(), StandardCharsets.US_ASCII);
        }
        assertThat(fixture.status("example.org", "/")).isEqualTo("503");
        assertThat(fixture.proxy.apply(part)).isTrue();
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
        assertThat(fixture.proxy.folder().resolve("pending")).doesNotExist();
        Files.createFile(fixture.proxy.folder().resolve("pending"));
        fixture.proxy.ensureRunning();
        assertThat(fixture.proxy.folder().resolve("pending")).doesNotExist();
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
    }

    @Test
    void aReloadKeepsStatesAndWeights() {
        apply(site("example.org"));
        var first = ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port());
        var second = ProxyFixture.ready(ProxyFixture.id("web", 2, 1), api.port());
        var part = fixture.part(
                List.of(ProxyFixture.http(
                        "web",
                        webMesh,
                        ProxyFixture.with(first, State.DRAIN, 100),
                        ProxyFixture.with(second, State.READY, 7))),
                site("example.org"));
        fixture.proxy.apply(part);
        assertThat(fixture.proxy.apply(new org.portolan.model.routing.RouteSet(
                        "more", List.of(ProxyFixture.http("x", idleMesh)), List.of())))
                .isTrue();
        assertThat(fixture.view(ProxyFixture.id("web", 1, 1)).status()).isEqualTo(Status.DRAIN);
        assertThat(fixture.view(ProxyFixture.id("web", 2, 1)).status()).isEqualTo(Status.UP);
        for (int i = 0; i < 5; i++) {
            assertThat(fixture.get("example.org", "/")).startsWith("api ");
        }
    }
}
