package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.model.service.Desired;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.release.Tasks;
import org.portolan.sim.SimSite;

/**
 * A list of containers that was asked for while an instance was being started shows it running before the answer to the
 * start has come. It has proved nothing then: neither its {@code min_healthy} nor its check.
 */
class StartUnderWayTest {
    private final SimSite site = new SimSite(1);
    private final SimSite.Process process = site.process();
    private final Late late = new Late();

    /** From the moment that containers are made, what is asked for happens while the engine lists its containers. */
    private final class Late implements Tasks {
        private final Queue<Runnable> underWay = new ArrayDeque<>();
        private boolean on;

        @Override
        public void submit(Runnable task) {
            if (on) {
                underWay.add(task);
            } else {
                task.run();
            }
        }

        @Override
        public void await(Duration most) {
            site.clock.advance(most);
        }

        @Override
        public void wake() {}

        void arrive() {
            for (Runnable task = underWay.poll(); task != null; task = underWay.poll()) {
                task.run();
            }
        }
    }

    @BeforeEach
    void answersComeLate() {
        site.engine.faults(call -> {
            late.on |= call.verb().equals("network");
            if (call.verb().equals("observe")) {
                late.arrive();
            }
            return Fate.GOOD;
        });
    }

    private Outcome deploy(Map<String, Object> service) {
        Installation parts = process.installation;
        Installation installation = new Installation(
                parts.settings(),
                parts.engine(),
                parts.store(),
                parts.proxy(),
                parts.prober(),
                () -> late,
                parts.clock(),
                parts.events());
        Desired desired = SimSite.desired("shop", Map.of("worker", service), Map.of());
        return new Deployer(installation)
                .perform(new Request.Apply(desired, List.of(), SimSite.MANDATE), process.options(() -> false));
    }

    @Test
    void oneThatEndsWithinItsMinHealthyIsNotReleased() {
        site.engine.world().image("worker:1", Behaviour.exitsAfter(Duration.ofMillis(500), 3));

        assertThatThrownBy(() -> deploy(Map.of("image", "worker:1", "rollout", Map.of("min_healthy", "2s"))))
                .hasMessageContaining("exited with status 3");
    }

    @Test
    void itsCheckIsWaitedFor() {
        site.engine.world().image("worker:1", Behaviour.healthyAfter(Duration.ofSeconds(5)), 80);
        var begun = site.clock.instant();

        deploy(Map.of("image", "worker:1", "ports", Map.of("", 80L), "health", Map.of("http", "/")));

        assertThat(Duration.between(begun, site.clock.instant())).isGreaterThan(Duration.ofSeconds(5));
    }
}
