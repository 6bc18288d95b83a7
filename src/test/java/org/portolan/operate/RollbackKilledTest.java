package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.model.Failure;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** A process dies while it rolls a release back, at any call of the engine: whoever comes next continues the rollback. */
class RollbackKilledTest extends SimShop {
    private static final Domain DOMAIN = SimSite.domain("shop.test", new Domain.Target("shop", "web", "", 100));

    private static Desired at(String commit, Desired desired) {
        Origin origin =
                new Origin(desired.origin().source(), Optional.of(commit), false, Optional.empty(), Optional.empty());
        return new Desired(desired.name(), origin, desired.services(), List.of(DOMAIN), "");
    }

    private static final Fate CRASH = new Fate(Faults.What.CRASH_BEFORE, Duration.ZERO);
    private static final Desired GOOD = at("aaaaaaaaaaaa", shop("1", 2));
    private static final Desired BAD = at("bbbbbbbbbbbb", shop("bad", 2));

    private final Store store = site.process().installation.store();

    private DeploymentState state() {
        return store.deployment("shop").orElseThrow();
    }

    private Outcome automatic(Desired desired) {
        return site.process().deployAutomatically(desired);
    }

    /**
     * Deploys the bad commit and dies at the n-th call of the engine in its rollback, for every n; then lets the test continue.
     */
    private void killedAnywhere(BiConsumer<RollbackKilledTest, Integer> then) {
        int most = 0;
        for (int n = 1; n <= most + 1; n++) {
            RollbackKilledTest fresh = new RollbackKilledTest();
            fresh.images();
            fresh.deploy(GOOD);
            if (!fresh.killed(n)) {
                assertThat(n).as("there were calls to die at").isGreaterThan(3);
                return;
            }
            most = n;
            then.accept(fresh, n);
        }
    }

    private boolean killed(int n) {
        AtomicInteger calls = new AtomicInteger();
        site.engine.faults(call -> {
            boolean back = store.deployment("shop")
                    .flatMap(DeploymentState::running)
                    .filter(DeploymentState.Running::back)
                    .isPresent();
            return back && calls.incrementAndGet() == n ? CRASH : Fate.GOOD;
        });
        SimSite.Process dying = site.process();
        try {
            dying.deploy(BAD);
            return false;
        } catch (Faults.Crash crash) {
            dying.die();
            return true;
        } catch (Failure rolledBack) {
            return false;
        } finally {
            site.engine.faults(call -> Fate.GOOD);
        }
    }

    private void assertBack(int n) {
        assertThat(running())
                .as("killed at call %s", n)
                .containsExactly("shop-redis-1-1", "shop-web-1-1", "shop-web-1-2");
        assertThat(site.engine.observe().containers()).hasSize(3);
        assertThat(site.proxy.serving("shop", "web")).hasSize(2);
        assertThat(site.proxy.applied("shop").orElseThrow().domains()).containsExactly(DOMAIN);
    }

    @Test
    void anAutomaticDeployOfTheSameCommitFinishesItAndIsRefused() {
        killedAnywhere((it, n) -> {
            assertThatThrownBy(() -> it.automatic(BAD))
                    .hasMessageContaining("failed before and is not retried automatically");
            it.assertBack(n);
            DeploymentState state = it.state();
            assertThat(state.lastRelease()).isEqualTo(2);
            assertThat(state.running()).isEmpty();
            Release failed = it.store.release("shop", 2).orElseThrow();
            assertThat(failed.outcome()).isEqualTo(Release.Outcome.FAILED);
            assertThat(failed.cause()).contains("not healthy within 1m");
            assertThat(it.automatic(GOOD).kind()).isEqualTo(Outcome.Kind.NO_CHANGES);
        });
    }

    @Test
    void aPersonsDeployOfAFixedFileProceeds() {
        killedAnywhere((it, n) -> {
            assertThat(it.deploy(at("cccccccccccc", shop("2", 2)))).isEqualTo(Outcome.Kind.DONE);
            assertThat(it.running()).containsExactly("shop-redis-1-1", "shop-web-3-1", "shop-web-3-2");
            assertThat(it.deploy(at("cccccccccccc", shop("2", 2)))).isEqualTo(Outcome.Kind.NO_CHANGES);
        });
    }

    @Test
    void aScaleStartsFromTheReleaseThatItWentBackTo() {
        killedAnywhere((it, n) -> {
            SimSite.Process process = it.site.process();
            process.perform(new Request.Scale("shop", Map.of("web", 1), SimSite.MANDATE));
            assertThat(it.running()).containsExactly("shop-redis-1-1", "shop-web-1-1");
        });
    }

    @Test
    void aFirstReleaseIsRemovedWhole() {
        assertThat(killed(1)).isTrue();
        assertThatThrownBy(() -> automatic(BAD)).hasMessageContaining("failed before");
        assertThat(site.engine.observe().containers()).isEmpty();
    }

    @Test
    void anOlderStoresMarkIsMissingAndItIsRefusedAllTheSame() {
        deploy(GOOD);
        assertThat(killed(2)).isTrue();
        SimSite.Process old = site.process();
        try (Lease lease = old.installation.store().acquire("shop", "older").orElseThrow()) {
            old.installation
                    .store()
                    .commit(
                            lease,
                            Commit.of(state().change().failedCommits(List.of()).build()));
        }
        assertThatThrownBy(() -> automatic(BAD)).hasMessageContaining("failed before");
        assertBack(2);
    }

    @Test
    void aFailedCommitStaysRefusedWhenTheEntryInTheStoreIsLost() {
        deploy(GOOD);
        assertThatThrownBy(() -> automatic(BAD)).hasMessageContaining("failed");
        site.store.damage("shop");
        assertThatThrownBy(() -> automatic(BAD)).hasMessageContaining("failed before");
        assertThat(running()).contains("shop-web-1-1", "shop-web-1-2");
    }

    @Test
    void aStoreThatIsLostMeanwhileLosesTheMarkAndNothingThatServes() {
        deploy(GOOD);
        assertThat(killed(2)).isTrue();
        site.store.flush();
        assertThat(automatic(GOOD).kind()).isIn(Outcome.Kind.DONE, Outcome.Kind.NO_CHANGES);
        assertBack(2);
    }
}
