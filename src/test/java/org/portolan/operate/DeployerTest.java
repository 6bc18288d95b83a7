package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.event.Event;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Release;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** Deploys on a simulated engine, from the first to the failed one. */
class DeployerTest extends SimShop {
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
            assertThat(failure.kind()).isEqualTo(Failure.Kind.FAILED);
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
        assertThat(site.engine.observe().networks())
                .as("no room of the network pool is kept")
                .isEmpty();
        assertThat(deploy(shop("1", 1))).isEqualTo(Outcome.Kind.DONE);
    }

    @Test
    void anEngineThatLacksACallIsRefusedBeforeAnythingIsMade() {
        site.engine.world().missingCalls = List.of("to change a container");
        assertThatThrownBy(() -> deploy(shop("1", 1)))
                .isInstanceOf(Failure.class)
                .hasMessage("the engine lacks API calls that a release needs: to change a container");
        assertThat(site.engine.changes()).isEmpty();
    }

    @Test
    void aPoolThatOthersFilledIsKnownWhenItIsPlanned() {
        site.engine.world().poolFull = true;
        SimSite.Process process = site.process();
        assertThatThrownBy(() -> new Deployer(process.installation)
                        .plan(new Request.Apply(shop("1", 1), List.of(), SimSite.MANDATE)))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.what()).contains("no free subnet is left");
                    assertThat(failure.hint().orElse("")).contains("network.pool");
                });
        assertThatThrownBy(() -> deploy(shop("1", 1))).hasMessageContaining("no free subnet is left");
        assertThat(process.installation.store().releases("shop", 1)).isEmpty();
    }

    @Test
    void aPoolThatFillsUpMeanwhileIsToldWithItsHintAndRolledBack() {
        site.engine.world().poolFillsUp = true;
        assertThatThrownBy(() -> deploy(shop("1", 1))).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).contains("no free subnet is left").doesNotContain("rollback is incomplete");
            assertThat(String.join(" ", failure.details())).contains("network.pool");
        });
        Release failed = site.process().installation.store().release("shop", 1).orElseThrow();
        assertThat(failed.cause()).doesNotContain("rollback is incomplete");
    }

    @Test
    void oddLabelsOfAnybodysContainerEndNoRelease() {
        deploy(shop("1", 1));
        Map<String, String> odd = Map.of(
                Labels.INSTALLATION, "0badcafe",
                Labels.DEPLOYMENT, "other",
                Labels.SERVICE, "web",
                Labels.VERSION, "99999999999",
                Labels.INSTANCE, "-1",
                Labels.RELEASE, "x",
                Labels.PORTS, "http=21001/8000/udp",
                Labels.MESH, "http");
        site.engine.world().foreign("odd", odd, new ContainerSpec.Publish("0.0.0.0", 29998, 80));
        assertThat(deploy(shop("2", 1))).isEqualTo(Outcome.Kind.DONE);
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
    void aRestartThatFailsGoesBackToTheInstancesThatServed() {
        deploy(shop("1", 2));
        List<String> before = containers();
        site.engine.faults(call -> {
            site.engine.world().all().stream()
                    .filter(each -> each.state() == Container.State.RUNNING && !before.contains(each.id()))
                    .forEach(each -> site.engine.world().kill(each.id(), 3));
            return Fate.GOOD;
        });
        SimSite.Process process = site.process();

        assertThatThrownBy(() -> process.perform(new Request.Restart("shop", Set.of("web"), SimSite.MANDATE)))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.details())
                        .anyMatch(line -> line.contains("rolled back to")));

        assertThat(containers()).isEqualTo(before);
        assertThat(site.proxy.serving("shop", "web")).hasSize(2);
    }

    private List<String> containers() {
        return site.engine.observe().containers().stream()
                .map(Container::id)
                .sorted()
                .toList();
    }

    @Test
    void anInstanceIsReachedWhereItWasPublishedWhateverTheConfigurationSaysSince() {
        deploy(shop("1", 1));
        Set<String> before = addresses("web");
        site.publishAddress = "127.0.0.9";

        deploy(shop("1", 2));

        assertThat(before).hasSize(1).doesNotContain("127.0.0.9");
        assertThat(addresses("web")).hasSize(2).containsAll(before).contains("127.0.0.9");
        assertThat(addresses("redis")).isEqualTo(before);
    }

    private Set<String> addresses(String service) {
        return site.proxy.applied("shop").orElseThrow().backends().stream()
                .filter(backend -> backend.service().equals(service))
                .flatMap(backend -> backend.servers().stream())
                .map(RouteSet.Server::address)
                .collect(Collectors.toSet());
    }

    @Test
    void stepsUnderWayEndWhenAPersonStopsTheRun() {
        site.scatter(new Random(7));

        Outcome outcome =
                site.process().deploy(shop("1", 6), () -> !told("create-begins").isEmpty());

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.INTERRUPTED);
        assertThat(told("create-begins")).isNotEmpty().isEqualTo(told("instance-created"));
        assertThat(told("instance-started")).isEqualTo(told("instance-created"));
    }

    /** The instances that the store knows. */
    private Set<String> told(String kind) {
        return site.process().installation.store().events("", 1000).stream()
                .filter(event -> event.kind().equals(kind))
                .map(Event::instance)
                .collect(Collectors.toSet());
    }

    @Test
    void scaleStopStartRestartRollBackRemove() {
        deploy(shop("1", 1));
        deploy(shop("2", 1));
        SimSite.Process process = site.process();
        process.perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-2-1", "shop-web-2-2", "shop-web-2-3");

        process.perform(new Request.Stop("shop", Set.of("web"), SimSite.MANDATE));
        assertThat(running()).containsExactly("shop-redis-1-1");
        assertThat(deploy(shop("2", 3))).isEqualTo(Outcome.Kind.NO_CHANGES);
        process.perform(new Request.Start("shop", Set.of("web"), SimSite.MANDATE));
        assertThat(running()).hasSize(4);

        process.perform(new Request.Restart("shop", Set.of("web"), SimSite.MANDATE));
        assertThat(running()).hasSize(4);
        assertThat(site.proxy.serving("shop", "web")).hasSize(3);

        process.perform(new Request.Rollback("shop", Optional.of(1), SimSite.MANDATE));
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-1-1");
        assertThat(site.reports.stream().map(Event::message))
                .anyMatch(message -> message.matches("Deploying shop, release \\d+: rollback to 1"))
                .anyMatch(message -> message.matches("Released shop \\d+ in .*: rollback to 1"));

        process.perform(new Request.Remove("shop", false, SimSite.MANDATE));
        assertThat(site.engine.observe().containers()).isEmpty();
        assertThat(site.engine.observe().networks()).isEmpty();
        assertThat(site.process().installation.store().deployments()).isEmpty();
    }

    @Test
    void oneServiceAtATimeRollsWhereThatIsAskedFor() {
        Map<String, Object> worker = Map.of("image", "web:1", "ports", Map.of("http", 80L));
        Desired three = SimSite.desired("shop", Map.of("a", worker, "b", worker, "c", worker), Map.of());
        SimSite.Process process = site.process();
        DeployOptions one = process.options(() -> false).withParallel(1);

        new Deployer(process.installation).perform(new Request.Apply(three, List.of(), SimSite.MANDATE), one);

        assertThat(site.reports.stream()
                        .map(Event::message)
                        .filter(message -> message.startsWith("New instance") || message.endsWith(" is serving")))
                .containsExactly(
                        "New instance id shop-a-1-1",
                        "shop-a-1-1 is serving",
                        "New instance id shop-b-1-1",
                        "shop-b-1-1 is serving",
                        "New instance id shop-c-1-1",
                        "shop-c-1-1 is serving");
    }

    @Test
    void whatAContainerPrintsOfItsSecretsBeforeItDiesIsMaskedEverywhere() {
        site.engine
                .world()
                .image(
                        "web:tells",
                        org.portolan.engine.sim.Behaviour.exitsAfter(java.time.Duration.ofMillis(300), 3)
                                .logging("TOKEN=geheim-1234", "DSN=pg://u:pass-word-9@db", "old-secret-77 too"),
                        80);
        Map<String, Object> old = Map.of(
                "image", "web:1", "ports", Map.of("http", 80L), "env", Map.of("T", Map.of("secret", "old-secret-77")));
        deploy(SimSite.desired("shop", Map.of("web", old), Map.of()));
        Map<String, Object> web = Map.of(
                "image", "web:tells",
                "ports", Map.of("http", 80L),
                "env",
                        Map.of(
                                "TOKEN",
                                Map.of("secret", "geheim-1234"),
                                "DSN",
                                Map.of("secret", "pg://u:pass-word-9@db")));

        assertThatThrownBy(() -> deploy(SimSite.desired("shop", Map.of("web", web), Map.of())))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.details())
                        .anyMatch(line -> line.contains("TOKEN=••••"))
                        .noneMatch(DeployerTest::tells));

        assertThat(site.reports).extracting(Event::message).noneMatch(DeployerTest::tells);
        Release failed = site.process().installation.store().release("shop", 2).orElseThrow();
        assertThat(failed.cause()).doesNotContain("geheim");
        assertThat(failed.events()).noneMatch(event -> tells(event.message()));
    }

    private static boolean tells(String line) {
        return line.contains("geheim-1234") || line.contains("pass-word-9") || line.contains("old-secret-77");
    }
}
