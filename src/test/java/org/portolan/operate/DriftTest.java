package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.service.Desired;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** What was changed or lost behind Portolan's back is observed, shown by a plan with its reason, and repaired by a deploy. */
class DriftTest extends SimShop {
    private static final InstanceId WEB = new InstanceId("shop", "web", 1, 1);

    private Plan plan(Desired desired) {
        return new Deployer(site.process().installation).plan(new Request.Apply(desired, List.of(), SimSite.MANDATE));
    }

    private void assertRepaired(String reason, String... instances) {
        Plan plan = plan(shop("1", 2));
        assertThat(plan.actions().stream().flatMap(action -> action.reasons().stream()))
                .contains(reason);
        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly(instances);
        assertThat(plan(shop("1", 2)).isEmpty()).isTrue();
        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void anInstanceThatWasTakenOffItsNetworkIsAttachedAgain() {
        deploy(shop("1", 2));
        site.engine.world().disconnect("shop-web-1-2", true);
        assertRepaired(
                "shop-web-1-2 is not attached to the deployment's network",
                "shop-redis-1-1",
                "shop-web-1-1",
                "shop-web-1-2");
    }

    @Test
    void anInstanceThatCannotBeAttachedAgainIsReplaced() {
        deploy(shop("1", 2));
        site.engine.world().disconnect("shop-web-1-2", false);
        assertRepaired(
                "shop-web-1-2 is not attached to the deployment's network",
                "shop-redis-1-1",
                "shop-web-1-1",
                "shop-web-1-3");
    }

    @Test
    void aNetworkThatWasRemovedIsMadeAgainWithAllItsInstances() {
        deploy(shop("1", 2));
        site.engine.world().dropNetwork("portolan-shop");
        Plan plan = plan(shop("1", 2));
        assertThat(plan.actions()).extracting(Action::kind).contains(Action.Kind.CREATE_NETWORK);
        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.engine.observe().containers()).allMatch(container -> !container.detachedFrom("portolan-shop"));
        assertThat(plan(shop("1", 2)).isEmpty()).isTrue();
        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
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
