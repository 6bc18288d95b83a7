package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** A service joins the network of another deployment where that allows it. */
class JoinsTest extends SimShop {
    private static final String NETWORK = "portolan-base";
    private static final Map<String, Object> JOIN = Map.of("join", List.of("base"));

    @BeforeEach
    void database() {
        site.engine.world().image("postgres:1", Behaviour.GOOD, 5432);
    }

    private static Desired base(String... allowed) {
        Map<String, Object> db = Map.of("image", "postgres:1", "ports", Map.of("", 5432L));
        return SimSite.desired("base", Map.of("db", db), Map.of()).allowing(new TreeSet<>(List.of(allowed)));
    }

    private static Desired joining(String tag) {
        Map<String, Object> web = new TreeMap<>(
                Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", HEALTH, "network", JOIN));
        return SimSite.desired("shop", Map.of("web", web), Map.of("web", 2));
    }

    private Plan plan(Desired desired, Desired... siblings) {
        return new Deployer(site.process().installation)
                .plan(new Request.Apply(desired, List.of(siblings), SimSite.MANDATE));
    }

    private Set<String> networks(String container) {
        return site.engine.inspect(container).orElseThrow().networks().orElseThrow();
    }

    private DeploymentState state(String name) {
        return site.process().installation.store().deployment(name).orElseThrow();
    }

    @Test
    void anInstanceIsOnBothNetworksBeforeItStartsUnderANameThatShadowsNobody() {
        deploy(base("shop"));
        assertThat(deploy(joining("1"))).isEqualTo(Outcome.Kind.DONE);
        for (String instance : List.of("shop-web-1-1", "shop-web-1-2")) {
            assertThat(networks(instance)).containsExactlyInAnyOrder("portolan-shop", NETWORK);
            assertThat(site.engine.world().joinedAs(instance, NETWORK)).containsExactly("web.shop");
        }
        List<String> verbs =
                site.engine.changes().stream().map(SimEngine.Call::verb).toList();
        assertThat(verbs.subList(verbs.indexOf("connect"), verbs.size())).contains("start");
        assertThat(verbs.lastIndexOf("connect")).isLessThan(verbs.lastIndexOf("start"));
        assertThat(deploy(joining("1"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(deploy(base("shop"))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void whatTheOwnerDoesNotAllowIsRefusedWithBothPlaces() {
        deploy(base("somebody"));
        int changes = site.engine.changes().size();
        assertThatThrownBy(() -> deploy(joining("1")))
                .isInstanceOfSatisfying(InvalidInput.class, refused -> assertThat(refused.problems())
                        .anySatisfy(problem -> {
                            assertThat(problem.isError()).isTrue();
                            assertThat(problem.render())
                                    .contains("Servicefile:1:1")
                                    .contains("web joins the network of base, which does not allow it")
                                    .contains("write `Network: {allow: [shop]}` into file:///site:Servicefile");
                        }));
        assertThat(site.engine.changes()).hasSize(changes);
    }

    @Test
    void withoutTheNetworkItIsHeldAndALaterDeployStartsIt() {
        assertThat(deploy(joining("1"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).isEmpty();
        assertThat(state("shop").held()).containsEntry("web", "joins the network of base, which is not there");
        deploy(base("shop"));
        assertThat(deploy(joining("1"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("base-db-1-1", "shop-web-1-1", "shop-web-1-2");
        assertThat(state("shop").held()).isEmpty();
    }

    @Test
    void aDeploymentOfTheSameFileCountsWhereItComesBefore() {
        assertThat(plan(joining("1"), base("shop")).goal().services().get("web").held())
                .isEmpty();
        assertThatThrownBy(() -> plan(joining("1"), base())).isInstanceOf(InvalidInput.class);
        Operations operations = site.process().operations();
        Request.Apply alone = new Request.Apply(joining("1"), List.of(base("shop")), SimSite.MANDATE);
        assertThatThrownBy(() -> operations.perform(alone, org.portolan.release.DeployOptions.DEFAULT))
                .isInstanceOf(Failure.class)
                .hasMessage("web joins the network of base, which was not deployed");
        assertThat(site.engine.changes()).isEmpty();
    }

    @Test
    void aDeploymentWhoseNetworkIsJoinedIsNotRemoved() {
        deploy(base("shop"));
        deploy(joining("1"));
        Operations operations = site.process().operations();
        Request.Remove remove = new Request.Remove("base", false, SimSite.MANDATE);
        int changes = site.engine.changes().size();
        assertThatThrownBy(() -> operations.perform(remove, org.portolan.release.DeployOptions.DEFAULT))
                .isInstanceOfSatisfying(Failure.class, refused -> {
                    assertThat(refused.what()).isEqualTo("cannot remove base: its network is joined by shop");
                    assertThat(refused.details()).containsExactly("attached: shop-web-1-1, shop-web-1-2");
                });
        assertThat(site.engine.changes()).hasSize(changes);
        deploy(shop("1", 1));
        operations.perform(remove, org.portolan.release.DeployOptions.DEFAULT);
        assertThat(running()).noneMatch(name -> name.startsWith("base-"));
    }

    @Test
    void anInstanceThatWasTakenOffAJoinedNetworkIsAttachedAgain() {
        deploy(base("shop"));
        deploy(joining("1"));
        site.engine.world().disconnect("shop-web-1-2", NETWORK);
        assertThat(plan(joining("1")).actions().stream().flatMap(action -> action.reasons().stream()))
                .contains("shop-web-1-2 is not attached to the network of base");
        assertThat(deploy(joining("1"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(networks("shop-web-1-2")).contains(NETWORK);
        assertThat(site.engine.world().joinedAs("shop-web-1-2", NETWORK)).containsExactly("web.shop");
        assertThat(running()).containsExactly("base-db-1-1", "shop-web-1-1", "shop-web-1-2");
    }

    @Test
    void whatWasMadeAndNotAttachedIsAttachedByTheNextProcess() {
        deploy(base("shop"));
        site.engine.faults(call -> call.verb().equals("connect")
                ? new Faults.Fate(Faults.What.CRASH_BEFORE, Duration.ZERO)
                : Faults.Fate.GOOD);
        SimSite.Process killed = site.process();
        assertThatThrownBy(() -> killed.deploy(joining("1"))).isInstanceOf(Faults.Crash.class);
        killed.die();
        site.engine.faults(Faults.NONE);
        assertThat(site.engine.inspect("shop-web-1-1").orElseThrow().state()).isEqualTo(Container.State.CREATED);
        deploy(joining("1"));
        assertThat(networks("shop-web-1-1")).contains(NETWORK);
    }

    @Test
    void whoMayJoinChangesWithoutTouchingAnInstance() {
        deploy(base());
        int changes = site.engine.changes().size();
        Plan plan = plan(base("shop"));
        assertThat(plan.actions()).extracting(Action::kind).containsExactly(Action.Kind.CHANGE_NETWORK);
        assertThat(plan.actions().getFirst().summary()).isEqualTo("network of base  allows shop");
        assertThat(deploy(base("shop"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.engine.changes().subList(changes, site.engine.changes().size()))
                .noneMatch(call -> call.subject().startsWith("base-"));
        assertThat(deploy(base("shop"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        deploy(joining("1"));

        assertThat(plan(base()).actions().getFirst().reasons())
                .containsExactly("shop may no longer join it; until shop is deployed without the join, attached: "
                        + "shop-web-1-1, shop-web-1-2");
        deploy(base());
        assertThatThrownBy(() -> deploy(joining("2"))).isInstanceOf(InvalidInput.class);
        // What stands can still be stopped and scaled.
        SimSite.Process process = site.process();
        process.perform(new Request.Scale("shop", Map.of("web", 1), SimSite.MANDATE));
        assertThat(running()).containsExactly("base-db-1-1", "shop-web-1-1");
    }

    @Test
    void afterTheStoreWasLostWhatRunsCounts() {
        deploy(base("shop"));
        deploy(joining("1"));
        site.store.flush();
        assertThat(deploy(joining("1"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(deploy(base("shop"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(state("base").allows()).containsExactly("shop");
        site.store.loseKey();
        SimSite.Process process = site.process();
        process.perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        assertThat(networks("shop-web-1-3")).contains(NETWORK);
    }

    @Test
    void bothDeploymentsWithAServiceOfOneNameAreWarnedOf() {
        deploy(base("shop"));
        Map<String, Object> web = Map.of("image", "web:1", "network", JOIN);
        Map<String, Object> db = Map.of("image", "db:1");
        assertThat(plan(SimSite.desired("shop", Map.of("web", web, "db", db), Map.of()))
                        .warnings())
                .anySatisfy(warning -> assertThat(warning.render())
                        .contains("web joins the network of base, and both deployments have a service db"));
    }

    @Test
    void aJobJoinsToo() {
        deploy(base("shop"));
        Map<String, Object> web =
                new TreeMap<>(joining("1").services().get("web").definition().keys());
        web.put("jobs", Map.of("Schema", Map.of("cmd", List.of("migrate"))));
        deploy(SimSite.desired("shop", Map.of("web", web), Map.of()));
        assertThat(site.engine.observe().containers())
                .filteredOn(container -> container.name().contains("Schema"))
                .isNotEmpty()
                .allMatch(container -> container.networks().orElseThrow().contains(NETWORK));
    }
}
