package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;
import org.portolan.store.Store;
import org.portolan.store.memory.MemoryStore;

/** The store is lost, damaged, older than what runs, or encrypted with a key that is lost; what runs is what counts. */
class LostStateTest extends SimShop {
    private static Desired web(String tag, String mode) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "web",
                        Map.of(
                                "image",
                                "web:" + tag,
                                "ports",
                                Map.of("http", 80L),
                                "health",
                                HEALTH,
                                "env",
                                Map.of("MODE", mode))),
                Map.of("web", 2));
    }

    private static Desired withDomain(Desired files) {
        Domain domain = SimSite.domain("shop.test", new Domain.Target("shop", "web", "", 100));
        return SimSite.with(files, domain);
    }

    private List<String> modes() {
        return site.engine.observe().containers().stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .map(container ->
                        site.engine.made(container.id()).orElseThrow().env().get("MODE"))
                .toList();
    }

    private Store store() {
        return site.process().installation.store();
    }

    @Test
    void aLostDefinitionIsWrittenAgainWhenItsVersionIsMet() {
        deploy(shop("1", 2));
        site.store.loseKey();
        int changes = site.engine.changes().size();

        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.engine.changes()).hasSize(changes);
        assertThat(store().definition("shop", "web", 1)).isPresent();

        int commits = site.store.commits();
        assertThat(deploy(shop("1", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.store.commits()).as("written once").isEqualTo(commits);
        SimSite.Process process = site.process();
        process.perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        assertThat(running()).hasSize(4);
    }

    @Test
    void aLostDefinitionIsWrittenAgainWithTheReleaseThatKeepsItsVersion() {
        deploy(shop("1", 2));
        site.store.loseKey();

        assertThat(deploy(shop("2", 2))).isEqualTo(Outcome.Kind.DONE);

        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-2-1", "shop-web-2-2");
        assertThat(store().definition("shop", "redis", 1)).isPresent();
    }

    @Test
    void withoutItsKeyADeploymentIsScaledAndRestartedAsItsContainersShowIt() {
        deploy(withDomain(web("1", "blue")));
        site.store.loseKey();
        SimSite.Process process = site.process();

        process.perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2", "shop-web-1-3");
        assertThat(modes()).containsExactly("blue", "blue", "blue");
        process.perform(new Request.Restart("shop", Set.of("web"), SimSite.MANDATE));
        assertThat(modes()).containsExactly("blue", "blue", "blue");
        assertThat(site.proxy.serving("shop", "web")).hasSize(3);
        assertThat(site.proxy.applied("shop").orElseThrow().domains()).hasSize(1);
        process.perform(new Request.Stop("shop", Set.of(), SimSite.MANDATE));
        assertThat(running()).isEmpty();
        process.perform(new Request.Start("shop", Set.of(), SimSite.MANDATE));
        assertThat(modes()).containsExactly("blue", "blue", "blue");

        assertThat(store().definition("shop", "web", 1).orElseThrow().recalled())
                .isTrue();
        deploy(withDomain(web("1", "blue")));
        assertThat(running())
                .as("the version is still the one of the files")
                .allMatch(name -> name.startsWith("shop-web-1-"));
        assertThat(store().definition("shop", "web", 1).orElseThrow().recalled())
                .isFalse();
    }

    @Test
    void afterTheStoreWasLostAFailedReleaseIsRolledBackWhole() {
        Desired good = both("1", "1");
        deploy(good);
        site.store.flush();

        // The first service has been replaced, and its old containers are gone, when the second one fails.
        assertThatThrownBy(() -> deploy(both("2", "bad")))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.details())
                        .anyMatch(line -> line.contains("rolled back to")));

        assertThat(running()).containsExactly("shop-last-1-1", "shop-web-1-1", "shop-web-1-2");
        assertThat(modes()).containsExactlyInAnyOrder("m1", "m1", null);
        assertThat(deploy(good)).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    private static Desired both(String web, String last) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "web",
                        Map.of(
                                "image",
                                "web:" + web,
                                "ports",
                                Map.of("http", 80L),
                                "health",
                                HEALTH,
                                "env",
                                Map.of("MODE", "m" + web)),
                        "last",
                        Map.of(
                                "image",
                                "web:" + last,
                                "ports",
                                Map.of("http", 80L),
                                "health",
                                HEALTH,
                                "require",
                                List.of("web"))),
                Map.of("web", 2));
    }

    @Test
    void whatRunsIsWhatAFailedReleaseGoesBackToWhenTheStoreIsOlder() {
        deploy(withDomain(web("1", "v1")));
        deploy(withDomain(web("2", "v2")));
        MemoryStore.Backup backup = site.store.backup();
        deploy(withDomain(web("3", "v3")));
        site.store.restore(backup);

        assertThatThrownBy(() -> deploy(withDomain(web("bad", "v4")))).isInstanceOf(Failure.class);

        assertThat(running()).containsExactly("shop-web-3-1", "shop-web-3-2");
        assertThat(modes()).containsExactly("v3", "v3");
        assertThat(site.reports).anyMatch(report -> report.message().contains("older than the running instances"));
        assertThat(store().deployment("shop")
                        .orElseThrow()
                        .services()
                        .get("web")
                        .version())
                .isEqualTo(3);
        assertThat(store().deployment("shop").orElseThrow().lastRelease())
                .as("release 3 was another one")
                .isEqualTo(4);
    }

    @Test
    void anOlderStoreIsSettledByTheNextDeployAndGivesNoNumberTwice() {
        deploy(withDomain(web("1", "v1")));
        MemoryStore.Backup backup = site.store.backup();
        deploy(withDomain(web("2", "v2")));
        deploy(withDomain(web("3", "v3")));
        site.store.restore(backup);

        assertThat(deploy(withDomain(web("3", "v3")))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(store().deployment("shop")
                        .orElseThrow()
                        .services()
                        .get("web")
                        .version())
                .isEqualTo(3);
        assertThat(store().definition("shop", "web", 3)).isPresent();
        int commits = site.store.commits();
        assertThat(deploy(withDomain(web("3", "v3")))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.store.commits()).isEqualTo(commits);

        site.store.restore(backup);
        deploy(withDomain(web("1", "other")));
        assertThat(running()).containsExactly("shop-web-4-1", "shop-web-4-2");
    }

    @Test
    void whatIsDoneByHandUnderAnOlderStoreKeepsTheVersionThatRuns() {
        deploy(withDomain(web("1", "v1")));
        MemoryStore.Backup backup = site.store.backup();
        deploy(withDomain(web("2", "v2")));
        site.store.restore(backup);
        SimSite.Process process = site.process();

        process.perform(new Request.Restart("shop", Set.of(), SimSite.MANDATE));

        assertThat(running()).containsExactly("shop-web-2-3", "shop-web-2-4");
        assertThat(modes()).containsExactly("v2", "v2");
        assertThat(site.proxy.applied("shop").orElseThrow().domains()).hasSize(1);
    }

    @Test
    void aDeploymentWhoseEntryWasLostGivesNoNumberOfAReleaseTwice() {
        deploy(shop("1", 1));
        assertThatThrownBy(() -> deploy(shop("bad", 1))).isInstanceOf(Failure.class);
        site.store.damage("shop");

        deploy(shop("2", 1));

        assertThat(store().deployment("shop").orElseThrow().lastRelease()).isEqualTo(3);
        assertThat(store().release("shop", 3).orElseThrow().events())
                .as("not those of the release that failed")
                .noneMatch(event -> event.kind().equals("release-failed"));
    }

    @Test
    void aDeploymentWhoseEntryAndContainersWereLostGivesNoNumberOfAReleaseTwice() {
        deploy(shop("1", 1));
        site.engine.observe().containers().forEach(container -> site.engine.remove(container.id(), true));
        site.store.damage("shop");

        deploy(shop("2", 1));

        assertThat(store().deployment("shop").orElseThrow().lastRelease()).isEqualTo(2);
    }

    @Test
    void aDamagedDeploymentIsRemoved() {
        deploy(shop("1", 1));
        site.store.damage("shop");
        SimSite.Process process = site.process();
        process.perform(new Request.Remove("shop", false, SimSite.MANDATE));
        assertThat(site.engine.observe().containers()).isEmpty();
        assertThat(store().damaged()).isEmpty();

        site.store.damage("gone");
        process.perform(new Request.Remove("gone", false, SimSite.MANDATE));
        assertThat(store().damaged()).isEmpty();
    }
}
