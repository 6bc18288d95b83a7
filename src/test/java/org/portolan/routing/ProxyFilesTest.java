package org.portolan.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec.EnvValue;
import org.portolan.model.service.ServiceSpec.Health;

/** Both files against golden ones; {@code -Dgolden.update=true} writes them again. */
class ProxyFilesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/proxy");
    private static final Templates SHIPPED = Templates.shipped();

    /** What an installation with a name for its controller has more in HAProxy's file; nginx's knows no names. */
    @Test
    void aNameForTheControllerAddsABackendAndNothingElse() {
        Backend web = RouteSets.backend("web", true, 15_001, RouteSets.server("web", 1, State.READY, 100));
        List<RouteSet> parts = List.of(RouteSets.part(List.of(web)));
        RoutingTable without = RoutingTable.of(parts, List.of("127.0.0.1"));
        RoutingTable with = RoutingTable.of(
                parts,
                List.of("127.0.0.1"),
                Optional.of(new ControllerRoute("deploy.org", Optional.empty(), "portolan.yaml:3")));
        assertThat(nginx(with)).isEqualTo(nginx(without));
        String before = haproxy(without);
        String after = haproxy(with);
        int from = after.indexOf("\n# The controller that leads, for its own domain.");
        int to = after.indexOf("server controller unix@", from);
        String block = after.substring(from, after.indexOf('\n', to) + 1);
        assertThat(block)
                .contains(
                        "backend api::controller from portolan-http\n",
                        "server controller unix@/home/me/.portolan/proxies/run/controller.sock\n",
                        "http-request set-header X-Portolan-Edge ",
                        "http-request set-header X-Portolan-Client %[req.fhdr(x-real-ip)]\n");
        // The first line is the structure's hash.
        assertThat(after.replace(block, "").substring(after.indexOf('\n')))
                .isEqualTo(before.substring(before.indexOf('\n')));
        assertThat(after.indexOf("http-request del-header x[-_]portolan[-_] -m reg"))
                .as("what a client says in the controller's words is removed before")
                .isPositive()
                .isLessThan(from);
        assertThatThrownBy(() -> RequiredWords.check(before, nginx(with), RouteSets.local(), false, false, true))
                .as("a template of before there was any")
                .isInstanceOf(Failure.class)
                .hasMessageContaining(
                        "haproxy.cfg.mustache does not contain backend api::controller, which api.domain needs");
        RequiredWords.check(after, nginx(with), RouteSets.local(), false, false, true);
        RouteMaps maps = RouteMaps.of(with, "key".getBytes(StandardCharsets.UTF_8));
        assertThat(maps.routes().keySet())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("deploy.org|https.open-https-stream.");
        assertThat(maps.routes().values()).containsExactly("api::controller");
    }

    private static RoutingTable table() {
        Backend web = RouteSets.checked(
                new Backend(
                        "web",
                        "http",
                        true,
                        List.of("172.19.0.1", "10.9.9.9"),
                        15_001,
                        List.of("127.0.0.1:9000"),
                        true,
                        Optional.empty(),
                        List.of(
                                RouteSets.server("web", 1, State.READY, 100),
                                RouteSets.server("web", 2, State.DRAIN, 100),
                                RouteSets.server("web", 3, State.MAINT, 100))),
                "/up?full=1");
        Backend redis = RouteSets.backend(
                "redis",
                false,
                15_002,
                RouteSets.server("redis", 4, State.READY, 100),
                RouteSets.server("redis", 5, State.DRAIN, 100));
        Domain site = RouteSets.domain("example.org", "/", new Domain.Target("shop", "web", "http", 100));
        Domain wild = new Domain(
                "*.example.org",
                List.of(),
                site.routes(),
                Optional.empty(),
                Optional.of(new Domain.Certificate("chain", "key")),
                false,
                false,
                false,
                new TreeMap<>(Map.of("ann", "secret")),
                RouteSets.AT);
        return RoutingTable.of(List.of(RouteSets.part(List.of(web, redis), site, wild)));
    }

    private static void matches(String name, String text) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, text);
        }
        assertThat(text).isEqualTo(Files.readString(file));
    }

    @Test
    void haproxy() throws IOException {
        HaproxyConfig config =
                HaproxyConfig.render(table(), RouteSets.settings(Optional.empty()), RouteSets.local(), SHIPPED);
        matches("haproxy.cfg", config.text());
        assertThat(config.skipped()).containsExactly("10.9.9.9:15001");
        assertThat(HaproxyConfig.structureOf(config.text())).isEqualTo(config.structure());
    }

    @Test
    void nginx() throws IOException {
        matches(
                "nginx.conf",
                NginxConfig.render(table(), RouteSets.settings(Optional.empty()), RouteSets.local(), SHIPPED));
    }

    /** Domains with an access log change both files; which ones, and how many, does not. */
    @Test
    void accessLogs() throws IOException {
        Backend web = RouteSets.backend("web", true, 15_001, RouteSets.server("web", 1, State.READY, 100));
        Backend api = RouteSets.backend("api", true, 15_002, RouteSets.server("api", 2, State.READY, 100));
        Domain one = RouteSets.domain(
                "example.org",
                "/",
                new Domain.Target("shop", "web", "", 100),
                new Domain.Target("shop", "api", "", 100));
        RoutingTable off = RoutingTable.of(List.of(RouteSets.part(List.of(web, api), one)));
        RoutingTable on = RoutingTable.of(
                List.of(RouteSets.part(List.of(web, api), RouteSets.logging(one, Domain.AccessLog.QUERY))));
        String before = nginx(off);
        String after = nginx(on);
        assertThat(lost(before, after))
                .as("but for the generation, lines only come")
                .isEqualTo(2);
        matches("access-log.nginx.conf", added(before, after));
        assertThat(nginx(RoutingTable.of(List.of(RouteSets.part(
                        List.of(web, api),
                        RouteSets.logging(one, Domain.AccessLog.ON),
                        RouteSets.logging(
                                RouteSets.domain("other.org", "/", new Domain.Target("shop", "web", "", 100)),
                                Domain.AccessLog.ON))))))
                .isEqualTo(after);
        String haproxy = HaproxyConfig.render(off, RouteSets.settings(Optional.empty()), RouteSets.local(), SHIPPED)
                .text();
        String logging = HaproxyConfig.render(on, RouteSets.settings(Optional.empty()), RouteSets.local(), SHIPPED)
                .text();
        assertThat(lost(haproxy, logging))
                .as("but for the structure, lines only come")
                .isEqualTo(1);
        matches("access-log.haproxy.cfg", added(haproxy, logging));
    }

    /** A template of before there were access logs would write nothing down without a word. */
    @Test
    void aTemplateWithoutAccessLogsIsRefusedWhereADomainHasOne() {
        RoutingTable on = RoutingTable.of(List.of(RouteSets.part(
                List.of(),
                RouteSets.logging(
                        RouteSets.domain("example.org", "/", new Domain.Target("shop", "web", "", 100)),
                        Domain.AccessLog.ON))));
        String haproxy = HaproxyConfig.render(on, RouteSets.settings(Optional.empty()), RouteSets.local(), SHIPPED)
                .text();
        String nginx = nginx(on);
        RequiredWords.check(haproxy, nginx, RouteSets.local(), false, true);
        String earlier = nginx(RoutingTable.of(List.of()));
        RequiredWords.check(haproxy, earlier, RouteSets.local(), false, false);
        assertThatThrownBy(() -> RequiredWords.check(haproxy, earlier, RouteSets.local(), false, true))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("nginx.conf.mustache")
                .hasMessageContaining("access_log");
        assertThatThrownBy(() -> RequiredWords.check(
                        haproxy.replace("X-Portolan-Served", "X"), nginx, RouteSets.local(), false, true))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("haproxy.cfg.mustache");
    }

    private static String haproxy(RoutingTable table) {
        return HaproxyConfig.render(table, RouteSets.settings(Optional.empty()), RouteSets.local(), SHIPPED)
                .text();
    }

    private static String nginx(RoutingTable table) {
        return NginxConfig.render(table, RouteSets.settings(Optional.empty()), RouteSets.local(), SHIPPED);
    }

    private static long lost(String before, String after) {
        return before.lines().filter(line -> !after.contains(line)).count();
    }

    private static String added(String before, String after) {
        return after.lines()
                .skip(1)
                .filter(line -> !before.contains(line))
                .collect(java.util.stream.Collectors.joining("\n", "", "\n"));
    }

    @Test
    void serversDoNotChangeTheStructure() {
        Backend one = RouteSets.backend("web", true, 15_001, RouteSets.server("web", 1, State.READY, 100));
        Backend two = RouteSets.backend("web", true, 15_001, RouteSets.server("web", 2, State.DRAIN, 7));
        Backend moved = RouteSets.backend("web", true, 15_009, RouteSets.server("web", 1, State.READY, 100));
        assertThat(structure(one)).isEqualTo(structure(two)).isNotEqualTo(structure(moved));
    }

    private static String structure(Backend backend) {
        return haproxy(RouteSets.part(List.of(backend))).structure();
    }

    static HaproxyConfig haproxy(RouteSet part) {
        return HaproxyConfig.render(
                RoutingTable.of(List.of(part)), RouteSets.settings(Optional.empty()), RouteSets.local(), SHIPPED);
    }

    @Test
    void whatACheckSendsStandsForItself() {
        Health health = Health.once(
                "/up;a#b?c='d'$e{f}",
                "example.org:8080",
                new TreeMap<>(Map.of("X-Probe", new EnvValue("100% %[src] ${HOME} \"it's\"", false))),
                Duration.ofSeconds(1));
        Backend backend = RouteSets.checked(RouteSets.backend("web", true, 15_001), health);
        assertThat(haproxy(RouteSets.part(List.of(backend))).text())
                .contains("\n    http-check send meth GET uri '/up;a#b?c='\\''d'\\''$e{f}' ver HTTP/1.1"
                        + " hdr Host 'example.org:8080' hdr User-Agent 'portolan' hdr Accept '*/*'"
                        + " hdr X-Probe '100%% %%[src] ${HOME} \"it'\\''s\"' hdr Connection 'close'\n");
    }

    @Test
    void aVersionsOwnCheckHasABackendThatNothingIsSentTo() {
        Backend two = RouteSets.backend(
                "web",
                true,
                15_001,
                RouteSets.server("web", 1, State.READY, 100),
                new Server(new InstanceId("shop", "web", 2, 1), "127.0.0.1", 20_002, State.READY, 100));
        Backend backend = new Backend(
                two.service(),
                two.port(),
                two.http(),
                two.meshAddresses(),
                two.meshPort(),
                two.bindings(),
                two.sticky(),
                Optional.empty(),
                Optional.of(new RouteSet.Trial(
                        2, Health.once("/up", "example.org", new TreeMap<>(), Duration.ofSeconds(1)))),
                two.servers());
        String text = haproxy(RouteSets.part(List.of(backend))).text();
        String trial = text.substring(text.indexOf("backend check::shop:web "), text.indexOf("backend shop:web "));
        assertThat(trial)
                .contains("option httpchk", "hdr Host 'example.org'", "server shop-web-2-1 ")
                .doesNotContain("shop-web-1-1");
        assertThat(text.substring(text.indexOf("backend shop:web ")))
                .contains("server shop-web-1-1 ", "server shop-web-2-1 ")
                .doesNotContain("option httpchk");
        assertThat(text).doesNotContain("default_backend check::", "use_backend check::");
    }

    @Test
    void aTemplateMayNotNameTheUnknownAndItsFaultSaysWhatToDo() {
        assertThat(NginxConfig.render(
                        table(), RouteSets.settings(Optional.empty()), RouteSets.local(), of("# {{http}}\n")))
                .isEqualTo("# 127.0.0.1:8080\n");
        assertThatThrownBy(() -> NginxConfig.render(
                        table(), RouteSets.settings(Optional.empty()), RouteSets.local(), of("# {{htp}}\n")))
                .isInstanceOfSatisfying(Failure.class, failed -> assertThat(failed.hint())
                        .contains("correct the template nginx.conf.mustache"))
                .hasMessageContaining("nginx.conf.mustache")
                .hasMessageContaining("htp");
    }

    /** Templates that all have one text. */
    private static Templates of(String text) {
        return new Templates(new Templates.Texts() {
            @Override
            public String text(String name) {
                return text;
            }

            @Override
            public String remedy(String name) {
                return "correct the template " + name;
            }
        });
    }

    @Test
    void passwordsAreHashedAndHashesKept() {
        byte[] key = "key".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        String hash = PasswordHash.of("secret", key, "example.org");
        assertThat(hash).startsWith("$6$rounds=1000$").doesNotContain("secret");
        assertThat(PasswordHash.of("secret", key, "example.org")).isEqualTo(hash);
        assertThat(PasswordHash.of("secret", key, "other.org")).isNotEqualTo(hash);
        assertThat(PasswordHash.of(hash, key, "x")).isEqualTo(hash);
        assertThat(PasswordHash.isHash("$apr1$abcdefgh$0123456789012345678901")).isTrue();
        assertThat(PasswordHash.isHash("{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=")).isTrue();
        assertThat(PasswordHash.isHash("$6 reasons to hash")).isFalse();
    }
}
