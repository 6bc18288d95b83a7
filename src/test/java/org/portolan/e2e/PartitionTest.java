package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The leader, the store's primary and one Sentinel are cut off from everything else, in a network namespace with a wire that is
 * unplugged. The engine is reached from both sides.
 */
@Tag("e2e")
class PartitionTest {
    private static final String SIDE = "cut";
    private static final String THERE = "198.18.7.2";
    private static final String HERE = "198.18.7.1";

    private final List<Program> programs = new ArrayList<>();
    private final List<Program> controllers = new ArrayList<>();
    private TrialSite site;

    @BeforeEach
    void open() throws IOException {
        site = TrialSite.open();
        ip("netns", "add", SIDE);
        ip("link", "add", "wire0", "type", "veth", "peer", "name", "wire1", "netns", SIDE);
        ip("addr", "add", HERE + "/30", "dev", "wire0");
        ip("link", "set", "wire0", "up");
        ip("-n", SIDE, "addr", "add", THERE + "/30", "dev", "wire1");
        ip("-n", SIDE, "link", "set", "wire1", "up");
        ip("-n", SIDE, "link", "set", "lo", "up");
        int port = TrialSite.freePort();
        redis(true, "one", "--port " + port).printed("Ready to accept connections");
        // Two: the one that becomes the primary takes no write without a replica.
        for (int i = 0; i < 2; i++) {
            redis(false, "replica" + i, "--port " + (port + i) + " --replicaof " + THERE + " " + port)
                    .printed("Finished with success");
        }
        int sentinelPort = TrialSite.freePort();
        List<Program> sentinels = List.of(
                sentinel(true, "s0", sentinelPort, port),
                sentinel(false, "s1", sentinelPort, port),
                sentinel(false, "s2", sentinelPort + 1, port));
        sentinels.forEach(one -> one.printed("+slave ").printed("+sentinel "));
        site.environment()
                .put(
                        "PORTOLAN_REDIS",
                        "sentinel://" + THERE + ":" + sentinelPort + "," + HERE + ":" + sentinelPort + "," + HERE + ":"
                                + (sentinelPort + 1) + "/box");
    }

    /** Without controllers, and as long as the store is there, the site can be taken down; the engine is other tests' as well. */
    @AfterEach
    void close() {
        ip("link", "set", "wire0", "up");
        controllers.forEach(PartitionTest::kill);
        site.close();
        programs.forEach(PartitionTest::kill);
        ip("link", "delete", "wire0");
        ip("netns", "delete", SIDE);
    }

    private static void kill(Program program) {
        if (program.alive()) {
            program.signal("KILL");
            program.end(Duration.ofSeconds(10));
        }
    }

    private void ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Program.start(site.folder(), Map.of("PATH", site.environment().get("PATH")), command)
                .end()
                .exits(0);
    }

    private Program redis(boolean there, String folder, String options) throws IOException {
        return started(
                there,
                folder,
                "--bind " + (there ? THERE : HERE)
                        + " --protected-mode no --appendonly yes --min-replicas-to-write 1 --min-replicas-max-lag 5 "
                        + options);
    }

    private Program sentinel(boolean there, String folder, int port, int primary) throws IOException {
        site.write(folder + "/sentinel.conf", """
                port %d
                bind %s
                protected-mode no
                sentinel monitor box %s %d 2
                sentinel down-after-milliseconds box 2000
                sentinel failover-timeout box 5000
                """.formatted(port, there ? THERE : HERE, THERE, primary));
        return started(there, folder, "sentinel.conf --sentinel");
    }

    private Program started(boolean there, String folder, String options) throws IOException {
        Path place = Files.createDirectories(site.folder().resolve(folder));
        List<String> command = new ArrayList<>(there ? List.of("ip", "netns", "exec", SIDE) : List.<String>of());
        command.add("redis-server");
        command.addAll(List.of(options.split(" ", -1)));
        Program server = Program.start(place, Map.of("PATH", site.environment().get("PATH")), command);
        programs.add(server);
        return server;
    }

    private Program kept(Program controller) {
        controllers.add(controller);
        return controller;
    }

    @Test
    void aLeaderThatIsCutOffStopsBeforeTheOtherOneBegins() {
        site.write(
                "shop/Servicefile", "Name: shop\nweb:\n  image: idle:1\n  scale: 2\n  rollout: {min_healthy: 200ms}\n");
        site.run("deploy", "shop").exits(0);
        Program leader = kept(site.startIn(SIDE, "serve")).printed("Controller leads");
        Program standby = kept(site.start("serve")).printed("Controller stands by");
        Instant since = Instant.now();
        ip("link", "set", "wire0", "down");
        Waiting.millis(2500);
        // Nothing of this can be written where the leader is: it must not act on it.
        site.engine().docker("rm", "-f", "shop-web-1-1");
        leader.printed("no longer leads: its lock in the store was lost");
        standby.printed("Controller leads");
        Duration took = Duration.between(since, Instant.now());
        Waiting.until("it is repaired", () -> site.running("shop").size() == 2);
        assertThat(made(since)).containsExactly("shop-web-1-1");
        assertThat(leader.printedSoFar()).doesNotContain("Deploying shop");
        assertThat(standby.printedSoFar()).contains("Deploying shop");
        assertThat(took).isLessThan(Duration.ofSeconds(40));

        ip("link", "set", "wire0", "up");
        leader.printed("Controller stands by");
        assertThat(made(since)).hasSize(1);
        assertThat(leader.alive()).isTrue();
        site.run("-D", "shop", "history").exits(0).prints("drift");
    }

    private List<String> made(Instant since) {
        String names = site.engine()
                .docker(
                        "events",
                        "--since",
                        String.valueOf(since.getEpochSecond()),
                        "--until",
                        String.valueOf(Instant.now().getEpochSecond() + 1),
                        "--filter",
                        "event=create",
                        "--filter",
                        "label=org.portolan.deployment=shop",
                        "--format",
                        "{{.Actor.Attributes.name}}");
        return names.lines().toList();
    }
}
