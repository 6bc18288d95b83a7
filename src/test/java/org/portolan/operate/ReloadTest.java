package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.SimEngine.Call;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** Files that running instances load without being replaced. */
class ReloadTest extends SimShop {
    private static final String CONF = "/etc/web/web.conf";
    private static final String INSTANCE = "shop-web-1-1";

    private static Desired web(String content, int scale) {
        return web(Map.of("content", content, "user", "101", "reload", Map.of("signal", "HUP")), scale, false);
    }

    private static Desired web(Map<String, Object> file, int scale, boolean readOnly) {
        Map<String, Object> keys = new TreeMap<>(Map.of(
                "image",
                "web:1",
                "ports",
                Map.of("http", 80L),
                "health",
                HEALTH,
                "files",
                Map.of(CONF, file, "/etc/web/other", Map.of("content", "other"))));
        if (readOnly) {
            keys.put("read_only", true);
        }
        return SimSite.desired("shop", Map.of("web", keys), Map.of("web", scale));
    }

    private List<String> loaded() {
        return running().stream()
                .map(name -> site.engine.world().loaded(name, CONF))
                .toList();
    }

    private String content(String instance) {
        return new String(
                site.engine.files(instance, CONF, 1000).orElseThrow().getFirst().content(), StandardCharsets.UTF_8);
    }

    private List<String> verbs(int from) {
        List<Call> all = site.engine.changes();
        return all.subList(from, all.size()).stream().map(Call::verb).toList();
    }

