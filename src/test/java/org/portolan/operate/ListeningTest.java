package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.Failure;
import org.portolan.model.event.EventLevel;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** A service without checks whose port refuses connections: what a file names must listen, what only an image exposes need not. */
class ListeningTest {
    private static final String REFUSED = "shop-app-%d-1 does not listen on port 80: checked for 1m (cannot connect)";

    private final SimSite site = new SimSite(1);

    @BeforeEach
    void images() {
        site.engine.world().image("app:1", Behaviour.GOOD, 80);
        site.engine.world().image("app:deaf", Behaviour.listensElsewhere(), 80);
        site.engine.world().image("app:deafer", Behaviour.listensElsewhere(), 80);
        site.engine.world().image("other:1", Behaviour.GOOD, 8080);
    }

    private static Map<String, Object> app(String tag) {
        return Map.of("image", "app:" + tag);
    }

    private static Map<String, Object> named(String tag) {
        return Map.of("image", "app:" + tag, "ports", Map.of("", 80L));
    }

    private Outcome.Kind deploy(Map<String, Map<String, Object>> services) {
        return site.process()
                .deploy(SimSite.desired("shop", services, Map.of()))
                .kind();
    }

    private List<String> details() {
        return site.reports.stream()
                .filter(report -> report.level() == EventLevel.DETAIL)
                .map(report -> report.message())
                .toList();
    }

    @Test
    void aPortThatTheFileNamesMustListen() {
        deploy(Map.of("app", named("1")));
        Instant begun = site.clock.instant();

        assertThatThrownBy(() -> deploy(Map.of("app", named("deaf"))))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(REFUSED.formatted(2));

        assertThat(Duration.between(begun, site.clock.instant()))
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
        assertThat(details()).contains("app: HAProxy cannot reach port 80 of shop-app-2-1");
        assertThat(site.proxy.serving("shop", "app")).hasSize(1);
    }

    @Test
    void oneThatSaysThatItListensNowhereIsNotWaitedFor() {
        Instant begun = site.clock.instant();

        deploy(Map.of("app", Map.of("image", "app:deaf", "ports", "none")));

        assertThat(Duration.between(begun, site.clock.instant())).isLessThan(Duration.ofSeconds(4));
        assertThat(details()).noneMatch(line -> line.contains("listens"));
        assertThat(site.proxy.applied("shop")).isEmpty();
    }

    @Test
    void anUpThatNoCheckConfirmsIsNotBelieved() {
        deploy(Map.of("app", named("1")));
        site.proxy.checkAfter(Duration.ofMillis(700));

        assertThatThrownBy(() -> deploy(Map.of("app", named("deaf")))).hasMessageContaining(REFUSED.formatted(2));

        assertThat(site.proxy.serving("shop", "app")).hasSize(1);
    }

    @Test
    void rolloutDeadlineSaysHowLong() {
        Map<String, Object> hasty = new TreeMap<>(named("deaf"));
        hasty.put("rollout", Map.of("deadline", "10s"));

        assertThatThrownBy(() -> deploy(Map.of("app", hasty))).hasMessageContaining("checked for 10s");
    }

    @Test
    void aPortThatOnlyTheImageExposesNeedNot() {
        Instant begun = site.clock.instant();
        assertThat(deploy(Map.of("app", app("deaf")))).isEqualTo(Outcome.Kind.DONE);
        assertThat(Duration.between(begun, site.clock.instant())).isLessThan(Duration.ofSeconds(10));
        assertThat(details())
                .contains("nothing listens on port 80 of shop-app-1-1, which its image exposes; nothing known"
                        + " needs it (to declare that, set `ports: none`)");
        assertThat(deploy(Map.of("app", app("deaf")))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(deploy(Map.of("app", app("deafer")))).isEqualTo(Outcome.Kind.DONE);
        assertThat(deploy(Map.of("app", app("1")))).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.proxy.serving("shop", "app")).hasSize(1);
    }

    @Test
    void unlessItListenedBefore() {
        deploy(Map.of("app", app("1")));
        assertThatThrownBy(() -> deploy(Map.of("app", app("deaf")))).hasMessageContaining(REFUSED.formatted(2));
        assertThat(site.proxy.serving("shop", "app")).hasSize(1);
    }

    @Test
    void unlessAnotherServiceRequiresIt() {
        Map<String, Object> other = Map.of("image", "other:1", "require", List.of("app"));
        assertThatThrownBy(() -> deploy(Map.of("app", app("deaf"), "other", other)))
                .hasMessageContaining(REFUSED.formatted(1));
    }

    @Test
    void unlessADomainLeadsToIt() {
        Desired plain = SimSite.desired("shop", Map.of("app", app("deaf")), Map.of());
        Domain domain = SimSite.domain("shop.test", new Domain.Target("shop", "app", "", 100));
        Desired routed = SimSite.with(plain, domain);

        assertThatThrownBy(() -> site.process().deploy(routed)).hasMessageContaining(REFUSED.formatted(1));
    }
}
