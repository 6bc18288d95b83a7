package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.model.Failure;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** Deploys whose store is lost, or older than what runs. */
class StaleStoreTest extends SimShop {
    @Test
    void theStoreMayBeLost() {
        deploy(shop("1", 2));
        List<String> before = running();
        int changes = site.engine.changes().size();
        site.store.flush();

        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(running()).isEqualTo(before);
        assertThat(site.engine.changes()).hasSize(changes);

        site.store.flush();
        assertThatThrownBy(() -> deploy(shop("bad", 2))).isInstanceOf(Failure.class);
        assertThat(running()).isEqualTo(before);
        assertThat(site.process().installation.store().installation())
                .as("remembered again, for a state directory that loses it")
                .contains(site.process().installation.settings().installation());
    }

    @Test
    void aReleaseThatFailsAfterTheStoreWasLostGoesBackToWhatTheContainersShow() {
        deploy(recreated("1"));
        site.store.flush();
        Instant end = site.clock.instant().plus(Duration.ofHours(1));
        site.engine.faults(call -> {
            assertThat(site.clock.instant()).as("the rollback ends").isBefore(end);
            return Fate.GOOD;
        });

        assertThatThrownBy(() -> deploy(recreated("bad"))).isInstanceOf(Failure.class);

        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
        assertThat(site.proxy.serving("shop", "web")).hasSize(2);
    }

    private static Desired recreated(String tag) {
        Map<String, Object> web = Map.of(
                "image",
                "web:" + tag,
                "ports",
                Map.of("http", 80L),
                "health",
                HEALTH,
                "rollout",
                Map.of("strategy", "recreate"));
        return SimSite.desired("shop", Map.of("web", web), Map.of("web", 2));
    }

    @Test
    void aRestartPolicyThatAFailedReleaseLeftOutIsDriftAndRepaired() {
        deploy(shop("1", 2));
        deploy(shop("2", 2));
        forget(state -> state.goodRelease(1));
        String instance = running().getLast();
        site.engine.setRestart(instance, "no");

        Plan plan = new Deployer(site.process().installation)
                .plan(new Request.Apply(shop("2", 2), List.of(), SimSite.MANDATE));
        assertThat(plan.actions()).singleElement().satisfies(action -> assertThat(action.reasons())
                .containsExactly(instance + " has the restart policy no instead of unless-stopped: its release did"
                        + " not complete"));
        assertThat(deploy(shop("2", 2))).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.engine.inspect(instance).orElseThrow().restart()).isEqualTo("unless-stopped");
        assertThat(deploy(shop("2", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void theNextGoodReleaseGivesWhatAFailedOneMadeItsRestartPolicy() {
        deploy(shop("1", 2));
        site.engine.faults(call ->
                call.verb().equals("restart-policy") ? new Fate(Faults.What.CRASH_BEFORE, Duration.ZERO) : Fate.GOOD);
        SimSite.Process dying = site.process();
        assertThatThrownBy(() -> dying.deploy(shop("2", 2))).isInstanceOf(Faults.Crash.class);
        dying.die();
        site.engine.faults(call -> Fate.GOOD);
        // As after a release that could not be rolled back whole: nobody remembers that it was in progress.
        forget(state -> state.running(Optional.empty()));

        assertThat(deploy(shop("2", 2))).isEqualTo(Outcome.Kind.DONE);

        assertThat(site.engine.world().all())
                .allMatch(container -> container.restart().equals("unless-stopped"));
    }

    @Test
    void aRouteThatAnInterruptedRunLeftOutIsShownByThePlan() {
        deploy(shop("1", 2));
        RouteSet whole = site.proxy.applied("shop").orElseThrow();
        site.proxy.remove("shop");

        Plan plan = new Deployer(site.process().installation)
                .plan(new Request.Apply(shop("1", 2), List.of(), SimSite.MANDATE));

        assertThat(plan.actions()).extracting(Action::summary).contains("web  repair routes");
        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.proxy.applied("shop")).contains(whole);
        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    /** Changes what the store knows. */
    private void forget(UnaryOperator<DeploymentState.Builder> change) {
        Store store = site.process().installation.store();
        try (Lease lease = store.acquire("shop", "test").orElseThrow()) {
            DeploymentState state = store.deployment("shop").orElseThrow();
            store.commit(lease, Commit.of(change.apply(state.change()).build()));
        }
    }

    @Test
    void whatIsDoneByHandAfterTheStoreWasLostKeepsTheDomains() {
        Domain domain = SimSite.domain("shop.test", new Domain.Target("shop", "web", "", 100));
        Desired files = shop("1", 1);
        Desired desired = SimSite.with(files, domain);
        deploy(desired);
        site.store.flush();
        assertThat(deploy(desired)).isEqualTo(Outcome.Kind.NO_CHANGES);

        SimSite.Process process = site.process();
        process.perform(new Request.Restart("shop", Set.of("web"), SimSite.MANDATE));

        assertThat(site.proxy.applied("shop").orElseThrow().domains()).containsExactly(domain);
        assertThat(deploy(desired)).isEqualTo(Outcome.Kind.NO_CHANGES);
    }
}
