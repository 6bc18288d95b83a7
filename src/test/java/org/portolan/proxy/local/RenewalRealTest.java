package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.RouteSet;
import org.portolan.process.Commands;
import org.portolan.routing.PasswordHash;
import org.portolan.routing.RenderContext.Worker;
import org.portolan.routing.RoutingTable;
import org.portolan.routing.Templates;

/**
 * Proxies that commit 1ce5309 configured and that run are taken over: nothing is lost, nothing is open, nothing is left. Alone: workers of
 * that version look at files several times for a request, and one that gets no processor for long finds what was replaced meanwhile.
 */
@Tag("real")
@Tag("alone")
class RenewalRealTest {
    private static final Path TEMPLATES = Path.of("src/test/resources/proxy/1ce5309");

    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private OriginServer web;
    private OriginServer api;
    private RouteSet part;

    @BeforeEach
    void anOlderInstallation() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        web = new OriginServer("web");
        api = new OriginServer("api");
        part = fixture.part(
                List.of(
                        ProxyFixture.http(
                                "web",
                                ProxyFixture.free(),
                                ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port())),
                        ProxyFixture.http(
                                "api",
                                ProxyFixture.free(),
                                ProxyFixture.ready(ProxyFixture.id("api", 1, 1), api.port()))),
                ProxyFixture.domain("open.org")
                        .alias("www.org")
                        .route("/", ProxyFixture.target("web"))
                        .make(),
                ProxyFixture.domain("s.org")
                        .route("/", ProxyFixture.target("api"))
                        .auth("ann", "one")
                        .make(),
                ProxyFixture.domain("*.w.org")
                        .route("/", ProxyFixture.target("api"))
                        .auth("ann", "two")
                        .make(),
                ProxyFixture.domain("own.w.org")
                        .route("/", ProxyFixture.target("web"))
                        .make(),
                ProxyFixture.domain("m.org")
                        .route("/", ProxyFixture.target("api"))
                        .maintenance()
                        .make(),
                ProxyFixture.domain("r.org")
                        .route("/", ProxyFixture.target("api"))
                        .redirect()
                        .make());
        startAsBefore(part);
    }

    @AfterEach
    void stop() {
        fixture.close();
        web.close();
        api.close();
    }

    /** Files, folders and processes as they were then. */
    private void startAsBefore(RouteSet part) throws IOException {
        ProxyLayout layout = new ProxyLayout(fixture.settings);
        layout.prepare();
        RoutingTable table = RoutingTable.of(List.of(part));
        Path sites = layout.sites();
        for (String name : List.of("", "domains", "open", "auth", "https", "maintenance", "tls", "tmp", "pages")) {
            Path one = sites.resolve(name);
            Files.createDirectories(
                    one, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        for (String page : List.of("404.html", "502.html", "503.html", "504.html", "maintenance.html")) {
            Files.writeString(
                    sites.resolve("pages").resolve(page), Templates.shipped().text(page));
        }
        mark(sites, "domains", "*");
        mark(sites, "open", "*");
        table.sites().forEach((host, site) -> {
            mark(sites, "domains", host);
            if (site.open()) {
                mark(sites, "open", host);
            } else {
                write(sites.resolve("auth").resolve(host), PasswordHash.file(site, layout.key()));
            }
            if (site.redirectHttps()) {
                mark(sites, "https", host);
            }
            if (site.maintenance()) {
                mark(sites, "maintenance", host);
            }
        });
        StringBuilder routes = new StringBuilder();
        table.routes()
                .forEach((key, pool) ->
                        routes.append(key).append(' ').append(pool).append('\n'));
        write(layout.folder().resolve("routes.map"), routes.toString());
        Map<String, Object> model = new TreeMap<>();
        model.put("standalone", true);
        model.put("asOther", layout.worker().isPresent());
        model.put("user", layout.worker().map(Worker::user).orElse(""));
        model.put("group", layout.worker().map(Worker::group).orElse(""));
        model.put("pages", sites.resolve("pages"));
        model.put("sites", sites);
        model.put("run", layout.run());
        model.put("routes", layout.folder().resolve("routes.map"));
        for (String time : List.of("connect", "answer", "tunnel", "keepAlive", "oldWorker")) {
            model.put(time, "60s");
        }
        model.put("routerPort", layout.routerPort());
        model.put("edgeToken", layout.secret("edge"));
        model.put("statistics", "127.0.0.1:" + fixture.stats);
        model.put("statisticsUser", "portolan");
        model.put("statisticsHash", PasswordHash.of("look at it", layout.key(), "statistics"));
        model.put("frontends", List.of());
        List<Map<String, Object>> backends = new ArrayList<>();
        table.pools().values().forEach(pool -> {
            List<String> servers = new ArrayList<>();
            pool.servers()
                    .forEach(server -> servers.add(server.name() + " " + server.address() + ":" + server.listen()));
            backends.add(Map.of(
                    "name",
                    pool.name(),
                    "http",
                    true,
                    "sticky",
                    false,
                    "httpCheck",
                    false,
                    "checkTimeout",
                    1000,
                    "servers",
                    servers));
        });
        model.put("backends", backends);
        model.put("connections", 1000);
        model.put("http", "127.0.0.1:" + fixture.http);
        model.put("https", "127.0.0.1:" + fixture.https);
        model.put("httpsSuffix", ":" + fixture.https);
        model.put("http2Directive", false);
        model.put("http2Listen", true);
        model.put("keepaliveMinTimeout", false);
        model.put("maxUpload", 0);
        model.put("certificates", List.of());
        Templates templates = TemplateFiles.in(Optional.of(TEMPLATES));
        write(layout.folder().resolve("haproxy.cfg"), templates.render("haproxy.cfg.mustache", model));
        write(layout.folder().resolve("nginx.conf"), templates.render("nginx.conf.mustache", model));
        new RouteSetFiles(layout.parts(), RoutingTable::of).write(new RouteSetFiles.Part(1, part));
        run(
                "haproxy",
                "-W",
                "-D",
                "-p",
                layout.run().resolve("haproxy.pid").toString(),
                "-S",
                layout.run().resolve("haproxy-master.sock") + ",mode,600",
                "-f",
                layout.folder().resolve("haproxy.cfg").toString());
        run(
                "nginx",
                "-p",
                layout.folder().toString(),
                "-c",
                layout.folder().resolve("nginx.conf").toString(),
                "-e",
                layout.run().resolve("nginx-error.log").toString());
    }

    private static void mark(Path sites, String kind, String host) {
        write(sites.resolve(kind).resolve(host), "");
    }

    private static void write(Path file, String text) {
        try {
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException problem) {
            throw new java.io.UncheckedIOException(problem);
        }
    }

    private static void run(String... words) {
        Commands.Result result = Commands.run(List.of(words), Duration.ofSeconds(20));
        assertThat(result.succeeded()).as(result.output()).isTrue();
    }

    private static DoorHammer.Rule rule(String... words) {
        TreeMap<String, String> rule = new TreeMap<>(Map.of("", words[0]));
        if (words.length > 1) {
            rule.put(words[1], words[2]);
        }
        return new DoorHammer.Rule(rule);
    }

    @Test
    void theFirstCommandTakesThemOverUnderTraffic() throws Exception {
        List<String> hosts =
                List.of("open.org", "www.org", "s.org", "any.w.org", "own.w.org", "m.org", "r.org", "nobody.net");
        Path sites = new ProxyLayout(fixture.settings).sites();
        assertThat(fixture.status("s.org", "/")).isEqualTo("401");
        try (DoorHammer hammer = new DoorHammer(fixture.http, hosts, List.of("", "one", "two"))) {
            hammer.allow("open.org", rule("200 web"));
            hammer.allow("www.org", rule("200 web"));
            hammer.allow("s.org", rule("401", "one", "200 api"));
            hammer.allow("any.w.org", rule("401", "two", "200 api"));
            hammer.allow("own.w.org", rule("200 web"));
            hammer.allow("m.org", rule("503"));
            hammer.allow("r.org", rule("301"));
            hammer.allow("nobody.net", rule("404"));
            hammer.rounds(2);
            assertThat(hammer.faults).as("as it was").isEmpty();

            assertThat(fixture.proxy.renewal())
                    .hasValueSatisfying(said -> assertThat(said).contains("nginx is reloaded once"));
            fixture.proxy.ensureRunning();
            hammer.rounds(2);
            assertThat(hammer.faults).as(hammer.asked + " answers").isEmpty();
        }
        assertThat(fixture.proxy.renewal()).isEmpty();
        assertThat(fixture.proxy.applied("shop")).contains(part);
        for (String gone : List.of("domains", "open", "auth", "https", "maintenance")) {
            assertThat(sites.resolve(gone)).doesNotExist();
        }
        assertThat(fixture.proxy.folder().resolve("routes.map")).doesNotExist();
        assertThat(fixture.proxy.apply(part)).isFalse();
        assertThat(fixture.status("s.org", "/", "-u", "ann:one")).isEqualTo("200");
    }

    /** Somebody's own template of then: it is refused before anything is loaded, and what runs continues. */
    @Test
    void anOldTemplateIsRefusedAndWhatRunsGoesOn() throws Exception {
        for (String old : List.of("nginx.conf.mustache", "haproxy.cfg.mustache")) {
            Path own = Files.createDirectories(folder.resolve("own-" + old));
            Files.copy(TEMPLATES.resolve(old), own.resolve(old));
            try (LocalProxy proxy = LocalProxy.open(new org.portolan.routing.ProxySettings(
                    fixture.settings.folder(),
                    Optional.of(own),
                    fixture.settings.edge(),
                    fixture.settings.statistics(),
                    fixture.settings.timeouts(),
                    fixture.settings.haproxy(),
                    fixture.settings.nginx(),
                    fixture.settings.workerUser()))) {
                assertThatThrownBy(proxy::ensureRunning).hasMessageContaining(old);
            }
            assertThat(fixture.status("open.org", "/")).isEqualTo("200");
            assertThat(fixture.status("s.org", "/")).isEqualTo("401");
            assertThat(fixture.status("s.org", "/", "-u", "ann:one")).isEqualTo("200");
        }
    }
}
