package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A new version that is healthy and fails under traffic is rolled back by what the proxy measures of it. */
@Tag("e2e")
class GatesTest {
    private static final String PAGE = "/cgi-bin/page";
    private static TrialSite site;

    @BeforeAll
    static void open() {
        site = TrialSite.open();
        site.writeWeb("shop", "page:1", "one", "scale: 2");
        site.run("deploy", "shop").exits(0);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @AfterEach
    void theOldVersionServes() {
        for (int i = 0; i < 10; i++) {
            Answer answer = site.get("shop.test", PAGE);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("page of one");
        }
    }

    private static Ran deploy(String image, String rollout, Integer... expected) {
        site.writeWeb("shop", image, "bad", "scale: 2", "rollout: " + rollout);
        try (Traffic traffic = site.traffic("shop.test", PAGE, Set.of(expected))) {
            return site.run("deploy", "shop");
        }
    }

    @Test
    void aCanaryThatAnswersWithErrors() {
        List<String> before = site.containers("shop");
        deploy("erring:1", "{strategy: canary, min_healthy: 200ms, steps: [50], gates: {errors: 5%}}", 200, 500)
                .exits(1)
                .prints("gate errors: ", "are 5xx (limit 5.0 %, the old version's: 0.0 %)", "rolled back to release");
        assertThat(site.containers("shop")).isEqualTo(before);
    }

    @Test
    void aCanaryThatIsSlow() {
        List<String> before = site.containers("shop");
        deploy("slow:1", "{strategy: canary, min_healthy: 200ms, steps: [50], gates: {latency: 200ms}}", 200)
                .exits(1)
                .prints("gate latency: the new version answers in ", "(limit 200.0 ms", "rolled back to release");
        assertThat(site.containers("shop")).isEqualTo(before);
    }

    @Test
    void errorsThatBeginWhenAllNewInstancesServe() {
        deploy("tiring:1", "{strategy: blue-green, min_healthy: 200ms, bake: 20s, gates: {errors: 5%}}", 200, 500)
                .exits(1)
                .prints("gate errors: ", "rolled back to release");
    }

    @Test
    void aGoodVersionPassesTheSameGates() {
        String rollout =
                "{strategy: canary, min_healthy: 200ms, bake: 1s, steps: [50], gates: [{errors: 5%}, {http: /up}]}";
        site.writeWeb("shop", "page:2", "one", "scale: 2", "rollout: " + rollout);
        try (Traffic traffic = site.traffic("shop.test", PAGE, Set.of(200))) {
            site.run("deploy", "shop").exits(0);
        }
    }
}
