package org.portolan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.model.service.Desired;
import org.portolan.sim.SimSite;

class JoinOrderTest {
    private static Desired deployment(String name, String... joins) {
        Map<String, Object> web = joins.length == 0
                ? Map.of("image", "web:1")
                : Map.of("image", "web:1", "network", Map.of("join", List.of(joins)));
        return SimSite.desired(name, Map.of("web", web), Map.of());
    }

    private static List<String> order(Desired... all) {
        return JoinOrder.of(List.of(all)).stream().map(Desired::name).toList();
    }

    @Test
    void whatIsJoinedComesFirstAndElseTheFileDecides() {
        assertThat(order(deployment("b"), deployment("a"))).containsExactly("b", "a");
        assertThat(order(deployment("shop", "cache", "base"), deployment("cache", "base"), deployment("base")))
                .containsExactly("base", "cache", "shop");
        assertThat(order(deployment("shop", "elsewhere"), deployment("a"))).containsExactly("shop", "a");
    }

    @Test
    void inACircleTheFileDecides() {
        Desired a = deployment("a", "b");
        Desired b = deployment("b", "a", "base");
        assertThat(order(a, b, deployment("base"))).containsExactly("a", "base", "b");
        assertThat(JoinOrder.before("b", a, List.of(b))).isFalse();
        assertThat(JoinOrder.before("base", b, List.of(a, deployment("base")))).isTrue();
        assertThat(JoinOrder.before("base", b, List.of(a))).isFalse();
    }
}
