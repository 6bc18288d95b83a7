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
import org.portolan.model.container.Container;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** An application that answers one {@code Host} only: Portolan and the proxy ask it the same, and both must have an answer. */
class StrictHostTest {
    private final SimSite site = new SimSite(1);

    @BeforeEach
    void images() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.engine.world().image("web:2", Behaviour.GOOD, 80);
        site.engine.world().image("web:shop", Behaviour.GOOD.onlyFor("shop.test"), 80);
        site.engine.world().image("web:shop2", Behaviour.GOOD.onlyFor("shop.test"), 80);
        site.engine.world().image("web:local", Behaviour.GOOD.onlyFor("localhost"), 80);
    }

    private static Desired shop(String tag, Map<String, Object> health, String... domains) {
        Map<String, Object> web = Map.of("image", "web:" + tag, "ports", Map.of("", 80L), "health", health);
        Desired plain = SimSite.desired("shop", Map.of("web", web), Map.of());
        List<Domain> all = List.of(domains).stream()
                .map(host -> SimSite.domain(host, new Domain.Target("shop", "web", "", 100)))
                .toList();
        return SimSite.with(plain, all.toArray(Domain[]::new));
    }

    private static final Map<String, Object> UP = Map.of("http", "/up", "deadline", "20s");

    private Outcome.Kind deploy(Desired desired) {
        return site.process().deploy(desired).kind();
    }

    private Backend backend() {
        return site.proxy.applied("shop").orElseThrow().backends().getFirst();
    }

    private List<String> serving() {
        return site.proxy.serving("shop", "web").stream().map(id -> id.name()).toList();
    }

    @Test
    void theFirstExactDomainIsAskedInBothPlaces() {
        assertThat(deploy(shop("shop", UP, "*.shop.test", "shop.test", "other.test")))
                .isEqualTo(Outcome.Kind.DONE);
        assertThat(serving()).containsExactly("shop-web-1-1");
        assertThat(backend().health().map(Health::host)).contains("shop.test");
    }

    @Test
    void withoutADomainLocalhostIsAsked() {
        assertThat(deploy(shop("local", UP))).isEqualTo(Outcome.Kind.DONE);
        assertThat(serving()).containsExactly("shop-web-1-1");
        assertThatThrownBy(() -> deploy(shop("shop", UP)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("400");
        assertThat(serving()).containsExactly("shop-web-1-1");
    }

    @Test
    void theFileSaysAnother() {
        Map<String, Object> health = new TreeMap<>(UP);
        health.put("host", "shop.test");
        assertThat(deploy(shop("shop", health, "a.test"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(serving()).containsExactly("shop-web-1-1");
    }

    @Test
    void aVersionKeepsItsHostWhateverDomainsCome() {
        deploy(shop("shop", UP, "shop.test"));
        RouteSet before = site.proxy.applied("shop").orElseThrow();
        assertThat(deploy(shop("shop", UP, "a.test", "shop.test"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(backend()).isEqualTo(before.backends().getFirst());
        assertThat(site.process().operations()).isNotNull();
        assertThat(running()).containsExactly("shop-web-1-1");

        site.store.flush();
        assertThat(deploy(shop("shop", UP, "a.test", "shop.test"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(backend().health().map(Health::host)).contains("shop.test");
    }

    @Test
    void aNewVersionTakesTheDomainOfItsTimeAndTheOldOneIsNotJudgedByIt() {
        deploy(shop("shop", UP, "shop.test"));
        deploy(shop("2", UP, "new.test", "shop.test"));
        assertThat(backend().health().map(Health::host)).contains("new.test");
        assertThat(backend().trial()).isEmpty();
        assertThat(running()).containsExactly("shop-web-2-1");
        assertThat(site.engine.observe().containers().iterator().next().label(Labels.CHECK_HOST))
                .isEqualTo("new.test");
    }

    @Test
    void whatTheProxysOwnCheckRefusesIsTakenBackAndTheOldOneStays() {
        deploy(shop("1", UP, "shop.test"));
        Instant begun = site.clock.instant();
        // The proxy's check fails though Portolan's passes, as a network between the two can make it.
        site.proxy.answeredBy(
                (server, check) -> check.isEmpty() || server.instance().version() == 1);

        assertThatThrownBy(() -> deploy(shop("2", UP, "new.test")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("fails HAProxy's check of port 80")
                .hasMessageContaining("(status 400)");

        assertThat(Duration.between(begun, site.clock.instant())).isLessThan(Duration.ofSeconds(40));
        assertThat(running()).containsExactly("shop-web-1-1");
        assertThat(serving()).containsExactly("shop-web-1-1");
    }

    @Test
    void oneThatServedAndIsDownHasADeadline() {
        deploy(shop("1", UP, "shop.test"));
        Instant begun = site.clock.instant();
        // Passes once, which counts as serving, and then no more.
        site.proxy.answeredBy((server, check) ->
                server.instance().version() == 1 || site.clock.instant().isBefore(begun.plusSeconds(6)));
        Map<String, Object> web =
                Map.of("image", "web:2", "ports", Map.of("", 80L), "health", UP, "rollout", Map.of("bake", "30s"));
        Desired baked = SimSite.desired("shop", Map.of("web", web), Map.of());

        assertThatThrownBy(() -> deploy(baked))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("was serving but now fails HAProxy's check");

        assertThat(running()).containsExactly("shop-web-1-1");
    }

    private List<String> running() {
        return site.engine.observe().containers().stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .map(Container::name)
                .sorted()
                .toList();
    }
}
