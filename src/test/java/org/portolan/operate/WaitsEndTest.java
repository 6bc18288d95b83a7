package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.event.EventLevel;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** Nothing is waited for without an end: every wait has a deadline, and what ended it says why. */
class WaitsEndTest extends SimShop {
    private static final List<String> GONE = List.of("the mesh's address 10.1.0.1 is none of this machine's");

    private static Desired requiring(String tag) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "web",
                        Map.of(
                                "image",
                                "web:" + tag,
                                "ports",
                                Map.of("http", 80L),
                                "health",
                                HEALTH,
                                "require",
                                List.of("redis")),
                        "redis",
                        Map.of("image", "redis:1", "ports", Map.of("", 6379L))),
                Map.of());
    }

    private Duration since(Instant begun) {
        return Duration.between(begun, site.clock.instant());
    }

    @Test
    void aFrozenInstanceOfAnUnchangedServiceIsToldAndNotWaitedFor() {
        deploy(requiring("1"));
        site.proxy.answeredBy((server, check) -> !server.instance().service().equals("redis"));
        site.clock.advance(Duration.ofMinutes(1));
        Instant begun = site.clock.instant();

        assertThat(deploy(requiring("2"))).isEqualTo(Outcome.Kind.DONE);

        assertThat(since(begun)).isLessThan(Duration.ofSeconds(30));
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-2-1");
        assertThat(site.reports)
                .filteredOn(report -> report.level() == EventLevel.WARNING)
                .extracting(report -> report.message())
                .contains(
                        "HAProxy cannot reach port 6379 of shop-redis-1-1; this release did not start it and does not wait"
                                + " for it");
    }

    @Test
    void aProxyThatReachesNothingEndsTheReleaseAndTheWayBack() {
        deploy(requiring("1"));
        site.proxy.answeredBy((server, check) -> false);
        site.proxy.suffers(GONE);
        Instant begun = site.clock.instant();

        assertThatThrownBy(() -> deploy(requiring("2")))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.details())
                        .containsAll(GONE)
                        .anyMatch(line -> line.startsWith("rolled back to release 1")));

        assertThat(since(begun)).isLessThan(Duration.ofMinutes(3));
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1");
    }

    @Test
    void aServerThatTheProxyNeverGetsEndsTheRelease() {
        deploy(requiring("1"));
        site.proxy.ignores(server -> server.instance().version() == 2);
        Instant begun = site.clock.instant();

        assertThatThrownBy(() -> deploy(requiring("2")))
                .hasMessageContaining("shop-web-2-1 is not a server of HAProxy after 1m");

        assertThat(since(begun)).isLessThan(Duration.ofMinutes(3));
        assertThat(site.proxy.serving("shop", "web").stream().map(id -> id.name()))
                .containsExactly("shop-web-1-1");
    }

    @Test
    void anInstanceThatTheProxyDoesNotTakeOutIsNotStoppedAndNotWaitedForForEver() {
        deploy(requiring("1"));
        site.proxy.ignores(server -> server.state() == State.MAINT);
        Instant begun = site.clock.instant();

        assertThatThrownBy(() -> deploy(requiring("2"))).hasMessageContaining("HAProxy has not drained it for 15s");

        assertThat(since(begun)).isLessThan(Duration.ofMinutes(4));
        assertThat(running()).contains("shop-web-1-1");
    }
}
