package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.process.Commands;
import org.portolan.process.ExclusiveLock;

/** What the proxies serve, changed or lost behind Portolan's back: seen, named and repaired. */
@Tag("real")
class ServingRealTest {
    private static final String SERVER = "shop:web/shop-web-1-1";

    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private OriginServer origin;
    private Path run;
    private Path sites;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        ProxyLayout layout = new ProxyLayout(fixture.settings);
        run = layout.run();
        sites = layout.sites();
        origin = new OriginServer("one");
        int mesh = ProxyFixture.free();
        Backend backend = new Backend(
                "web",
                "",
                true,
                List.of("127.0.0.1"),
                mesh,
                List.of(),
                false,
                Optional.empty(),
                List.of(
                        ProxyFixture.ready(ProxyFixture.id("web", 1, 1), origin.port()),
                        ProxyFixture.ready(ProxyFixture.id("web", 1, 2), origin.port())));
        RouteSet part = fixture.part(
                List.of(backend),
                ProxyFixture.domain("open.org")
                        .route("/", ProxyFixture.target("web"))
                        .make(),
                ProxyFixture.domain("closed.org")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ada", "lovelace")
                        .make(),
                ProxyFixture.domain("digest.org")
                        .route("/", ProxyFixture.target("web"))
                        .digest("ada", "lovelace")
                        .make(),
                ProxyFixture.domain("safe.org")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(ProxyFixture.certificate(folder, "safe.org"))
                        .make());
        fixture.proxy.apply(part);
        assertThat(fixture.proxy.defects()).isEmpty();
    }

    @AfterEach
    void end() {
        fixture.close();
        origin.close();
    }

    /** What an administrator types on HAProxy's socket; returns what the worker says. */
    private String haproxy(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(run.resolve("haproxy-master.sock")));
            channel.write(ByteBuffer.wrap(("@1 " + command + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(1 << 20);
            while (channel.read(answer) >= 0) {
                // Until it closes.
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    private void assertSeenAndRepaired(String what) {
        List<String> found =
                fixture.proxy.defects().stream().map(ProxyDefect::found).toList();
        assertThat(found).anyMatch(line -> line.contains(what));
        assertThat(fixture.proxy.defects()).allMatch(defect -> defect.repair().isPresent());
        assertThat(fixture.proxy.ensureRunning()).anyMatch(line -> line.contains(what));
        assertThat(fixture.proxy.defects()).isEmpty();
        assertThat(fixture.status("open.org", "/")).isEqualTo("200");
        assertThat(fixture.status("closed.org", "/")).isEqualTo("401");
        assertThat(fixture.status("closed.org", "/", "-u", "ada:lovelace")).isEqualTo("200");
        assertThat(secure()).endsWith("200");
    }

    /** What runs does not change before the next reload; then it would be what was edited. */
    @Test
    void configurationsThatSomebodyEditedAreSeenAndWrittenAgain() throws IOException {
        for (String name : List.of("haproxy.cfg", "nginx.conf")) {
            Path file = fixture.settings.folder().resolve(name);
            String before = Files.readString(file);
            Files.writeString(file, before + "# by hand\n");
            assertSeenAndRepaired(file + " was changed by hand");
            assertThat(Files.readString(file)).isEqualTo(before);
            // As an earlier version left it: nothing is known, and nothing said.
            Files.delete(run.resolve(name + ".sum"));
            assertThat(fixture.proxy.defects()).isEmpty();
        }
    }

    /** Also what was edited while nobody asked; what Portolan does itself, and its looks, are not told. */
    @Test
    void editsAndDeadProxiesAreToldWithinASecond() throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (AutoCloseable watch = fixture.proxy.watch(told::incrementAndGet)) {
            assertThat(watch).isNotNull();
            Thread.sleep(1100);
            fixture.proxy.look(Set.of("shop"));
            fixture.proxy.ensureRunning();
            fixture.proxy.remove("other");
            Thread.sleep(1100);
            assertThat(told).as("nobody did anything").hasValue(0);
            Path file = fixture.settings.folder().resolve("haproxy.cfg");
            Files.writeString(file, Files.readString(file) + "# by hand\n");
            awaitTold(told, 1);
            assertSeenAndRepaired(file + " was changed by hand");
            Thread.sleep(2100);
            assertThat(told).as("the repair").hasValue(1);
            String pid = Files.readString(run.resolve("haproxy.pid")).strip();
            Commands.run(List.of("/bin/kill", "-9", pid), Duration.ofSeconds(5));
            awaitTold(told, 2);
        }
    }

    private static void awaitTold(AtomicInteger told, int times) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (told.get() < times && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(told).hasValue(times);
    }

    private String secure() {
        return fixture.curl(
                "-k",
                "--resolve",
                "safe.org:" + fixture.https + ":127.0.0.1",
                "https://safe.org:" + fixture.https + "/");
    }

    @Test
    void serversThatSomebodyTookOutOrMoved() throws IOException {
        haproxy("set server " + SERVER + " state maint");
        haproxy("set server shop:web/shop-web-1-2 state drain");
        assertThat(fixture.status("open.org", "/")).isEqualTo("503");
        assertSeenAndRepaired("server shop-web-1-1 of shop:web is in maintenance");
        haproxy("set server " + SERVER + " weight 1");
        assertSeenAndRepaired("has weight 1 instead of 100");
        haproxy("set server " + SERVER + " addr 127.0.0.1 port 9");
        assertSeenAndRepaired("is at 127.0.0.1:9 instead of");
        haproxy("disable health " + SERVER);
        assertSeenAndRepaired("is not checked");
    }

    @Test
    void serversThatAreMissingOrOneTooMany() throws IOException {
        haproxy("set server " + SERVER + " state maint");
        haproxy("del server " + SERVER);
        assertSeenAndRepaired("server shop-web-1-1 of shop:web is missing");
        haproxy("add server shop:web/stranger 127.0.0.1:9 weight 50");
        haproxy("enable server shop:web/stranger");
        assertSeenAndRepaired("server stranger of shop:web is one too many");
    }

    @Test
    void mapsThatSomebodyEmptied() throws IOException {
        haproxy("clear map " + folder.resolve("proxies/maps/routes.map"));
        assertSeenAndRepaired("HAProxy's maps");
        assertThat(fixture.status("digest.org", "/", "--digest", "-u", "ada:lovelace"))
                .isEqualTo("200");
        haproxy("clear map " + folder.resolve("proxies/maps/digest.map"));
        assertThat(fixture.status("digest.org", "/", "--digest", "-u", "ada:lovelace"))
                .isEqualTo("503");
        assertSeenAndRepaired("HAProxy's maps");
        assertThat(fixture.status("digest.org", "/", "--digest", "-u", "ada:lovelace"))
                .isEqualTo("200");
    }

    @Test
    void aChangeThatWasBrokenOff() throws IOException {
        Files.createFile(new ProxyLayout(fixture.settings).pending());
        assertSeenAndRepaired("a change of the proxies was interrupted");
    }

    @Test
    void aChangeThatIsUnderWayIsNoDefect() throws IOException {
        ExclusiveLock other = ExclusiveLock.hold(new ProxyLayout(fixture.settings).lock(), Duration.ofSeconds(1));
        try {
            haproxy("set server " + SERVER + " weight 1");
            assertThat(fixture.proxy.defects()).isEmpty();
        } finally {
            other.close();
        }
        assertThat(fixture.proxy.defects()).isNotEmpty();
    }

    @Test
    void filesByDomainThatWereLost() {
        shell("rm -rf " + sites);
        assertThat(fixture.status("open.org", "/")).isNotEqualTo("200");
        assertSeenAndRepaired("files that nginx reads for open.org are missing");
        shell("rm " + sites + "/current");
        assertSeenAndRepaired("files that nginx reads for safe.org are missing");
        shell("rm " + sites + "/tls/safe.org.pem");
        assertThat(secure()).doesNotEndWith("200");
        assertSeenAndRepaired("the certificate file of safe.org");
    }

    @Test
    void filesByDomainThatWereDamagedOrClosed() {
        shell("echo 'eve:{PLAIN}apple' >> " + sites + "/current/closed.org/users");
        assertThat(fixture.status("closed.org", "/", "-u", "eve:apple")).isEqualTo("200");
        assertSeenAndRepaired("the password file of closed.org");
        assertThat(fixture.status("closed.org", "/", "-u", "eve:apple")).isEqualTo("401");
        shell("chmod 000 " + sites + "/tls/safe.org.pem");
        assertSeenAndRepaired("safe.org");
        shell("chmod 000 " + sites + "/current/closed.org/users");
        assertThat(fixture.status("closed.org", "/", "-u", "ada:lovelace")).isNotEqualTo("200");
        assertSeenAndRepaired("nginx does not serve closed.org as declared");
        shell("chmod 700 " + sites + "/policies; chown -R root:root " + sites + "/policies");
        assertThat(fixture.status("open.org", "/")).isNotEqualTo("200");
        assertSeenAndRepaired("nginx does not serve open.org as declared");
    }

    @Test
    void aDamagedPartCostsItsDeploymentAlone() throws IOException {
        RouteSet other = new RouteSet(
                "other",
                List.of(),
                List.of(ProxyFixture.domain("other.org")
                        .route("/", ProxyFixture.target("web"))
                        .maintenance()
                        .make()));
        fixture.proxy.apply(other);
        assertThat(fixture.status("other.org", "/")).isEqualTo("503");
        Path bad = folder.resolve("proxies/parts/other.json");
        Files.writeString(bad, "{\"part\": nonsense");
        fixture.proxy.stop();
        assertThat(fixture.proxy.defects()).anyMatch(defect -> defect.found().contains(bad + " is damaged"));
        assertThat(fixture.proxy.ensureRunning())
                .anyMatch(line -> line.contains("set the damaged routes of other aside"));
        assertThat(bad).doesNotExist();
        assertThat(fixture.status("open.org", "/")).isEqualTo("200");
        assertThat(fixture.status("other.org", "/")).isEqualTo("404");
        assertThat(fixture.proxy.defects()).singleElement().satisfies(defect -> assertThat(defect.remedy())
                .isPresent());
        assertThat(fixture.proxy.ensureRunning()).isEmpty();
        fixture.proxy.apply(other);
        assertThat(fixture.proxy.defects()).isEmpty();
        assertThat(fixture.status("other.org", "/")).isEqualTo("503");

        Files.writeString(bad, "");
        fixture.proxy.remove("other");
        assertThat(fixture.proxy.defects()).isEmpty();
        assertThat(fixture.status("other.org", "/")).isEqualTo("404");
        assertThat(fixture.status("open.org", "/")).isEqualTo("200");
    }

    /** Binary rubbish, or a folder, where the proxies' own files belong. */
    @Test
    void filesThatAreNoTextOrFolders() throws IOException {
        String proxies = folder.resolve("proxies").toString();
        for (String name : List.of(
                "maps/routes.map",
                "haproxy.cfg",
                "nginx.conf",
                "settings",
                "router-port",
                "secret-edge",
                "secret-key",
                "secret-digest",
                "maps/digest.map",
                "maps/digest.lua")) {
            for (String damage : List.of("head -c 3000 /dev/urandom > $f", "rm $f; mkdir -p $f/inside")) {
                shell("f=" + proxies + "/" + name + "; " + damage);
                assertWhole(name + " after " + damage);
            }
        }
        shell(": > " + proxies + "/secret-edge");
        assertWhole("an empty word between the proxies");
        for (String name : List.of("current/closed.org/users", "tls/safe.org.pem")) {
            for (String damage : List.of("head -c 3000 /dev/urandom > $f", "rm $f; mkdir -p $f/inside")) {
                shell("f=" + sites + "/" + name + "; " + damage);
                assertWhole(name + " after " + damage);
            }
        }
        shell("cd " + sites + "; rm current; ln -s names/nowhere current");
        assertWhole("a dangling link");
        shell("cd " + sites + "; rm current; mkdir -p current/open.org");
        assertWhole("a folder in the link's place");
        shell("cd " + sites + "; rm -r policies; echo > policies; rm -r names; echo > names; rm -r tls; echo > tls");
        assertWhole("files in the folders' places");
        shell("cd " + proxies + "; rm -r maps; echo > maps");
        assertWhole("a file in the place of the maps' folder");
    }

    /** What the next command does about it, and whether all is served as declared then; nothing may stop it. */
    private void assertWhole(String after) {
        LocalProxy next = LocalProxy.open(fixture.settings);
        next.defects();
        next.ensureRunning();
        assertThat(next.defects()).as(after).isEmpty();
        assertThat(fixture.status("open.org", "/")).as(after).isEqualTo("200");
        assertThat(fixture.status("closed.org", "/")).as(after).isEqualTo("401");
        assertThat(fixture.status("closed.org", "/", "-u", "ada:lovelace"))
                .as(after)
                .isEqualTo("200");
        assertThat(secure()).as(after).endsWith("200");
    }

    private static void shell(String command) {
        Commands.run(List.of("sh", "-c", command), Duration.ofSeconds(10));
    }
}
