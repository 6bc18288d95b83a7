package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.portolan.controller.SimControl.shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.config.Configurations;
import org.portolan.config.SourceSettings;
import org.portolan.model.Failure;
import org.portolan.model.event.ControllerEvent.SourceNotified;
import org.portolan.model.event.Event;
import org.portolan.notify.NotifiedSources;
import org.portolan.sim.SimSite;
import org.portolan.store.Store;

/** Another process has the leader look at a source. */
class NotifiedSourceTest {
    @TempDir
    Path home;

    private final SimControl sim = new SimControl(3);
    private final SimSite.Process process = sim.site.process();
    private final Store store = sim.site.store.connect("hook");

    private List<SourceSettings> sources() throws IOException {
        Files.writeString(home.resolve("portolan.yaml"), "sources: {site: {url: /srv/site, ref: main}}\n");
        return Configurations.read(Map.of(), home).sources();
    }

    private void say() {
        NotifiedSources.say(
                store, "site", new Event(sim.site.clock.instant(), "", 0, new SourceNotified("site", "ci@host")));
    }

    @Test
    void theLeaderLooksAtOnceAndNotAtItsNextPoll() throws IOException {
        sim.follow("site", false).push("site", "aaaa", shop("1", 1));
        List<SourceSettings> configured = sources();
        Controller controller = sim.controller(process, false, List.of(new NotifiedSources(() -> configured)));
        sim.pass(Duration.ofSeconds(20), controller);
        sim.push("site", "bbbb", shop("2", 1));
        sim.pass(Duration.ofSeconds(2), controller);
        assertThat(sim.running()).contains("shop-web-1-1");
        int reads = sim.reads;
        say();
        sim.pass(Duration.ofSeconds(15), controller);
        assertThat(sim.reads).isEqualTo(reads + 1);
        assertThat(sim.running()).contains("shop-web-2-1");
        assertThat(store.events("", 1000)).as("it can be seen who asked").anyMatch(event -> event.data()
                .equals(new SourceNotified("site", "ci@host")));
    }

    @Test
    void withoutALeaderThatIsSaid() {
        assertThatThrownBy(this::say).isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.kind())
                .isEqualTo(Failure.Kind.NOT_RUNNING));
    }
}
