package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** An engine that is restarted in the middle of a release ends its containers; the release is not to blame, and continues. */
class EngineRestartTest {
    private final SimSite site = new SimSite(1);
    private Instant backAt = Instant.MAX;

    private static Desired web(String tag) {
        Map<String, Object> web =
                Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", Map.of("http", "/up"));
        return SimSite.desired("shop", Map.of("web", web), Map.of("web", 2));
    }

    private List<String> running() {
        return site.engine.world().all().stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .map(Container::name)
                .sorted()
                .toList();
    }

    /** The engine goes down for a while as soon as an instance runs. */
    private Faults restartOnce(String instance) {
        return call -> {
            if (backAt.equals(Instant.MAX) && running().contains(instance)) {
                backAt = site.clock.instant().plusSeconds(3);
                site.engine.world().restart();
            }
            boolean down = !backAt.equals(Instant.MAX) && site.clock.instant().isBefore(backAt);
            return down ? new Faults.Fate(Faults.What.FAILS, Duration.ZERO) : Faults.Fate.GOOD;
        };
    }

    @Test
    void aReleaseGoesOnAfterIt() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.engine.world().image("web:2", Behaviour.healthyAfter(Duration.ofSeconds(1)), 80);
        site.process().deploy(web("1"));
        site.engine.faults(restartOnce("shop-web-2-1"));

        assertThat(site.process().deploy(web("2")).kind()).isEqualTo(Outcome.Kind.DONE);

        assertThat(backAt).isNotEqualTo(Instant.MAX);
        assertThat(running()).containsExactly("shop-web-2-1", "shop-web-2-2");
        assertThat(site.proxy.serving("shop", "web")).hasSize(2);
    }

    @Test
    void oneThatIsStoppedSlowlyAnswersOnOldConnectionsAndIsNotBelieved() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.engine.world().image("web:2", Behaviour.healthyAfter(Duration.ofSeconds(1)), 80);
        site.process().deploy(web("1"));
        Faults gone = restartOnce("shop-web-2-1");
        site.engine.faults(call -> {
            Faults.Fate fate = gone.fate(call);
            return call.verb().equals("accepts") ? fate : Faults.Fate.GOOD;
        });

        assertThat(site.process().deploy(web("2")).kind()).isEqualTo(Outcome.Kind.DONE);

        assertThat(backAt).isNotEqualTo(Instant.MAX);
        assertThat(running()).containsExactly("shop-web-2-1", "shop-web-2-2");
        assertThat(site.reports).anyMatch(report -> report.message().contains("it accepts no new connections"));
    }

    @Test
    void oneThatEndsByItselfFailsAllTheSame() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.engine.world().image("web:2", Behaviour.exitsAfter(Duration.ofMillis(500), 3), 80);
        site.process().deploy(web("1"));
        site.engine.faults(restartOnce("shop-web-2-1"));

        assertThatThrownBy(() -> site.process().deploy(web("2"))).hasMessageContaining("exited with status 3");

        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
    }
}
