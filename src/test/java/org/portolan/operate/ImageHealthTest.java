package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.container.Image.Healthcheck;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** Without {@code health} in the file, the engine's verdict of the image's own check is the service's health. */
class ImageHealthTest extends SimShop {
    private static final Healthcheck EACH_20_S =
            new Healthcheck(Duration.ofSeconds(20), Duration.ofSeconds(5), 3, Duration.ZERO);

    @BeforeEach
    void checked() {
        site.engine.world().image("app:1", Behaviour.GOOD, 80);
        site.engine.world().image("app:2", Behaviour.healthyAfter(Duration.ofSeconds(30)), 80);
        site.engine.world().image("app:bad", Behaviour.neverHealthy(), 80);
        for (String tag : new String[] {"1", "2", "bad"}) {
            site.engine.world().checks("app:" + tag, EACH_20_S);
        }
    }

    private static Desired app(String tag, Object... health) {
        Map<String, Object> keys = new TreeMap<>(Map.of("image", "app:" + tag));
        if (health.length > 0) {
            keys.put("health", health[0]);
        }
        return SimSite.desired("shop", Map.of("app", keys), Map.of());
    }

    private Duration taken(Desired desired) {
        Instant begun = site.clock.instant();
        assertThat(deploy(desired)).isEqualTo(Outcome.Kind.DONE);
        return Duration.between(begun, site.clock.instant());
    }

    @Test
    void theFirstVerdictIsWaitedFor() {
        assertThat(taken(app("1"))).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(26));
        assertThat(taken(app("2"))).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(36));
        assertThat(deploy(app("2"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(running()).containsExactly("shop-app-2-1");
    }

    @Test
    void anUnhealthyVerdictIsTakenBack() {
        deploy(app("1"));
        assertThatThrownBy(() -> deploy(app("bad"))).hasMessageContaining("the image's health check reports unhealthy");
        assertThat(running()).containsExactly("shop-app-1-1");
    }

    @Test
    void theFileMaySayThatItIsNotAsked() {
        assertThat(taken(app("bad", "none"))).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void theFilesOwnCheckWins() {
        assertThat(taken(app("1", Map.of("http", "/up")))).isLessThan(Duration.ofSeconds(10));
    }
}
