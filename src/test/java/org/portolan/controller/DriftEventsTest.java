package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.controller.SimControl.deployment;
import static org.portolan.controller.SimControl.shop;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.model.container.Container;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.sim.SimSite;

/** Networks and proxies that somebody alters: a controller sees it within a second, and does no more than that. */
class DriftEventsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimControl sim = new SimControl(5);
    private final SimSite.Process process = sim.site.process();
    private int looks;

    @BeforeEach
    void deploy() {
        process.deploy(shop("1", 2));
        process.deploy(deployment("blog", "1", 1));
    }

    private Controller controller(boolean report) {
        Controller controller = sim.controller(process, report, List.of());
        sim.pass(Duration.ofSeconds(5), controller);
        return controller;
    }

    private Container container(String name) {
        return sim.site.engine.inspect(name).orElseThrow();
    }

    private Condition condition(String name) {
        return sim.standing(Subject.DEPLOYMENT, name).condition();
    }

    private boolean isAttached(String name) {
        return container(name).networks().orElseThrow().contains("portolan-shop");
    }

    private void count() {
        looks = 0;
        sim.site.engine.faults(call -> {
            looks += call.verb().equals("observe") ? 1 : 0;
            return Fate.GOOD;
        });
    }

    @Test
    void aContainerThatIsTakenOffItsNetworkIsSeenWithinASecond() {
        Controller controller = controller(true);
        sim.site.engine.world().disconnect("shop-web-1-2", true);
        sim.pass(SECOND, controller);
        assertThat(condition("shop")).isEqualTo(Condition.DRIFT);
        assertThat(condition("blog")).isEqualTo(Condition.OK);
    }

    @Test
    void itIsAttachedAgain() {
        Controller controller = controller(false);
        for (int i = 0; i < 2; i++) {
            sim.site.engine.world().disconnect("shop-web-1-2", true);
            sim.pass(Duration.ofSeconds(3), controller);
            assertThat(isAttached("shop-web-1-2")).isTrue();
        }
        assertThat(condition("shop")).isEqualTo(Condition.OK);
    }

    /** No look at everything has seen them yet. */
    @Test
    void thatHoldsOfWhatWasMadeJustNow() {
        Controller controller = controller(true);
        process.deploy(shop("2", 2));
        sim.pass(Duration.ofSeconds(2), controller);
        assertThat(condition("shop")).isEqualTo(Condition.OK);
        sim.site.engine.world().disconnect("shop-web-2-1", true);
        sim.pass(SECOND, controller);
        assertThat(condition("shop")).isEqualTo(Condition.DRIFT);
    }

    @Test
    void aNetworkThatIsRemovedIsSeenWithinASecond() {
        Controller controller = controller(true);
        sim.site.engine.world().dropNetwork("portolan-shop");
        sim.pass(SECOND, controller);
        assertThat(condition("shop")).isEqualTo(Condition.DRIFT);
    }

    /** Its owner attaches and takes off what he likes: repairs wait longer each time. */
    @Test
    void whoTakesOneOffAgainAndAgainCausesNoHotLoop() {
        Controller controller = controller(false);
        count();
        int before = sim.site.engine.changes().size();
        for (int i = 0; i < 300; i++) {
            if (isAttached("shop-web-1-2")) {
                sim.site.engine.world().disconnect("shop-web-1-2", true);
            }
            sim.pass(SECOND, controller);
        }
        assertThat(sim.site.engine.changes().size() - before).isLessThan(90);
        assertThat(looks).isLessThan(300 * 4);
    }

    @Test
    void aProxyThatEndsOrIsAlteredIsSeenWithinASecondAndRepaired() {
        Controller controller = controller(false);
        sim.site.proxy.kill();
        sim.pass(SECOND, controller);
        assertThat(sim.site.proxy.running()).isTrue();
        // The second time looks as the first one did, and no look has seen it whole in between.
        for (int i = 0; i < 2; i++) {
            sim.site.proxy.broken("HAProxy's configuration was changed by hand");
            sim.pass(SECOND, controller);
            assertThat(sim.site.proxy.defects()).isEmpty();
        }
    }

    @Test
    void whatNobodyTellsOfTheLookEachMinuteFinds() {
        Controller controller = controller(false);
        sim.site.engine.close();
        sim.site.proxy.tellNobody();
        sim.site.engine.world().disconnect("shop-web-1-2", true);
        sim.site.proxy.kill();
        sim.pass(Duration.ofSeconds(70), controller);
        assertThat(isAttached("shop-web-1-2")).isTrue();
        assertThat(sim.site.proxy.running()).isTrue();
    }
}
