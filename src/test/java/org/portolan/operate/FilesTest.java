package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.SimEngine.Call;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** Files of a service: in each instance before it starts, whoever finishes its release. */
class FilesTest extends SimShop {
    private static Desired web(Map<String, Object> files, boolean readOnly) {
        Map<String, Object> keys =
                new TreeMap<>(Map.of("image", "web:1", "ports", Map.of("http", 80L), "health", HEALTH, "files", files));
        if (readOnly) {
            keys.put("read_only", true);
        }
        return SimSite.desired("shop", Map.of("web", keys), Map.of("web", 2));
    }

    private static Desired conf(String content) {
        return web(Map.of("/etc/web.conf", Map.of("content", content, "template", true, "user", "101")), false);
    }

    private String content(String instance, String path) {
        return new String(
                site.engine.files(instance, path, 1000).orElseThrow().getFirst().content(), StandardCharsets.UTF_8);
    }

    @Test
    void eachInstanceHasItsFilesBeforeItStarts() {
        deploy(conf("{INSTANCE} listens on {PORT}"));
        assertThat(content("shop-web-1-1", "/etc/web.conf")).isEqualTo("shop-web-1-1 listens on 80");
        assertThat(content("shop-web-1-2", "/etc/web.conf")).isEqualTo("shop-web-1-2 listens on 80");
        assertThat(site.engine.changes().stream().map(Call::verb).filter(verb -> !verb.equals("restart-policy")))
                .containsSubsequence("create", "put", "start");
        assertThat(deploy(conf("{INSTANCE} listens on {PORT}"))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void anotherContentIsAnotherVersionAndTheFormerIsThatVersionAgain() {
        deploy(conf("one"));
        deploy(conf("two"));
        assertThat(running()).containsExactly("shop-web-2-1", "shop-web-2-2");
        assertThat(content("shop-web-2-1", "/etc/web.conf")).isEqualTo("two");
        deploy(conf("one"));
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
        assertThat(content("shop-web-1-1", "/etc/web.conf")).isEqualTo("one");
    }

    @Test
    void whatWasMadeAndDiedBeforeItHadItsFilesGetsThemFromTheNextProcess() {
        site.engine.faults(call -> call.verb().equals("put")
                ? new Faults.Fate(Faults.What.CRASH_BEFORE, java.time.Duration.ZERO)
                : Faults.Fate.GOOD);
        SimSite.Process killed = site.process();
        assertThatThrownBy(() -> killed.deploy(conf("one"))).isInstanceOf(Faults.Crash.class);
        killed.die();
        site.engine.faults(Faults.NONE);
        assertThat(site.engine.world().all()).isNotEmpty().allMatch(each -> each.state() == Container.State.CREATED);

        deploy(conf("one"));

        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
        assertThat(content("shop-web-1-1", "/etc/web.conf")).isEqualTo("one");
        assertThat(content("shop-web-1-2", "/etc/web.conf")).isEqualTo("one");
    }

    @Test
    void afterTheStoreWasLostTheFilesAreStillTheVersionAndAnotherInstanceGetsThem() {
        deploy(conf("one"));
        site.store.loseKey();
        int changes = site.engine.changes().size();
        SimSite.Process process = site.process();
        process.perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        assertThat(content("shop-web-1-3", "/etc/web.conf")).isEqualTo("one");
        assertThat(site.engine
                        .files("shop-web-1-3", "/etc/web.conf", 1000)
                        .orElseThrow()
                        .getFirst()
                        .user())
                .isEqualTo(101);
        process.perform(new Request.Scale("shop", Map.of("web", 2), SimSite.MANDATE));
        assertThat(site.engine.changes()).hasSizeGreaterThan(changes);
        site.store.flush();
        changes = site.engine.changes().size();
        assertThat(deploy(conf("one"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.engine.changes()).hasSize(changes);
    }

    @Test
    void filesThatNothingTellsAnyMoreAreNotLeftOut() {
        Map<String, Object> many = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            many.put("/usr/share/web/html/page-" + i, Map.of("content", "page " + i));
        }
        deploy(web(many, false));
        site.store.loseKey();
        SimSite.Process process = site.process();
        assertThatThrownBy(() -> process.perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the definition of web version 1 is no longer kept");
        assertThat(deploy(web(many, false))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void theVolumesOfAReadOnlyServicesFilesGoWithItsInstances() {
        Desired one = web(Map.of("/etc/web/web.conf", Map.of("content", "one")), true);
        deploy(one);
        assertThat(site.engine.world().volumeNames()).hasSize(2);
        assertThat(content("shop-web-1-1", "/etc/web/web.conf")).isEqualTo("one");
        assertThat(deploy(one)).isEqualTo(Outcome.Kind.NO_CHANGES);
        site.store.loseKey();
        SimSite.Process process = site.process();
        process.perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        assertThat(content("shop-web-1-3", "/etc/web/web.conf")).isEqualTo("one");
        assertThat(site.engine.world().volumeNames())
                .as("one for each instance")
                .hasSize(3);

        deploy(web(Map.of("/etc/web/web.conf", Map.of("content", "two")), true));
        assertThat(running()).allMatch(name -> name.startsWith("shop-web-2-"));
        assertThat(site.engine.world().volumeNames()).hasSameSizeAs(running());
        SimSite.Process last = site.process();
        last.perform(new Request.Remove("shop", false, SimSite.MANDATE));
        assertThat(site.engine.world().volumeNames()).isEmpty();
    }
}
