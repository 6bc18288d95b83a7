package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The store's primary is killed under a release, traffic and a controller. */
@Tag("e2e")
class SentinelFailoverTest {
    private final List<Program> servers = new ArrayList<>();
    private TrialSite site;
    private Program primary;

    @BeforeEach
    void open() throws IOException {
        site = TrialSite.open();
        int first = TrialSite.freePort();
        primary = redis("one", "--port " + first);
        primary.printed("Ready to accept connections");
        redis("two", "--port " + TrialSite.freePort() + " --replicaof 127.0.0.1 " + first)
                .printed("Finished with success");
        List<String> addresses = new ArrayList<>();
        List<Program> sentinels = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int port = TrialSite.freePort();
            site.write("sentinel" + i + "/sentinel.conf", """
                    port %d
                    bind 127.0.0.1
                    sentinel monitor box 127.0.0.1 %d 2
                    sentinel down-after-milliseconds box 2000
                    sentinel failover-timeout box 5000
                    """.formatted(port, first));
            sentinels.add(started("sentinel" + i, "sentinel.conf --sentinel"));
            addresses.add("127.0.0.1:" + port);
        }
        for (Program sentinel : sentinels) {
            sentinel.printed("+slave ").printed("+sentinel ");
        }
        site.environment().put("PORTOLAN_REDIS", "sentinel://" + String.join(",", addresses) + "/box");
    }

    @AfterEach
    void close() {
        site.close();
        for (Program server : servers) {
            if (server.alive()) {
                server.signal("KILL");
                server.end(Duration.ofSeconds(10));
            }
        }
    }

    private Program redis(String folder, String options) throws IOException {
        Files.createDirectories(site.folder().resolve(folder));
        return started(folder, "--bind 127.0.0.1 --appendonly yes --min-replicas-max-lag 5 " + options);
    }

    private Program started(String folder, String options) {
        Path place = site.folder().resolve(folder);
        List<String> command = new ArrayList<>(List.of("redis-server"));
        command.addAll(List.of(options.split(" ", -1)));
        Program server = Program.start(place, Map.of("PATH", site.environment().get("PATH")), command);
        servers.add(server);
        return server;
    }

    @Test
    void aReleaseUnderTrafficGoesOnAndTheControllerLeadsAgain() throws Exception {
        site.writeWeb("shop", "web:1", "one", "scale: 3");
        site.run("deploy", "shop").exits(0);
        // The deploy goes through it.
        Program controller = site.start("serve").printed("listening on " + site.home());
        servers.add(controller);
        site.writeWeb("shop", "web:2", "two", "scale: 3");
        try (Traffic traffic = site.traffic("shop.test")) {
            Program release = site.start("deploy", "shop");
            Waiting.until(
                    "the release began",
                    () -> !release.alive() || site.names("shop").stream().anyMatch(name -> name.contains("-2-")));
            primary.signal("KILL");
            release.end(Duration.ofSeconds(100)).exits(0);
            Waiting.millis(2000);
            assertThat(site.get("shop.test").body()).startsWith("two v2 ");
        }
        site.engine().docker("rm", "-f", site.running("shop").getFirst());
        Waiting.until("the controller repairs", () -> site.running("shop").size() == 3);
        site.run("status").exits(0).prints("controller  ");
        site.run("-D", "shop", "history").exits(0).prints("2");
        assertThat(controller.alive()).isTrue();
    }
}
