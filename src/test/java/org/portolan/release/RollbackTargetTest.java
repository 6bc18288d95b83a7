package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Strategy;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.sim.SimSite;

class RollbackTargetTest {
    private static final Map<String, Object> FILES =
            Map.of("image", "web:1", "ports", Map.of("http", 80L), "rollout", Map.of("strategy", "rolling"));

    /** A container with a writable volume and no strategy would be stopped before the next is started. */
    @Test
    void whatAContainerShowsIsBroughtBackByTheStrategyOfTheFailedRelease() {
        SimSite site = new SimSite(1);
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.engine.world().declareVolumes("web:1", "/data");
        site.process().deploy(SimSite.desired("shop", Map.of("web", FILES), Map.of("web", 2)));
        site.store.loseKey();
        Installation installation = site.process().installation;
        DeploymentState before = installation.store().deployment("shop").orElseThrow();

        DesiredRelease goal = new RollbackTarget(
                        installation,
                        before,
                        Map.of("web", new Release.Placed(2, 2)),
                        Optional.of(failed()),
                        new RuntimeRecall(installation))
                .goal();

        ServiceGoal web = goal.services().get("web");
        assertThat(web.definition().recalled()).isTrue();
        assertThat(web.spec().strategy()).isEqualTo(Strategy.ROLLING);
        assertThat(web.version()).isEqualTo(1);
    }

    private static DesiredRelease failed() {
        Definition definition = Definition.of(FILES);
        ServiceSpec spec = ServiceSpec.from("web", definition);
        return new DesiredRelease(
                "shop",
                new TreeMap<>(Map.of("web", new ServiceGoal("web", 2, true, "hash", definition, spec, 2, "localhost"))),
                new TreeSet<>(),
                new TreeMap<>());
    }
}
