package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.Container;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;

/** What somebody changed by hand of containers that run: {@code diff} says it, a reconcile repairs it, and no traffic is lost. */
class HandChangesTest extends SimShop {
    private static final Mandate CONTROLLER = Mandate.of(new Caller.Hook("controller@sim", false));

    private void heals() {
        assertThat(reconcile(Set.of())).isEqualTo(Outcome.Kind.DONE);
        assertThat(diff().actions()).isEmpty();
        assertThat(reconcile(Set.of())).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    private Outcome.Kind reconcile(Set<String> replace) {
        return site.process()
                .perform(new Request.Reconcile("shop", replace, CONTROLLER), DeployOptions.DEFAULT)
                .kind();
    }

    private Plan diff() {
        return site.process().operations().plan(new Request.Reconcile("shop", CONTROLLER));
    }

    private String reason() {
        assertThat(diff().actions()).hasSize(1);
        Action action = diff().actions().getFirst();
        assertThat(action.kind()).isEqualTo(Action.Kind.REPAIR_SERVICE);
        return action.reasons().getFirst();
    }

    private Container container(String name) {
        return site.engine.inspect(name).orElseThrow();
    }

    @Test
    void oneThatWasPausedIsContinued() {
        deploy(shop("1", 2));
        String id = container("shop-web-1-1").id();
        site.engine.world().pause("shop-web-1-1");
        assertThat(reason()).isEqualTo("shop-web-1-1 is paused");
        heals();
        assertThat(container("shop-web-1-1").id()).isEqualTo(id);
        assertThat(running()).hasSize(3);
    }

    @Test
    void oneThatWasRenamedGetsItsNameBack() {
        deploy(shop("1", 2));
        String id = container("shop-web-1-1").id();
        site.engine.world().rename("shop-web-1-1", "elsewhere");
        assertThat(reason()).isEqualTo("elsewhere was renamed, it is shop-web-1-1");
        heals();
        assertThat(container("shop-web-1-1").id()).isEqualTo(id);
    }

    @Test
    void aContainerWithTheLabelsOfAnotherIsRemoved() {
        deploy(shop("1", 2));
        String id = container("shop-web-1-1").id();
        site.engine.world().copy("shop-web-1-1", "aaa-copy");
        assertThat(reason()).isEqualTo("aaa-copy has the labels of shop-web-1-1 and is not it");
        heals();
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1", "shop-web-1-2");
        assertThat(container("shop-web-1-1").id()).isEqualTo(id);
    }

    /** A deploy is not kept from its end by a container that looks like one of its instances. */
    @Test
    void aCopyDoesNotConfuseADeploy() {
        deploy(shop("1", 2));
        site.engine.world().copy("shop-web-1-1", "aaa-copy");
        assertThat(deploy(shop("2", 2))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-2-1", "shop-web-2-2");
    }

    @Test
    void anotherRestartPolicyIsSetBack() {
        deploy(shop("1", 2));
        String id = container("shop-web-1-1").id();
        String policy = container("shop-web-1-1").restart();
        for (String other : Set.of("no", "on-failure:2")) {
            site.engine.world().restartPolicy("shop-web-1-1", other);
            assertThat(reason())
                    .isEqualTo("shop-web-1-1 has the restart policy " + other + " instead of " + policy
                            + ": it was changed by hand");
            heals();
            assertThat(container("shop-web-1-1").restart()).isEqualTo(policy);
            assertThat(container("shop-web-1-1").id()).isEqualTo(id);
        }
    }

    /** Without losing capacity: the engine can change a limit, but nobody knows what the process made of the other one. */
    @Test
    void oneWithAnotherLimitIsReplaced() {
        site.floor.put("web", 2);
        deploy(shop("1", 2));
        String id = container("shop-web-1-1").id();
        site.engine.world().limit("shop-web-1-1", 50_000_000);
        assertThat(reason())
                .isEqualTo("shop-web-1-1 has a memory limit of 50000000 bytes instead of none: it was changed by hand");
        heals();
        assertThat(site.engine.inspect(id)).isEmpty();
        assertThat(running()).hasSize(3);
    }

    /** What a person stopped or paused of a deploy that is made later is not looked for by it: it is a question of a reconcile. */
    @Test
    void anOrdinaryDeployAsksNoContainerForItsSettings() {
        deploy(shop("1", 2));
        int[] asked = {0};
        site.engine.faults(call -> {
            asked[0] += call.verb().equals("settings") ? 1 : 0;
            return org.portolan.engine.sim.Faults.Fate.GOOD;
        });
        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(asked[0]).isZero();
        reconcile(Set.of());
        assertThat(asked[0]).isEqualTo(3);
    }

    /** The new one first, and only where the other one still runs. */
    @Test
    void aNamedContainerIsReplacedAlone() {
        site.floor.put("web", 2);
        deploy(shop("1", 2));
        String id = container("shop-web-1-1").id();
        String other = container("shop-web-1-2").id();
        assertThat(reconcile(Set.of(id))).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.engine.inspect(id)).isEmpty();
        assertThat(site.engine.inspect(other)).isPresent();
        assertThat(running()).hasSize(3);
        assertThat(reconcile(Set.of(id))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }
}
