package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** A service that ends by itself with exit status 0 and says that this is success. */
class CompletesTest extends SimShop {
    private static Desired task(String tag, boolean completes, int scale) {
        Map<String, Object> task = completes
                ? Map.of("image", "task:" + tag, "restart", "no", "completes", true)
                : Map.of("image", "task:" + tag, "restart", "no");
        return SimSite.desired("shop", Map.of("task", task), Map.of("task", scale));
    }

    private void image(String tag, Duration after, int code) {
        site.engine.world().image("task:" + tag, Behaviour.exitsAfter(after, code));
    }

    @Test
    void isASuccessAndIsNotMadeAgain() {
        image("1", Duration.ofMillis(200), 0);
        image("2", Duration.ofSeconds(20), 0);
        assertThatThrownBy(() -> deploy(task("1", false, 1))).hasMessageContaining("exited with status 0");

        assertThat(deploy(task("1", true, 1))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).isEmpty();
        assertThat(deploy(task("1", true, 1))).isEqualTo(Outcome.Kind.NO_CHANGES);

        assertThat(deploy(task("2", true, 1))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).hasSize(1);
        site.clock.advance(Duration.ofMinutes(1));
        assertThat(deploy(task("2", true, 1))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void anotherStatusFailsTheRelease() {
        image("1", Duration.ofMillis(200), 2);
        assertThatThrownBy(() -> deploy(task("1", true, 1))).hasMessageContaining("exited with status 2");
    }

    @Test
    void isRestartedScaledAndRemovedLikeAnyOther() {
        image("1", Duration.ofMillis(200), 0);
        deploy(task("1", true, 2));
        int changes = site.engine.changes().size();
        site.process().perform(new Request.Restart("shop", java.util.Set.of("task"), SimSite.MANDATE));
        assertThat(site.engine.changes().subList(changes, site.engine.changes().size()))
                .filteredOn(call -> call.verb().equals("create"))
                .hasSize(2);
        assertThat(deploy(task("1", true, 1))).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.engine.observe().containers()).hasSize(1);
        site.process().perform(new Request.Remove("shop", false, SimSite.MANDATE));
        assertThat(site.engine.observe().containers()).isEmpty();
    }
}
