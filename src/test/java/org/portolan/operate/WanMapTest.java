package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** What the outside reaches directly is routing: it is HAProxy's, kept with releases, and no container's business. */
class WanMapTest extends SimShop {
    private static Desired db(String tag, String... addresses) {
        Map<String, Object> wanMap = new TreeMap<>();
        for (String address : addresses) {
            wanMap.put(address, "");
        }
        Map<String, Object> keys = new TreeMap<>(Map.of("image", "redis:" + tag, "ports", Map.of("", 6379L)));
        if (!wanMap.isEmpty()) {
            keys.put("wan_map", wanMap);
        }
        return SimSite.desired("shop", Map.of("redis", keys), Map.of());
    }

    private List<String> carried() {
        return site.proxy.applied("shop").map(RouteSet::backends).orElse(List.of()).stream()
                .flatMap(backend -> backend.bindings().stream())
                .toList();
    }

    @Test
    void comesAndGoesWithoutTouchingAContainer() {
        deploy(db("1"));
        int changes = site.engine.changes().size();

        assertThat(deploy(db("1", "0.0.0.0:80", "0.0.0.0:81"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(carried()).containsExactly("0.0.0.0:80", "0.0.0.0:81");
        assertThat(deploy(db("1", "0.0.0.0:80", "0.0.0.0:81"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(deploy(db("1", "0.0.0.0:80"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(carried()).containsExactly("0.0.0.0:80");
        assertThat(site.engine.changes().subList(changes, site.engine.changes().size()))
                .noneMatch(change -> change.toString().contains("redis"));
        assertThat(running()).containsExactly("shop-redis-1-1");

        SimSite.Process process = site.process();
        process.perform(new Request.Scale("shop", Map.of("redis", 2), SimSite.MANDATE));
        assertThat(carried()).containsExactly("0.0.0.0:80");
        process.perform(new Request.Rollback("shop", Optional.of(1), SimSite.MANDATE));
        assertThat(carried()).isEmpty();
        process.perform(new Request.Rollback("shop", Optional.of(2), SimSite.MANDATE));
        assertThat(carried()).containsExactly("0.0.0.0:80", "0.0.0.0:81");
        assertThat(running()).containsExactly("shop-redis-1-1");
    }

    @Test
    void isBackWhereItWasWhenAReleaseIsTakenBack() {
        site.engine
                .world()
                .image("redis:bad", org.portolan.engine.sim.Behaviour.exitsAfter(java.time.Duration.ZERO, 1));
        deploy(db("1", "0.0.0.0:80"));

        assertThatThrownBy(() -> deploy(db("bad", "0.0.0.0:90"))).isInstanceOf(Failure.class);

        assertThat(carried()).containsExactly("0.0.0.0:80");
        assertThat(deploy(db("1", "0.0.0.0:80"))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }
}
