package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.model.Failure;
import org.portolan.model.service.Desired;
import org.portolan.sim.SimSite;
import org.portolan.store.Lease;

/** An engine that was killed leaves what it ran exited, and starts none of it again by itself. */
class StoppedInstancesTest extends SimShop {
    private static Desired chain() {
        return SimSite.desired(
                "shop",
                Map.of(
                        "api", Map.of("image", "web:1", "ports", Map.of("http", 80L), "require", List.of("db")),
                        "db", Map.of("image", "redis:1", "ports", Map.of("", 6379L)),
                        "job", Map.of("image", "job:1", "ports", "none", "restart", "on-failure")),
                Map.of("api", 2));
    }

    private SimSite.Process exited() {
        site.engine.world().image("job:1", Behaviour.exitsAfter(Duration.ofSeconds(20), 0));
        deploy(chain());
        site.clock.advance(Duration.ofMinutes(1));
        site.engine.world().settle();
        running().forEach(name -> site.engine.stop(name, Optional.empty(), Duration.ofSeconds(1)));
        assertThat(running()).isEmpty();
        return site.process();
    }

    @Test
    void whatShouldRunIsStartedAndTheRequiredBeforeWhatRequiresIt() {
        SimSite.Process process = exited();

        assertThat(new StoppedInstances(process.installation).start())
                .containsExactly("shop-db-1-1", "shop-api-1-1", "shop-api-1-2");

        assertThat(running()).containsExactly("shop-api-1-1", "shop-api-1-2", "shop-db-1-1");
        assertThat(new StoppedInstances(process.installation).start()).isEmpty();
    }

    @Test
    void whatAPersonStoppedStaysStopped() {
        SimSite.Process process = exited();
        new StoppedInstances(process.installation).start();
        process.perform(new Request.Stop("shop", Set.of("api"), SimSite.MANDATE));

        assertThat(new StoppedInstances(process.installation).start()).isEmpty();
    }

    @Test
    void aDeploymentThatSomebodyChangesIsLeftToThem() {
        SimSite.Process process = exited();
        try (Lease held =
                site.process().installation.store().acquire("shop", "deploys").orElseThrow()) {
            assertThat(new StoppedInstances(process.installation).start()).isEmpty();
        }
        assertThat(site.reports).anyMatch(report -> report.message()
                .contains("shop is not started here: it is being changed by process-"));
    }

    @Test
    void whatCannotBeStartedIsToldAfterTheRest() {
        SimSite.Process process = exited();
        AtomicBoolean first = new AtomicBoolean(true);
        site.engine.faults(call -> call.verb().equals("start") && first.getAndSet(false)
                ? new Faults.Fate(Faults.What.FAILS, Duration.ZERO)
                : Faults.Fate.GOOD);

        assertThatThrownBy(() -> new StoppedInstances(process.installation).start())
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.details())
                        .anyMatch(line -> line.startsWith("shop-db-1-1: ")));
        assertThat(running()).containsExactly("shop-api-1-1", "shop-api-1-2");
    }
}