    @Test
    void otherContentIsLoadedByOneInstanceAfterTheOtherAndNoContainerIsReplaced() {
        deploy(web("one", 2));
        assertThat(deploy(web("one", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        List<String> ids = ids();
        int before = site.engine.changes().size();

        assertThat(deploy(web("two", 2))).isEqualTo(Outcome.Kind.DONE);

        assertThat(loaded()).containsExactly("two", "two");
        assertThat(ids()).isEqualTo(ids);
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
        assertThat(verbs(before).stream().filter(verb -> !verb.equals("network")))
                .as("one proves that it is healthy before the next")
                .containsExactly("put", "replace", "reload", "put", "put", "replace", "reload", "put");
        assertThat(site.engine.files(INSTANCE, CONF, 1000).orElseThrow().getFirst())
                .isEqualTo(new ContainerFile(CONF, 0644, 101, 101, "two".getBytes(StandardCharsets.UTF_8)));
        assertThat(deploy(web("two", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.reports.stream().map(event -> event.message())).contains("Reloaded shop-web-1-1");
    }

    private List<String> ids() {
        return site.engine.observe().containers().stream().map(Container::id).toList();
    }

    @Test
    void newInstancesHaveTheContentBeforeTheyStartAndARollbackBringsTheFormer() {
        deploy(web("one", 1));
        deploy(web("two", 1));
        SimSite.Process process = site.process();
        process.perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        assertThat(loaded()).containsExactly("two", "two", "two");
        assertThat(deploy(web("two", 3))).isEqualTo(Outcome.Kind.NO_CHANGES);

        process.perform(new Request.Rollback("shop", Optional.of(1), SimSite.MANDATE));
        assertThat(loaded()).containsExactly("one");
        process.perform(new Request.Rollback("shop", Optional.of(3), SimSite.MANDATE));
        assertThat(loaded()).containsExactly("two", "two", "two");
        assertThat(running()).allMatch(name -> name.startsWith("shop-web-1-"));
    }

    @Test
    void aRollbackWithoutANumberGoesToTheContentBefore() {
        deploy(web("one", 1));
        deploy(web("two", 1));
        SimSite.Process process = site.process();
        process.perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
        assertThat(loaded()).containsExactly("one");
    }

    /** Where it starts between the look and the files, it has loaded the earlier ones. */
    @Test
    void oneThatComesBackBeforeItsFilesCameLoadsThemToo() {
        deploy(web("one", 1));
        site.engine.world().kill(INSTANCE, 0);
        int before = site.engine.changes().size();
        site.engine.faults(call -> call.verb().equals("put")
                ? new Faults.Fate(Faults.What.GOOD, Duration.ofSeconds(3))
                : Faults.Fate.GOOD);

        assertThat(deploy(web("two", 1))).isEqualTo(Outcome.Kind.DONE);

        assertThat(verbs(before)).as("it waited for its start").doesNotContain("replace");
        assertThat(loaded()).containsExactly("two");
        site.engine.faults(call -> Faults.Fate.GOOD);
        assertThat(deploy(web("two", 1))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    /** The engine starts what keeps exiting once a minute in the end, and an instance has ten seconds to become healthy. */
    @Test
    void oneThatKeepsExitingIsStartedWithOtherContent() {
        deploy(web("one", 1));
        byte[] bad = "crashes".getBytes(StandardCharsets.UTF_8);
        site.engine.put(INSTANCE, "/", List.of(new ContainerFile(CONF, 0644, 0, 0, bad)));
        site.engine.world().kill(INSTANCE, 0);
        site.clock.advance(Duration.ofMinutes(5));
        assertThat(site.engine.inspect(INSTANCE).orElseThrow().state()).isEqualTo(Container.State.RESTARTING);
        List<String> ids = ids();
        int before = site.engine.changes().size();

        assertThat(deploy(web("two", 1))).isEqualTo(Outcome.Kind.DONE);

        assertThat(verbs(before)).containsSubsequence("put", "stop", "start");
        assertThat(loaded()).containsExactly("two");
        assertThat(ids()).isEqualTo(ids);
        assertThat(site.proxy.serving("shop", "web")).hasSize(1);
        assertThat(deploy(web("two", 1))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @ParameterizedTest
    @CsvSource({
        "refused,its signal HUP ended with exit status 1",
        "hangs,its signal HUP did not end within 30s",
        "breaks,healthy",
        "crashes,keeps exiting"
    })
    void whatCannotBeLoadedIsTakenBack(String content, String says) {
        deploy(web("one", 2));
        List<String> ids = ids();

        assertThatThrownBy(() -> deploy(web(content, 2)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(says);

        assertThat(ids()).isEqualTo(ids);
        site.clock.advance(Duration.ofMinutes(2));
        assertThat(loaded()).containsExactly("one", "one");
        assertThat(content("shop-web-1-1")).isEqualTo("one");
        assertThat(content("shop-web-1-2")).isEqualTo("one");
        assertThat(deploy(web("one", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.proxy.serving("shop", "web")).hasSize(2);
    }

    @Test
    void theLastLinesOfACommandAreShown() {
        Map<String, Object> reload = Map.of("cmd", List.of("reload"));
        deploy(web(Map.of("content", "one", "reload", reload), 1, false));
        assertThatThrownBy(() -> deploy(web(Map.of("content", "refused", "reload", reload), 1, false)))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.details())
                        .contains("unknown directive", "the configuration test failed")
                        .contains("rolled back to release 1: web version 1"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void killedAtAnyCallTheNextProcessBringsItToItsEndEvenIfTheStoreIsLost(boolean flushed) {
        for (boolean after : new boolean[] {false, true}) {
            for (int n = 1; n < 40; n++) {
                ReloadTest fresh = new ReloadTest();
                fresh.images();
                if (!fresh.killed(n, after, flushed)) {
                    assertThat(n).as("there were calls to die at").isGreaterThan(8);
                    break;
                }
            }
        }
    }

    private boolean killed(int n, boolean after, boolean flushed) {
        deploy(web("one", 2));
        List<String> ids = ids();
        site.engine.faults(Faults.crashAt(n, after));
        SimSite.Process dying = site.process();
        try {
            dying.deploy(web("two", 2));
            return false;
        } catch (Faults.Crash crash) {
            dying.die();
        } finally {
            site.engine.faults(Faults.NONE);
        }
        if (flushed) {
            site.store.flush();
        }
        deploy(web("two", 2));
        assertThat(loaded()).as("killed at %s", n).containsExactly("two", "two");
        assertThat(ids()).isEqualTo(ids);
        assertThat(deploy(web("two", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        return true;
    }

    @Test
    void killedAndGivenUpTheFormerContentIsLoadedAgain() {
        for (int n = 1; n < 9; n++) {
            ReloadTest fresh = new ReloadTest();
            fresh.images();
            fresh.deploy(web("one", 2));
            fresh.site.engine.faults(Faults.crashAt(n, true));
            SimSite.Process dying = fresh.site.process();
            assertThatThrownBy(() -> dying.deploy(web("two", 2))).isInstanceOf(Faults.Crash.class);
            dying.die();
            fresh.site.engine.faults(Faults.NONE);
            fresh.deploy(web("one", 2));
            assertThat(fresh.loaded()).as("killed at %s", n).containsExactly("one", "one");
            assertThat(fresh.content(INSTANCE)).isEqualTo("one");
            assertThat(fresh.deploy(web("one", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        }
    }

    @Test
    void aLostStoreChangesNothingAndWhatFailsThenIsTakenBackToo() {
        deploy(web("one", 2));
        site.store.flush();
        int before = site.engine.changes().size();
        assertThat(deploy(web("one", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.engine.changes()).hasSize(before);
        site.store.flush();
        assertThatThrownBy(() -> deploy(web("refused", 2))).isInstanceOf(Failure.class);
        assertThat(loaded()).containsExactly("one", "one");
        assertThat(content(INSTANCE)).isEqualTo("one");
    }

    @Test
    void whatSomebodyChangedInAContainerIsPutRight() {
        deploy(web("one", 2));
        site.engine.put(
                "shop-web-1-2",
                "/",
                List.of(new ContainerFile(CONF, 0644, 101, 101, "by hand".getBytes(StandardCharsets.UTF_8))));
        assertThat(deploy(web("one", 2))).isEqualTo(Outcome.Kind.DONE);
        assertThat(content("shop-web-1-2")).isEqualTo("one");
        assertThat(deploy(web("one", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void aContainerThatTheEngineRestartedHasLoadedWhatIsThere() {
        deploy(web("one", 2));
        deploy(web("two", 2));
        site.engine.world().kill(INSTANCE, 1);
        site.clock.advance(Duration.ofSeconds(2));
        assertThat(loaded()).containsExactly("two", "two");
        assertThat(deploy(web("two", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void aReadOnlyServiceReloadsWhatIsInItsVolume() {
        Map<String, Object> reload = Map.of("signal", "HUP");
        deploy(web(Map.of("content", "one", "reload", reload), 2, true));
        List<String> ids = ids();
        deploy(web(Map.of("content", "two", "reload", reload), 2, true));
        assertThat(ids()).isEqualTo(ids);
        assertThat(loaded()).containsExactly("two", "two");
        assertThat(deploy(web(Map.of("content", "two", "reload", reload), 2, true)))
                .isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void theStateAndLabelsTellNoSecretFile() {
        Map<String, Object> reload = Map.of("signal", "HUP");
        deploy(web(Map.of("content", Map.of("secret", "hunter2-one"), "reload", reload), 1, false));
        deploy(web(Map.of("content", Map.of("secret", "hunter2-two"), "reload", reload), 1, false));
        assertThat(loaded()).containsExactly("hunter2-two");
        String state = site.process()
                .installation
                .store()
                .deployment("shop")
                .orElseThrow()
                .toString();
        assertThat(Stream.of(state)
                        .map(text -> text + site.reports)
                        .map(text -> text
                                + site.engine.observe().containers().stream()
                                        .map(container -> container.labels() + container.label(Labels.FILES))
                                        .toList()))
                .allMatch(text -> !text.contains("hunter2"));
    }
}
