package org.portolan.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Container;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.model.Desired;
import org.portolan.model.Failure;
import org.portolan.model.Release;
import org.portolan.rollout.Orders;
import org.portolan.rollout.Reporter;
import org.portolan.sim.SimSite;
import org.portolan.store.Lease;

/** Deploys on a simulated engine, from the first to the failed one. */
class DeployerTest {
    private static final Map<String, Object> HEALTH = Map.of("http", "/up");
    private final SimSite site = new SimSite(1);

    @BeforeEach
    void images() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.engine.world().image("web:2", Behaviour.GOOD, 80);
        site.engine.world().image("web:3", Behaviour.GOOD, 80);
        site.engine.world().image("web:bad", Behaviour.neverHealthy().logging("cannot open the database"), 80);
        site.engine
                .world()
                .image(
                        "web:exits",
                        Behaviour.exitsAfter(Duration.ofMillis(300), 3).logging("boom"),
                        80);
        site.engine.world().image("redis:1", Behaviour.GOOD, 6379);
        site.engine.world().image("db:1", Behaviour.GOOD);
        site.engine.world().image("db:2", Behaviour.GOOD);
        site.engine.world().image("db:bad", Behaviour.exitsAfter(Duration.ZERO, 1));
    }

    private static Desired shop(String tag, int scale) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "web", Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", HEALTH),
                        "redis", Map.of("image", "redis:1", "ports", Map.of("", 6379L))),
                Map.of("web", scale));
    }

    private List<String> running() {
        return site.engine.observe().containers().stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .map(Container::name)
                .sorted()
                .toList();
    }

    private Outcome.Kind deploy(Desired desired) {
        return site.process().deploy(desired).kind();
    }

    @Test
    void firstAgainAndChanged() {
        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1", "shop-web-1-2");

        int changes = site.engine.changes().size();
        int commits = site.store.commits();
        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.engine.changes()).hasSize(changes);
        assertThat(site.store.commits()).isEqualTo(commits);

        assertThat(deploy(shop("2", 2))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-2-1", "shop-web-2-2");
        assertThat(site.proxy.serving("shop", "web")).hasSize(2);
    }

    @Test
    void aVersionThatIsNeverHealthyIsTakenBack() {
        deploy(shop("1", 2));

        assertThatThrownBy(() -> deploy(shop("bad", 2))).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).contains("release 2 of shop failed").contains("not healthy within 1m");
            assertThat(failure.details()).anyMatch(line -> line.contains("cannot open the database"));
            assertThat(failure.status().code()).isEqualTo(1);
        });

        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1", "shop-web-1-2");
        assertThat(site.proxy.serving("shop", "web")).hasSize(2);
        Release failed = site.process().installation.store().release("shop", 2).orElseThrow();
        assertThat(failed.outcome()).isEqualTo(Release.Outcome.FAILED);
    }

    @Test
    void aBakeTimeIsNoLackOfProgress() {
        deploy(shop("1", 2));
        for (String strategy : List.of("rolling", "blue-green", "canary")) {
            Map<String, Object> web = Map.of(
                    "image", "web:2",
                    "ports", Map.of("http", 80L),
                    "env", Map.of("STRATEGY", strategy),
                    "rollout", Map.of("strategy", strategy, "bake", "30s", "deadline", "10s"));
            assertThat(deploy(SimSite.desired("shop", Map.of("web", web), Map.of("web", 2))))
                    .as(strategy)
                    .isEqualTo(Outcome.Kind.DONE);
        }
    }

    @Test
    void aFirstReleaseThatFailsLeavesNothingRunning() {
        assertThatThrownBy(() -> deploy(shop("exits", 1))).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).contains("exited with status 3");
            assertThat(failure.details()).anyMatch(line -> line.contains("boom"));
        });

        assertThat(site.engine.observe().containers()).isEmpty();
    }

    private static Desired untried(String image) {
        Map<String, Object> worker = Map.of("image", image, "rollout", Map.of("min_healthy", "0s"));
        return SimSite.desired("shop", Map.of("worker", worker), Map.of());
    }

    @Test
    void oneThatNeedNotProveItselfAndExitsAtOnceIsTakenBackAndNotLeftToLoop() {
        assertThatThrownBy(() -> deploy(untried("db:bad")))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.what())
                        .contains("keeps exiting, last with status 1"));
        assertThat(site.engine.observe().containers()).isEmpty();

        deploy(untried("db:1"));
        assertThatThrownBy(() -> deploy(untried("db:bad"))).isInstanceOf(Failure.class);
        assertThat(running()).containsExactly("shop-worker-2-1");
        assertThat(site.engine.observe().containers()).hasSize(1);
    }

    @Test
    void oneThatNeedNotProveItselfIsLookedAtOnceMoreBeforeTheReleaseIsDone() {
        assertThatThrownBy(() -> deploy(untried("web:exits")))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.what())
                        .contains("keeps exiting, last with status 3"));
        assertThat(site.engine.observe().containers()).isEmpty();
    }

    @Test
    void aServiceWithAVolumeIsStoppedFirstAndStartedAgainWhenTheNewOneFails() {
        Map<String, Object> volume = Map.of("data", "/data");
        deploy(SimSite.desired("shop", Map.of("db", Map.of("image", "db:1", "volumes", volume)), Map.of()));
        String first = site.engine.observe().containers().getFirst().id();

        assertThatThrownBy(() -> deploy(
                        SimSite.desired("shop", Map.of("db", Map.of("image", "db:bad", "volumes", volume)), Map.of())))
                .isInstanceOf(Failure.class);
        assertThat(running()).containsExactly("shop-db-1-1");
        assertThat(site.engine.observe().containers().getFirst().id()).isEqualTo(first);

        deploy(SimSite.desired("shop", Map.of("db", Map.of("image", "db:2", "volumes", volume)), Map.of()));
        assertThat(running()).containsExactly("shop-db-3-1");
    }

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
    void scaleStopStartRestartRollBackRemove() {
        deploy(shop("1", 1));
        deploy(shop("2", 1));
        SimSite.Process process = site.process();
        DeployOptions options = process.options(() -> false);
        Operations operations = process.operations();

        operations.scale("shop", Map.of("web", 3), options);
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-2-1", "shop-web-2-2", "shop-web-2-3");

        operations.stop("shop", Set.of("web"), options);
        assertThat(running()).containsExactly("shop-redis-1-1");
        assertThat(deploy(shop("2", 3))).isEqualTo(Outcome.Kind.NO_CHANGES);
        operations.start("shop", Set.of("web"), options);
        assertThat(running()).hasSize(4);

        operations.restart("shop", Set.of("web"), options);
        assertThat(running()).hasSize(4);
        assertThat(site.proxy.serving("shop", "web")).hasSize(3);

        operations.rollback("shop", Optional.of(1), options);
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1");

        operations.remove("shop", false, options);
        assertThat(site.engine.observe().containers()).isEmpty();
        assertThat(site.engine.observe().networks()).isEmpty();
        assertThat(site.process().installation.store().deployments()).isEmpty();
    }

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
                    assertThat(failure.status().code()).isEqualTo(4);
                });

        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1", "shop-web-1-2", "shop-web-1-3");
        assertThat(site.process().installation.store().releases("shop", 10)).hasSize(2);
    }

    @Test
    void aRollbackThatNeedsNotWaitSupersedesOneThatDoes() {
        deploy(shop("1", 1));
        deploy(shop("2", 1));
        Lease running = locked();

        assertThatThrownBy(() -> waiting(shop("2", 3), () -> {
                    running.close();
                    SimSite.Process other = site.process();
                    other.operations().rollback("shop", Optional.of(1), other.options(() -> false));
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

        waiting(shop("2", 1), () -> scaling.operations().scale("shop", Map.of("redis", 2), scaling.options(() -> {
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
            assertThat(failure.status().code()).isEqualTo(4);
        });

        assertThat(Duration.between(began, site.clock.instant()))
                .isBetween(SimSite.LOCK_WAIT, SimSite.LOCK_WAIT.plusSeconds(1));
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1");
    }

    /** Deploys {@code web} with an image of each tag, one after the other. */
    private void releases(String image, int... tags) {
        for (int tag : tags) {
            Map<String, Object> web = Map.of("image", image + ":" + tag, "ports", Map.of("http", 80L));
            deploy(SimSite.desired("shop", Map.of("web", web), Map.of()));
        }
    }

    private boolean present(String image) {
        return site.engine.image(image).isPresent();
    }

    private void inRegistry(String image, int first, int last) {
        for (int tag = first; tag <= last; tag++) {
            site.engine.world().registry(image + ":" + tag, Behaviour.GOOD, 80);
        }
    }

    @Test
    void imagesGoWithTheVersionsThatUsedThem() {
        inRegistry("app", 1, 8);
        releases("app", 1, 2, 3, 4, 5, 6);
        assertThat(present("app:1")).as("kept for a rollback").isTrue();

        releases("app", 7);
        assertThat(present("app:1")).isFalse();
        assertThat(site.reports).anyMatch(report -> report.message().startsWith("removed the image app:1"));
        assertThat(present("app:2")).isTrue();

        SimSite.Process other = site.process();
        other.operations().rollback("shop", Optional.of(2), other.options(() -> false));
        assertThat(running()).containsExactly("shop-web-2-1");
    }

    @Test
    void imagesThatSomethingElseNeedsStay() {
        inRegistry("app", 1, 9);
        Map<String, Object> web = Map.of("image", "app:1", "ports", Map.of("http", 80L));
        deploy(SimSite.desired("blog", Map.of("web", web), Map.of()));
        releases("app", 1, 2, 3);
        site.engine.world().tag("app:3", "mine:3");
        site.engine.world().tag("app:2", "mine:2");
        releases("app", 4, 5, 6, 7, 8, 9);

        assertThat(present("app:1")).as("another deployment runs it").isTrue();
        assertThat(present("app:2")).as("a person gave it a second name").isTrue();
        assertThat(present("app:3")).isTrue();
    }

    @Test
    void localImagesStayWhileTheyHaveAName() {
        for (int tag = 1; tag <= 8; tag++) {
            site.engine.world().image("own:" + tag, Behaviour.GOOD, 80);
        }
        releases("own", 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(present("own:1")).as("no registry gives it back").isTrue();

        String first = site.engine.image("own:8").orElseThrow().id();
        for (int build = 1; build <= 7; build++) {
            site.engine.world().image("own:8", Behaviour.GOOD, 80);
            releases("own", 8);
        }
        assertThat(present(first)).as("its name went to a newer one").isFalse();
        assertThat(running()).containsExactly("shop-web-15-1");
    }

    @Test
    void anEngineThatFailsToRemoveAnImageFailsNoRelease() {
        inRegistry("app", 1, 7);
        releases("app", 1, 2, 3, 4, 5, 6);
        site.engine.faults(call -> call.verb().equals("remove-image")
                ? new Faults.Fate(Faults.What.FAILS, Duration.ZERO)
                : Faults.Fate.GOOD);
        releases("app", 7);
        assertThat(site.reports).anyMatch(report -> report.message().startsWith("left old images there: "));
        assertThat(running()).containsExactly("shop-web-7-1");
    }

    @Test
    void aRollbackFetchesAnImageThatIsGone() {
        inRegistry("app", 1, 2);
        releases("app", 1, 2);
        String gone = site.engine.image("app:1").orElseThrow().id();
        assertThat(site.engine.removeImage(gone)).isTrue();

        SimSite.Process other = site.process();
        other.operations().rollback("shop", Optional.of(1), other.options(() -> false));

        assertThat(running()).containsExactly("shop-web-1-1");
        assertThat(site.engine.containers().iterator().next().imageId()).isEqualTo(gone);
    }

    @Test
    void oneServiceAtATimeRollsWhereThatIsAskedFor() {
        Map<String, Object> worker = Map.of("image", "web:1", "ports", Map.of("http", 80L));
        Desired three = SimSite.desired("shop", Map.of("a", worker, "b", worker, "c", worker), Map.of());
        SimSite.Process process = site.process();
        DeployOptions one = process.options(() -> false).withParallel(1);

        new Deployer(process.installation).deploy(three, List.of(), one);

        assertThat(site.reports.stream()
                        .map(Reporter.Report::message)
                        .filter(message -> message.startsWith("New instance") || message.endsWith(" serves")))
                .containsExactly(
                        "New instance id shop-a-1-1",
                        "shop-a-1-1 serves",
                        "New instance id shop-b-1-1",
                        "shop-b-1-1 serves",
                        "New instance id shop-c-1-1",
                        "shop-c-1-1 serves");
    }

    private static Desired canary(String tag) {
        Map<String, Object> steps =
                Map.of("strategy", "canary", "steps", List.of(Map.of("weight", 20L, "promote", true)));
        Map<String, Object> web = Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "rollout", steps);
        return SimSite.desired("shop", Map.of("web", web), Map.of("web", 2));
    }

    /** Deploys and lets another process order something after a while. */
    private Outcome deployAndOrder(Desired desired, Map<Integer, Orders.Order> orders) {
        AtomicInteger rounds = new AtomicInteger();
        return site.process().deploy(desired, () -> {
            Optional.ofNullable(orders.get(rounds.incrementAndGet())).ifPresent(order -> {
                SimSite.Process other = site.process();
                other.operations().order("shop", order, other.options(() -> false));
            });
            return rounds.get() > 2000;
        });
    }

    @Test
    void aCanaryWaitsForAPersonWhoPromotesIt() {
        deploy(canary("1"));

        assertThat(deployAndOrder(canary("2"), Map.of()).kind()).isEqualTo(Outcome.Kind.INTERRUPTED);
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2", "shop-web-2-1");

        assertThat(deployAndOrder(canary("2"), Map.of(200, Orders.Order.PROMOTE))
                        .kind())
                .isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-web-2-1", "shop-web-2-2");
    }

    @Test
    void aCanaryOfAnotherVersionBeginsAtTheFirstStep() {
        deploy(canary("1"));
        deployAndOrder(canary("2"), Map.of(200, Orders.Order.PROMOTE, 201, Orders.Order.PAUSE));

        deployAndOrder(canary("3"), Map.of());

        assertThat(site.reports).anyMatch(report -> report.message().contains("version 3, canary step 1 of 1"));
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2", "shop-web-3-1");
    }

    @Test
    void aReleaseIsPausedResumedAndAborted() {
        deploy(canary("1"));

        assertThatThrownBy(() -> deployAndOrder(
                        canary("2"), Map.of(5, Orders.Order.PAUSE, 300, Orders.Order.RESUME, 600, Orders.Order.ABORT)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("aborted by a person");

        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
        assertThat(site.proxy.serving("shop", "web")).hasSize(2);
    }
}
