package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A release that is broken in one of many ways is rolled back: the old one serves all the time, and the cause is shown. */
@Tag("e2e")
class BadReleasesTest {
    private static TrialSite site;
    private List<String> before = List.of();

    @BeforeAll
    static void open() {
        site = TrialSite.open();
        site.writeWeb("shop", "web:1", "good");
        site.run("deploy", "shop").exits(0);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @BeforeEach
    void look() {
        before = site.containers("shop");
    }

    @AfterEach
    void theOldInstancesWereNotTouched() {
        assertThat(site.containers("shop")).isEqualTo(before);
        assertThat(site.get("shop.test").body()).startsWith("good v1 ");
        site.writeWeb("shop", "web:1", "good");
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
    }

    private Ran deploy() {
        try (Traffic traffic = site.traffic("shop.test")) {
            return site.run("deploy", "shop").exits(1);
        }
    }

    @Test
    void anInstanceThatExitsAtOnce() {
        site.writeWeb("shop", "exits:1", "good");
        deploy().prints("3", "cannot open the database", "rolled back to release 1: web version 1");
        site.run("history", "-D", "shop").exits(0).prints("failed");
    }

    @Test
    void anInstanceThatIsNeverHealthy() {
        site.writeWeb("shop", "sick:1", "good");
        deploy().prints("not healthy within 4s", "404", "I feel sick", "rolled back to release 1");
    }

    @Test
    void anInstanceThatListensOnAnotherPort() {
        site.writeWeb("shop", "elsewhere:1", "good");
        deploy().prints("not healthy within 4s", "refused", "rolled back to release 1");
    }

    @Test
    void anInstanceThatListensOnAnotherPortAndHasNoCheck() {
        site.writeWeb("shop", "elsewhere:1", "good", "health:", "rollout: {deadline: 9s}");
        deploy().prints(
                        "web: HAProxy cannot reach port 8000 (http) of shop-web-",
                        "does not listen on port 8000 (http): checked for 9s (L4CON)",
                        "rolled back to release 1");
    }

    @Test
    void anInstanceThatExitsAfterAWhile() {
        site.writeWeb("shop", "falls:1", "good", "health: {http: /up, deadline: 20s}", "rollout: {min_healthy: 6s}");
        deploy().prints("exited with status 4", "no memory left", "rolled back to release 1");
    }

    @Test
    void anImageThatCannotBeHad() {
        site.writeWeb("shop", "web:9", "good");
        deploy().prints("image web:9 cannot be pulled", "nothing was changed").printsNot("New instance");
    }

    @Test
    void aHostPortThatSomebodyElseHas() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            site.write("taken/Servicefile", """
                    Name: taken
                    web:
                      image: web:1
                      ports: {http: 8000}
                      wan_map: {"127.0.0.1:%d": http}
                      rollout: {min_healthy: 200ms}
                    """.formatted(taken.getLocalPort()));
            Ran ran = site.run("deploy", "taken");
            ran.exits(4).prints(String.valueOf(taken.getLocalPort()));
            assertThat(site.names("taken")).isEmpty();
        }
    }

    @Test
    void aFirstReleaseThatFailsLeavesNothing() {
        site.writeWeb("fresh", "exits:1", "first");
        site.run("deploy", "fresh")
                .exits(1)
                .prints("cannot open the database", "removed its instances and its network");
        assertThat(site.names("fresh")).isEmpty();
        assertThat(site.get("fresh.test").status()).isEqualTo(503);
    }

    @Test
    void aFileWithFaultsIsRefusedBeforeAnythingIsTouched() {
        site.write("shop/Servicefile", "Name: shop\nweb: {imaeg: web:1}\n");
        site.run("deploy", "shop").exits(2).prints("shop/Servicefile:2:7: ", "imaeg", "image");
    }
}
