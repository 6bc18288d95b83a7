package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.release.DeployOptions;
import org.portolan.sim.SimSite;

/** A database stops after the service that requires it, whatever makes both go. */
class StopsInOrderTest extends SimShop {
    private final SimSite.Process process = site.process();
    private final DeployOptions options = process.options(() -> false);

    @BeforeEach
    void watch() {
        site.proxy.sessionsEndAfter(java.time.Duration.ofSeconds(3));
        site.engine.faults(call -> {
            if (call.verb().equals("stop")) {
                String stopping = name(call.subject());
                assertThat(stopping.startsWith("shop-db") && runs("shop-web"))
                        .as("%s stops while web runs", stopping)
                        .isFalse();
            }
            return Fate.GOOD;
        });
    }

    private String name(String container) {
        return site.engine.world().all().stream()
                .filter(each -> each.id().equals(container))
                .map(Container::name)
                .findFirst()
                .orElse(container);
    }

    private boolean runs(String prefix) {
        return site.engine.world().all().stream()
                .anyMatch(each -> each.name().startsWith(prefix) && each.state() == Container.State.RUNNING);
    }

    private static Desired withDatabase(String tag) {
        Map<String, Object> web =
                Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", HEALTH, "require", List.of("db"));
        Map<String, Object> db = Map.of("image", "db:1");
        Map<String, Object> cache = Map.of("image", "redis:1");
        return SimSite.desired("shop", Map.of("web", web, "db", db, "cache", cache), Map.of("web", 2));
    }

    private static Desired without() {
        return SimSite.desired("shop", Map.of("cache", Map.of("image", "redis:1")), Map.of());
    }

    @Test
    void stop() {
        deploy(withDatabase("1"));
        process.perform(new Request.Stop("shop", Set.of(), SimSite.MANDATE));
        assertThat(running()).isEmpty();
    }

    @Test
    void scaleToNone() {
        deploy(withDatabase("1"));
        process.perform(new Request.Scale("shop", Map.of("web", 0, "db", 0), SimSite.MANDATE), options.withParallel(1));
        assertThat(running()).containsExactly("shop-cache-1-1");
    }

    @Test
    void remove() {
        deploy(withDatabase("1"));
        process.perform(new Request.Remove("shop", false, SimSite.MANDATE));
        assertThat(running()).isEmpty();
    }

    @Test
    void bothLeaveTheFile() {
        deploy(withDatabase("1"));
        deploy(without());
        assertThat(running()).containsExactly("shop-cache-1-1");
    }

    @Test
    void rollbackToAReleaseWithoutThem() {
        deploy(without());
        deploy(withDatabase("1"));
        process.perform(new Request.Rollback("shop", Optional.of(1), SimSite.MANDATE));
        assertThat(running()).containsExactly("shop-cache-1-1");
    }

    @Test
    void theFirstReleaseFails() {
        assertThatThrownBy(() -> deploy(withDatabase("bad"))).isInstanceOf(Failure.class);
        assertThat(running()).isEmpty();
    }

    @Test
    void aReleaseThatBringsThemFails() {
        deploy(without());
        assertThatThrownBy(() -> deploy(withDatabase("bad"))).isInstanceOf(Failure.class);
        assertThat(running()).containsExactly("shop-cache-1-1");
    }
}
