package org.portolan.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.Failure;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** What does not fit into the installation's ranges is refused before the first container is made. */
class HostCapacityTest {
    private final SimSite site = new SimSite(1);

    @Test
    void moreInstancesThanPorts() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        SimSite.Process process = site.process();
        Operations deployer = new Operations(process.installation);
        DeployOptions options = process.options(() -> false);
        int size = process.installation.settings().instancePorts().last()
                - process.installation.settings().instancePorts().first()
                + 1;
        assertThatThrownBy(() -> deployer.plan(new Request.Apply(web("a", size + 1), List.of(), SimSite.MANDATE)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("a needs " + (size + 1) + " host ports", "only " + size + " are free");
        assertThatThrownBy(() ->
                        deployer.perform(new Request.Apply(web("a", size + 1), List.of(), SimSite.MANDATE), options))
                .isInstanceOf(Failure.class);
        assertThat(site.engine.observe().containers()).isEmpty();
        assertThat(site.engine.observe().networks()).isEmpty();
        assertThat(deployer.perform(new Request.Apply(web("a", 2), List.of(), SimSite.MANDATE), options)
                        .kind())
                .isEqualTo(Outcome.Kind.DONE);
        assertThatThrownBy(() -> deployer.plan(new Request.Apply(web("b", size - 1), List.of(), SimSite.MANDATE)))
                .hasMessageContaining("only " + (size - 2) + " are free");
        assertThat(deployer.plan(new Request.Apply(web("b", size - 2), List.of(), SimSite.MANDATE))
                        .isEmpty())
                .isFalse();
    }

    @Test
    void aFullPoolOfNetworks() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        SimSite.Process process = site.process();
        Operations deployer = new Operations(process.installation);
        DeployOptions options = process.options(() -> false);
        Plan plan = deployer.plan(new Request.Apply(web("a", 1), List.of(), SimSite.MANDATE));
        String subnet = site.engine
                .ensureNetwork(new NetworkSpec("other", Map.of(Labels.INSTALLATION, "x"), "10.9.0.0/24", 25))
                .subnet();
        assertThat(subnet).endsWith("/25");
        PlanInput input = new PlanInput(
                web("a", 1),
                List.of(),
                Optional.empty(),
                Map.of(),
                site.engine.observe(),
                "x",
                Map.of(),
                (service, version) -> Optional.empty(),
                Optional.empty(),
                new PlanOptions(Basis.Files.ORDINARY, 15000, 16000));
        String pool = subnet.substring(0, subnet.indexOf('/')) + "/25";
        assertThatThrownBy(() -> new HostCapacity(20000, 30000, pool, 25).check(plan, input))
                .hasMessageContaining("a needs a network, and the pool " + pool + " has no subnet of size /25 left");
        new HostCapacity(20000, 30000, pool.replace("/25", "/24"), 25).check(plan, input);
    }

    private static Desired web(String deployment, int scale) {
        return SimSite.desired(
                deployment,
                Map.of("web", Map.of("image", "web:1", "ports", Map.of("http", 80L))),
                Map.of("web", scale));
    }
}
