package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.process.Commands;
import org.portolan.routing.ProxySettings;

/** A HAProxy and an nginx that somebody else started: Portolan writes a file into their folders and has them reloaded. */
@Tag("real")
class SystemDriverRealTest {
    @TempDir
    Path folder;

    private static void run(String... words) {
        Commands.Result result = Commands.run(List.of(words), Duration.ofSeconds(20));
        assertThat(result.succeeded())
                .as(String.join(" ", words) + ": " + result.output())
                .isTrue();
    }

    @Test
    void theirFoldersAndReloadCommandsAreUsed() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path haproxy = Files.createDirectories(folder.resolve("haproxy"));
        Path nginx = Files.createDirectories(folder.resolve("nginx"));
        Path socket = folder.resolve("master.sock");
        Files.writeString(
                haproxy.resolve("base.cfg"),
                "global\n    hard-stop-after 60s\ndefaults\n    mode http\n    timeout connect 5s\n    timeout client 1m\n"
                        + "    timeout server 1m\nfrontend theirs\n    bind 127.0.0.1:" + ProxyFixture.free()
                        + "\n    http-request return status 200\n");
        Files.writeString(
                folder.resolve("nginx.conf"),
                "user www-data;\npid " + folder + "/nginx.pid;\nevents {}\nhttp { include " + nginx + "/*.conf; }\n");
        run("haproxy", "-W", "-D", "-p", folder + "/haproxy.pid", "-S", socket.toString(), "-f", haproxy.toString());
        run("nginx", "-c", folder + "/nginx.conf", "-e", folder + "/error.log");
        ProxySettings settings = new ProxySettings(
                folder.resolve("proxies"),
                Optional.empty(),
                new ProxySettings.Edge(List.of("127.0.0.1"), ProxyFixture.free(), ProxyFixture.free(), 0),
                new ProxySettings.Statistics(List.of("127.0.0.1"), ProxyFixture.free(), "portolan", Optional.empty()),
                ProxySettings.Timeouts.of(Duration.ofHours(1)),
                new ProxySettings.Program(
                        true,
                        "haproxy",
                        Optional.of(haproxy),
                        List.of("sh", "-c", "kill -USR2 $(cat " + folder + "/haproxy.pid)"),
                        Optional.of(socket)),
                new ProxySettings.Program(
                        true,
                        "nginx",
                        Optional.of(nginx),
                        List.of("nginx", "-c", folder + "/nginx.conf", "-e", folder + "/error.log", "-s", "reload"),
                        Optional.empty()),
                Optional.empty());
        try (OriginServer origin = new OriginServer("one");
                LocalProxy proxy = LocalProxy.open(settings)) {
            proxy.ensureRunning();
            proxy.apply(new org.portolan.model.routing.RouteSet(
                    "shop",
                    List.of(ProxyFixture.http(
                            "web",
                            ProxyFixture.free(),
                            ProxyFixture.ready(ProxyFixture.id("web", 1, 1), origin.port()))),
                    List.of(ProxyFixture.domain("sys.org")
                            .route("/", ProxyFixture.target("web"))
                            .auth("ann", "pw")
                            .make())));
            String edge = "http://127.0.0.1:" + settings.edge().http() + "/";
            assertThat(curl("-H", "Host: sys.org", edge)).endsWith("401");
            assertThat(curl("-u", "ann:pw", "-H", "Host: sys.org", edge))
                    .startsWith("one GET /")
                    .endsWith("200");
            assertThat(proxy.observe("shop")).hasSize(1);
        } finally {
            run("sh", "-c", "kill $(cat " + folder + "/haproxy.pid) $(cat " + folder + "/nginx.pid)");
        }
    }

    private static String curl(String... words) {
        List<String> command = new java.util.ArrayList<>(List.of("curl", "-s", "-m", "10", "-w", "\n%{http_code}"));
        command.addAll(List.of(words));
        return Commands.run(command, Duration.ofSeconds(20)).output();
    }
}
