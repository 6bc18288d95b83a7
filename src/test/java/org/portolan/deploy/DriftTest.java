package org.portolan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.model.Desired;
import org.portolan.model.InstanceId;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.proxy.DeploymentRoutes.State;

/** What was changed or lost behind Portolan's back is observed, shown by a plan with its reason, and repaired by a deploy. */
class DriftTest extends SimShop {
    private static final InstanceId WEB = new InstanceId("shop", "web", 1, 1);

    private Plan plan(Desired desired) {
        return new Deployer(site.process().installation).plan(desired, List.of(), DeployOptions.by("test"));
    }

    @Test
    void aServerThatIsDrainedOrInMaintenanceServesAgainWithoutARelease() {
        deploy(shop("1", 1));
        for (State state : List.of(State.DRAIN, State.MAINT)) {
            site.proxy.byHand(WEB, state);
            assertThat(site.proxy.serving("shop", "web")).isEmpty();

            Plan plan = plan(shop("1", 1));
            assertThat(plan.actions()).extracting(Action::kind).containsExactly(Action.Kind.REPAIR_PROXIES);
            assertThat(plan.actions().getFirst().reasons())
                    .containsExactly("server shop-web-1-1 is " + state + " by hand");
            assertThat(deploy(shop("1", 1))).isEqualTo(Outcome.Kind.DONE);

            assertThat(site.proxy.serving("shop", "web")).containsExactly(WEB);
            assertThat(plan(shop("1", 1)).isEmpty()).isTrue();
            assertThat(deploy(shop("1", 1))).isEqualTo(Outcome.Kind.NO_CHANGES);
        }
        assertThat(site.process().installation.store().releases("shop", 10)).hasSize(1);
    }
}
