package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Release;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;
import org.portolan.store.Lease;

/** Deploys of one deployment that come while another runs. */
class LocksTest extends SimShop {
    /** Waits for the lock; what comes meanwhile comes when it looks for the third time. */
    private Outcome waiting(Desired desired, Runnable meanwhile) {
        AtomicInteger looks = new AtomicInteger();
        return site.process().deploy(desired, () -> {
            if (looks.incrementAndGet() == 3) {
                meanwhile.run();
            }
            return false;
        });
    }

    private Lease locked() {
        return site.process().installation.store().acquire("shop", "runs").orElseThrow();
    }

    @Test
    void aNewerDeploySupersedesOneThatStillWaits() {
        deploy(shop("1", 1));
        Lease running = locked();

        assertThatThrownBy(() -> waiting(shop("2", 1), () -> waiting(shop("1", 3), running::close)))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.what()).contains("superseded by process-4: deploy by tester@sim");
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.LOCKED);
                });

        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1", "shop-web-1-2", "shop-web-1-3");
        assertThat(site.process().installation.store().releases("shop", 10)).hasSize(2);
    }

    /** A process that read its files long before it got the lock (slow, frozen) deploys what they say when it has it. */
    @Test
    void whatTheFilesSayUnderTheLockIsDeployed() {
        deploy(shop("1", 1));
        SimSite.Process slow = site.process();
        Desired longAgo = shop("2", 1);
        deploy(shop("3", 1));

        Outcome outcome = new Deployer(slow.installation)
                .perform(
                        new Request.Apply(
                                longAgo,
                                List.of(),
                                () -> List.of(shop("3", 1)),
                                Request.Apply.Terms.ORDINARY,
                                SimSite.MANDATE),
                        slow.options(() -> false));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.process()
                        .installation
                        .store()
                        .deployment("shop")
                        .orElseThrow()
                        .services()
                        .get("web")
                        .version())
                .isEqualTo(2);
    }

    @Test
    void aDeploymentThatTheFilesNoLongerDeclareIsLeftAlone() {
        deploy(shop("1", 1));
        SimSite.Process slow = site.process();

        assertThatThrownBy(() -> new Deployer(slow.installation)
                        .perform(
                                new Request.Apply(
                                        shop("2", 1),
                                        List.of(),
                                        List::of,
                                        Request.Apply.Terms.ORDINARY,
                                        SimSite.MANDATE),
                                slow.options(() -> false)))
                .hasMessageContaining("shop: the files have changed and no longer declare it");

        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1");
    }

    @Test
    void aRollbackThatNeedsNotWaitSupersedesOneThatDoes() {
        deploy(shop("1", 1));
        deploy(shop("2", 1));
        Lease running = locked();

        assertThatThrownBy(() -> waiting(shop("2", 3), () -> {
                    running.close();
                    SimSite.Process other = site.process();
                    other.perform(new Request.Rollback("shop", Optional.of(1), SimSite.MANDATE));
                }))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("superseded by");

        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1");
    }

    @Test
    void aChangeOfAPartSupersedesNothingAndIsNotSuperseded() {
        deploy(shop("1", 1));
        Lease running = locked();
        AtomicInteger looks = new AtomicInteger();
        SimSite.Process scaling = site.process();

        waiting(
                shop("2", 1),
                () -> scaling.perform(
                        new Request.Scale("shop", Map.of("redis", 2), SimSite.MANDATE), scaling.options(() -> {
                            if (looks.incrementAndGet() == 3) {
                                running.close();
                            }
                            return false;
                        })));

        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-2-1");
        assertThat(site.process().installation.store().releases("shop", 10))
                .extracting(Release::cause)
                .containsExactly("", "scale", "");
    }

    @Test
    void aScaleFromWhatWasSeenDoesNotUndoOneThatCameWhileItWaited() {
        deploy(shop("1", 1));
        Lease running = locked();
        SimSite.Process slow = site.process();
        Request.Scale seen = new Request.Scale("shop", Map.of("web", 2), Map.of("web", 1), SimSite.MANDATE);

        assertThatThrownBy(() -> slow.perform(seen, slow.options(() -> {
                    running.close();
                    site.process().perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
                    return false;
                })))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.STALE);
                    assertThat(failure.what()).isEqualTo("web of shop is scaled to 3 by now, not to 1");
                });

        assertThat(running()).hasSize(4);
        Request.Scale now = new Request.Scale("shop", Map.of("web", 2), Map.of("web", 3), SimSite.MANDATE);
        assertThat(site.process().perform(now).kind()).isEqualTo(Outcome.Kind.DONE);
    }

    @Test
    void oneThatDiedWhileItWaitedIsInNobodysWay() {
        deploy(shop("1", 1));
        Lease running = locked();
        SimSite.Process dying = site.process();
        dying.installation.store().arrive("shop", "dies", 0);
        dying.die();

        assertThat(waiting(shop("2", 1), running::close).kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-2-1");
    }

    @Test
    void theWaitForALockHasAnEnd() {
        deploy(shop("1", 1));
        locked();
        Instant began = site.clock.instant();

        assertThatThrownBy(() -> deploy(shop("2", 1))).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).isEqualTo("shop is still locked after 10m, by process-2: runs");
            assertThat(failure.hint().orElseThrow()).contains("deploy.lock_wait");
            assertThat(failure.kind()).isEqualTo(Failure.Kind.LOCKED);
        });

        assertThat(Duration.between(began, site.clock.instant()))
                .isBetween(SimSite.LOCK_WAIT, SimSite.LOCK_WAIT.plusSeconds(1));
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1");
    }
}
