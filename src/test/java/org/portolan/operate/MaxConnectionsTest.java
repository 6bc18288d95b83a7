package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.Failure;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** How many connections an instance gets is HAProxy's affair, kept with releases, and no container's. */
class MaxConnectionsTest extends SimShop {
    private static Desired web(String tag, int most) {
        Map<String, Object> keys = new TreeMap<>(Map.of("image", "redis:" + tag, "ports", Map.of("", 6379L)));
        if (most > 0) {
            keys.put(Definition.MAX_CONNECTIONS, most);
        }
        return SimSite.desired("shop", Map.of("redis", keys), Map.of());
    }

    private List<Integer> limits() {
        return site.proxy.applied("shop").map(RouteSet::backends).orElse(List.of()).stream()
                .map(Backend::maxConnections)
                .toList();
    }

    @Test
    void comesChangesAndGoesWithoutTouchingAContainer() {
        deploy(web("1", 0));
        int changes = site.engine.changes().size();

        assertThat(deploy(web("1", 100))).isEqualTo(Outcome.Kind.DONE);
        assertThat(limits()).containsExactly(100);
        assertThat(deploy(web("1", 100))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(deploy(web("1", 50))).isEqualTo(Outcome.Kind.DONE);
        assertThat(limits()).containsExactly(50);
        assertThat(site.engine.changes().subList(changes, site.engine.changes().size()))
                .noneMatch(change -> change.toString().contains("redis"));
        assertThat(running()).containsExactly("shop-redis-1-1");

        SimSite.Process process = site.process();
        process.perform(new Request.Scale("shop", Map.of("redis", 2), SimSite.MANDATE));
        assertThat(limits()).as("after a change by hand").containsExactly(50);
        process.perform(new Request.Rollback("shop", Optional.of(1), SimSite.MANDATE));
        assertThat(limits()).containsExactly(0);
        process.perform(new Request.Rollback("shop", Optional.of(2), SimSite.MANDATE));
        assertThat(limits()).containsExactly(100);
        assertThat(running()).containsExactly("shop-redis-1-1");
    }

    @Test
    void isBackWhereItWasWhenAReleaseIsTakenBack() {
        site.engine.world().image("redis:bad", Behaviour.exitsAfter(Duration.ZERO, 1));
        deploy(web("1", 100));

        assertThatThrownBy(() -> deploy(web("bad", 1))).isInstanceOf(Failure.class);

        assertThat(limits()).containsExactly(100);
        assertThat(deploy(web("1", 100))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void isNoPartOfAVersionNorOfTheHashOfBefore() {
        Definition plain = Definition.of(Map.of("image", "web"));
        Definition limited = plain.with(Definition.MAX_CONNECTIONS, 5L);
        assertThat(limited.hash()).isEqualTo(plain.hash());
        assertThat(limited.formerHash()).isEqualTo(plain.formerHash());
    }
}
