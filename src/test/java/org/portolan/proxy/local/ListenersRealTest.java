package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.process.Commands;
import org.portolan.process.ListeningSockets;
import org.portolan.process.ProcessTable;

/** Who listens where: what is configured, what the proxies hold by the kernel, and what others hold. */
@Tag("real")
class ListenersRealTest {
    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private OriginServer origin;
    private int mesh;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        origin = new OriginServer("one");
        mesh = ProxyFixture.free();
        fixture.proxy.apply(part(fixture, "127.0.0.1"));
        assertThat(fixture.proxy.defects()).isEmpty();
    }

    @AfterEach
    void end() {
        fixture.close();
        origin.close();
    }

    private RouteSet part(ProxyFixture where, String... meshAddresses) {
        Backend backend = new Backend(
                "web",
                "",
                true,
                List.of(meshAddresses),
                mesh,
                List.of(),
                false,
                Optional.empty(),
                List.of(ProxyFixture.ready(ProxyFixture.id("web", 1, 1), origin.port())));
        return where.part(
                List.of(backend),
                ProxyFixture.domain("example.org")
                        .route("/", ProxyFixture.target("web"))
                        .make());
    }

    /** The addresses at which anybody listens on a port. */
    private static Set<String> at(int port) {
        Set<String> addresses = new TreeSet<>();
        ListeningSockets.read().all().stream()
                .filter(socket -> socket.port() == port)
                .forEach(socket -> addresses.add(socket.address()));
        return addresses;
    }

    private static List<String> found(List<ProxyDefect> defects) {
        return defects.stream().map(ProxyDefect::found).toList();
    }

    private static boolean interrupts(ProxyDefect defect) {
        return defect.repair().orElse("").contains("interrupted");
    }

    @Test
    void anEdgeThatIsClosedToTheNetworkIsClosed() {
        LocalProxy open = fixture.edge(fixture.http, "0.0.0.0");
        assertThat(found(open.defects())).anyMatch(line -> line.contains("127.0.0.1:" + fixture.http));
        open.ensureRunning();
        assertThat(at(fixture.http)).containsExactly("0.0.0.0");

        LocalProxy closed = fixture.edge(fixture.http, "127.0.0.1");
        assertThat(closed.describe())
                .as("what is, not what is configured")
                .anyMatch(line -> line.contains("0.0.0.0:" + fixture.http));
        assertThat(closed.defects()).anyMatch(ListenersRealTest::interrupts);
        assertThat(closed.ensureRunning()).isNotEmpty();
        assertThat(at(fixture.http)).containsExactly("127.0.0.1");
        assertThat(closed.defects()).isEmpty();
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
        assertThat(closed.ensureRunning()).as("nothing is left to do").isEmpty();
        assertThat(closed.apply(part(fixture, "127.0.0.1", "127.0.0.2")))
                .as("later changes load")
                .isTrue();
    }

    @Test
    void anotherPortOfTheEdgeNeedsNoInterruption() throws IOException {
        int port = ProxyFixture.free();
        LocalProxy moved = fixture.edge(port, "127.0.0.1");
        assertThat(moved.defects()).isNotEmpty().noneMatch(ListenersRealTest::interrupts);
        moved.ensureRunning();
        assertThat(at(port)).containsExactly("127.0.0.1");
        assertThat(at(fixture.http)).isEmpty();
    }

    @Test
    void aTakenPortOfTheEdgeIsRefusedWithItsHolderAndChangesNothing() throws IOException {
        String self = "in use by java (process " + ProcessHandle.current().pid() + ")";
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            LocalProxy moved = fixture.edge(other.getLocalPort(), "127.0.0.1");
            assertThat(moved.obstacle("127.0.0.1", other.getLocalPort()).orElse(""))
                    .contains(self);
            assertThatThrownBy(moved::ensureRunning)
                    .hasMessageContaining("nginx cannot listen on 127.0.0.1:" + other.getLocalPort())
                    .hasMessageContaining(self);
        }
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
        fixture.proxy.ensureRunning();
        assertThat(fixture.proxy.defects()).isEmpty();
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
    }

    @Test
    void bothFamiliesAreServed() {
        LocalProxy both = fixture.edge(fixture.http, "0.0.0.0", "::");
        both.ensureRunning();
        assertThat(at(fixture.http)).containsExactly("0.0.0.0", "::");
        assertThat(overSix()).endsWith("200");
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");

        LocalProxy one = fixture.edge(fixture.http, "::");
        one.ensureRunning();
        assertThat(at(fixture.http)).containsExactly("::");
        assertThat(overSix()).endsWith("200");
        assertThat(fixture.status("example.org", "/")).as("IPv4 too").isEqualTo("200");
        assertThat(one.apply(part(fixture, "127.0.0.1", "::1"))).isTrue();
        assertThat(at(mesh)).containsExactly("127.0.0.1", "::1");
        assertThat(one.defects()).isEmpty();
    }

    private String overSix() {
        return fixture.curl("-H", "Host: example.org", "http://[::1]:" + fixture.http + "/");
    }

    @Test
    void statisticsMoveAlthoughTheOldWorkerHasTheirPort() throws IOException {
        LocalProxy wide = fixture.statistics(fixture.stats, "0.0.0.0");
        wide.ensureRunning();
        assertThat(at(fixture.stats)).containsExactly("0.0.0.0");
        int port = ProxyFixture.free();
        LocalProxy moved = fixture.statistics(port, "127.0.0.1", "::1");
        moved.ensureRunning();
        assertThat(at(port)).containsExactly("127.0.0.1", "::1");
        assertThat(at(fixture.stats)).isEmpty();
        assertThat(moved.defects()).isEmpty();
    }

    @Test
    void twoInstallationsDoNotShareAPort() throws IOException {
        try (ProxyFixture second = new ProxyFixture(folder.resolve("second"))) {
            LocalProxy same = second.statistics(fixture.stats, "127.0.0.1");
            assertThat(same.obstacle("127.0.0.1", fixture.stats).orElse("")).contains("in use by haproxy (process ");
            assertThatThrownBy(same::ensureRunning)
                    .hasMessageContaining("HAProxy cannot listen on 127.0.0.1:" + fixture.stats)
                    .hasMessageContaining("in use by haproxy (process ");
            assertThat(second.proxy.obstacle("127.0.0.1", fixture.http).orElse(""))
                    .contains("in use by nginx (process ");
            second.proxy.ensureRunning();
            assertThat(second.proxy.defects()).isEmpty();
            // Neither may a TCP domain take the other installation's port between nginx and HAProxy.
            int router = fixture.proxy.own().getLast().port();
            RouteSet grabbing = second.part(
                    List.of(), ProxyFixture.domain("tcp.org").tcp(router, "web").make());
            assertThatThrownBy(() -> second.proxy.apply(grabbing)).hasMessageContaining("in use by haproxy (process ");
        }
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
        assertThat(fixture.proxy.defects()).isEmpty();
    }

    @Test
    void anAddressThatCameBackIsListenedAtAgain() {
        fixture.proxy.apply(part(fixture, "127.0.0.1", "10.99.0.7"));
        assertThat(fixture.proxy.defects())
                .as("named, and nothing can be done yet")
                .hasSize(1)
                .allMatch(defect ->
                        defect.found().contains("10.99.0.7") && defect.repair().isEmpty());
        assertThat(fixture.proxy.ensureRunning()).isEmpty();
        Commands.run(List.of("ip", "addr", "add", "10.99.0.7/32", "dev", "lo"), Duration.ofSeconds(5));
        try {
            assertThat(fixture.proxy.defects())
                    .anyMatch(defect -> defect.found().contains("HAProxy does not listen on 10.99.0.7:" + mesh)
                            && defect.repair().isPresent());
            assertThat(fixture.proxy.ensureRunning()).isNotEmpty();
            assertThat(at(mesh)).contains("10.99.0.7");
            assertThat(fixture.proxy.defects()).isEmpty();
        } finally {
            Commands.run(List.of("ip", "addr", "del", "10.99.0.7/32", "dev", "lo"), Duration.ofSeconds(5));
        }
    }

    private List<Long> ours() {
        List<Long> found = new ArrayList<>();
        for (ProcessTable.Entry process : ProcessTable.own()) {
            String line = String.join(" ", process.arguments());
            if (line.contains(fixture.settings.folder() + "/nginx.conf")
                    || line.contains(fixture.settings.folder() + "/haproxy.cfg")) {
                found.add(process.pid());
            }
        }
        return found;
    }

    private void loseFiles() throws IOException {
        try (Stream<Path> files = Files.walk(fixture.settings.folder())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void proxiesWhoseFilesAreLostAreSeenAndEnded() throws IOException {
        loseFiles();
        LocalProxy next = LocalProxy.open(fixture.settings);
        assertThat(next.describe())
                .anyMatch(line -> line.startsWith("haproxy  running"))
                .anyMatch(line -> line.startsWith("nginx    running"));
        assertThat(fixture.settings.folder()).as("looking makes nothing").doesNotExist();
        next.stop();
        assertThat(ours()).isEmpty();
        assertThat(at(fixture.http)).isEmpty();
        assertThat(at(fixture.stats)).isEmpty();
        assertThat(next.describe()).allMatch(line -> line.contains("not started yet"));
    }

    @Test
    void proxiesWhoseFilesAreLostAreReplacedByTheNextStart() throws IOException {
        loseFiles();
        LocalProxy next = LocalProxy.open(fixture.settings);
        next.ensureRunning();
        next.apply(part(fixture, "127.0.0.1"));
        assertThat(next.defects()).isEmpty();
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
    }

    @Test
    void workersWhoseMasterWasKilledAreOursAndGiveWay() throws IOException {
        Path pidFile = fixture.proxy.folder().resolve("run/nginx.pid");
        ProcessHandle master = ProcessHandle.of(
                        Long.parseLong(Files.readString(pidFile).strip()))
                .orElseThrow();
        List<ProcessHandle> workers = master.children().toList();
        assertThat(workers).isNotEmpty();
        master.destroyForcibly();
        master.onExit().join();
        assertThat(fixture.status("example.org", "/")).as("they serve on").isEqualTo("200");
        fixture.proxy.ensureRunning();
        fixture.proxy.apply(part(fixture, "127.0.0.1"));
        assertThat(fixture.proxy.defects()).isEmpty();
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
        assertThat(Long.parseLong(Files.readString(pidFile).strip())).isNotEqualTo(master.pid());
    }

    @Test
    void aLostPidFileOrSocketIsNoReasonForASecondProxy() throws IOException {
        Files.delete(fixture.proxy.folder().resolve("run/nginx.pid"));
        assertThat(fixture.proxy.defects()).isEmpty();
        Files.delete(fixture.proxy.folder().resolve("run/haproxy-master.sock"));
        assertThat(found(fixture.proxy.defects())).anyMatch(line -> line.contains("is running but does not answer"));
        fixture.proxy.ensureRunning();
        assertThat(fixture.proxy.defects()).isEmpty();
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
    }

    @Test
    void workersWhoseMasterWasKilledMakeWay() {
        for (ProcessTable.Entry process : ProcessTable.own()) {
            if (process.arguments().getFirst().startsWith("nginx: master") && ours().contains(process.pid())) {
                ProcessHandle.of(process.pid()).ifPresent(master -> {
                    master.destroyForcibly();
                    master.onExit().join();
                });
            }
        }
        assertThat(fixture.proxy.obstacle("127.0.0.1", fixture.http))
                .as("its own worker is nobody else")
                .isEmpty();
        fixture.proxy.ensureRunning();
        assertThat(fixture.proxy.defects()).isEmpty();
        assertThat(fixture.status("example.org", "/")).isEqualTo("200");
    }

    @Test
    void helpersKeepNothingOfTheCallersEnvironment() {
        assertThat(ours()).hasSizeGreaterThan(1);
        for (long pid : ours()) {
            assertThat(ProcessTable.variables(pid))
                    .as("process " + pid)
                    .noneMatch(name -> name.startsWith("PORTOLAN_") || name.startsWith("MAVEN") || name.equals("PWD"));
        }
        // nginx writes its title over the place where the kernel would show them.
        assertThat(ours()).anyMatch(pid -> ProcessTable.variables(pid).contains("PATH"));
    }

    @Test
    void twentyReloadsHandTheListenersOver() throws Exception {
        List<String> failures = new ArrayList<>();
        Thread[] clients = new Thread[4];
        AtomicBoolean over = new AtomicBoolean();
        for (int i = 0; i < clients.length; i++) {
            clients[i] = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    String status = fixture.status("example.org", "/");
                    if (!status.equals("200")) {
                        synchronized (failures) {
                            failures.add(status);
                        }
                    }
                }
            });
        }
        for (int i = 0; i < 20; i++) {
            assertThat(fixture.proxy.apply(
                            new RouteSet("more", List.of(ProxyFixture.http("x" + i, mesh + 1 + i)), List.of())))
                    .isTrue();
        }
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
    }
}
