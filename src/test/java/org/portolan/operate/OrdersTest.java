package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.event.ReleaseOrder;
import org.portolan.model.service.Desired;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** What people order while a release runs. */
class OrdersTest extends SimShop {
    private static Desired canary(String tag) {
        Map<String, Object> steps =
                Map.of("strategy", "canary", "steps", List.of(Map.of("weight", 20L, "promote", true)));
        Map<String, Object> web = Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "rollout", steps);
        return SimSite.desired("shop", Map.of("web", web), Map.of("web", 2));
    }

    /** Deploys and lets another process order something after a while. */
    private Outcome deployAndOrder(Desired desired, Map<Integer, ReleaseOrder> orders) {
        AtomicInteger rounds = new AtomicInteger();
        return site.process().deploy(desired, () -> {
            Optional.ofNullable(orders.get(rounds.incrementAndGet())).ifPresent(order -> {
                SimSite.Process other = site.process();
                other.perform(new Request.Order("shop", order, SimSite.MANDATE));
            });
            return rounds.get() > 2000;
        });
    }

    @Test
    void aCanaryWaitsForAPersonWhoPromotesIt() {
        deploy(canary("1"));

        assertThat(deployAndOrder(canary("2"), Map.of()).kind()).isEqualTo(Outcome.Kind.INTERRUPTED);
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2", "shop-web-2-1");

        assertThat(deployAndOrder(canary("2"), Map.of(200, ReleaseOrder.PROMOTE))
                        .kind())
                .isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-web-2-1", "shop-web-2-2");
    }

    @Test
    void aCanaryOfAnotherVersionBeginsAtTheFirstStep() {
        deploy(canary("1"));
        deployAndOrder(canary("2"), Map.of(200, ReleaseOrder.PROMOTE, 201, ReleaseOrder.PAUSE));

        deployAndOrder(canary("3"), Map.of());

        assertThat(site.reports).anyMatch(report -> report.message().contains("version 3, canary step 1 of 1"));
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2", "shop-web-3-1");
    }

    /** Ctrl-C at a canary that waits leaves a release that nobody brings about. */
    @Test
    void anOrderToNobodyIsRefused() {
        deploy(canary("1"));
        SimSite.Process other = site.process();
        assertThatThrownBy(() -> other.perform(new Request.Order("shop", ReleaseOrder.PAUSE, SimSite.MANDATE)))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.what()).isEqualTo("no release of shop is in progress");
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.NOT_RUNNING);
                });
        deployAndOrder(canary("2"), Map.of());

        for (ReleaseOrder order : ReleaseOrder.values()) {
            assertThatThrownBy(() -> other.perform(new Request.Order("shop", order, SimSite.MANDATE)))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.what())
                                .contains("release 2 of shop was interrupted: no process is running that could ");
                        assertThat(failure.kind()).isEqualTo(Failure.Kind.NOT_RUNNING);
                    });
        }
    }

    @Test
    void theWayBackFromAnInterruptedReleaseIsTheLastGoodOne() {
        deploy(shop("1", 1));
        deploy(shop("2", 1));
        Outcome stopped = site.process().deploy(shop("3", 1), () -> running().contains("shop-web-3-1"));
        assertThat(stopped.kind()).isEqualTo(Outcome.Kind.INTERRUPTED);
        SimSite.Process other = site.process();

        assertThat(other.operations()
                        .planRollback(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE))
                        .release())
                .isEqualTo(2);
        other.perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));

        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-2-1");
    }

    @Test
    void aRollbackAfterARollbackGoesFurtherBack() {
        deploy(shop("1", 1));
        deploy(shop("2", 1));
        deploy(shop("3", 1));
        SimSite.Process other = site.process();

        other.perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
        assertThat(running()).contains("shop-web-2-1").doesNotContain("shop-web-3-1");
        assertThat(other.operations()
                        .planRollback(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE))
                        .release())
                .isEqualTo(1);
        other.perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));

        assertThat(running()).contains("shop-web-1-1").doesNotContain("shop-web-3-1");
        assertThatThrownBy(() -> other.operations()
                        .planRollback(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE))
                        .release())
                .hasMessageContaining("no earlier good release");
    }

    @Test
    void aPlanDuringAReleaseSaysWhoRunsItAndAfterwardsThatItWasInterrupted() {
        deploy(canary("1"));
        List<Plan> plans = new ArrayList<>();
        site.process().deploy(canary("2"), () -> {
            SimSite.Process other = site.process();
            if (plans.isEmpty()
                    && site.reports.stream().anyMatch(report -> report.kind().equals("instance-serving"))) {
                plans.add(new Deployer(other.installation)
                        .plan(new Request.Apply(canary("2"), List.of(), SimSite.MANDATE)));
            }
            return !plans.isEmpty();
        });

        assertThat(plans.getFirst().warnings())
                .anyMatch(warning -> warning.toString().matches(".*release 2.*it is in progress by process-2.*"));
        assertThat(plans.getFirst().actions()).noneMatch(action -> action.kind() == Action.Kind.RESUME_RELEASE);
        SimSite.Process after = site.process();
        assertThat(new Deployer(after.installation)
                        .plan(new Request.Apply(canary("2"), List.of(), SimSite.MANDATE))
                        .actions())
                .anyMatch(action -> action.kind() == Action.Kind.RESUME_RELEASE);
    }

    @Test
    void aReleaseIsPausedResumedAndAborted() {
        deploy(canary("1"));

        assertThatThrownBy(() -> deployAndOrder(
                        canary("2"), Map.of(5, ReleaseOrder.PAUSE, 300, ReleaseOrder.RESUME, 600, ReleaseOrder.ABORT)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("aborted");

        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
        assertThat(site.proxy.serving("shop", "web")).hasSize(2);
    }
}
