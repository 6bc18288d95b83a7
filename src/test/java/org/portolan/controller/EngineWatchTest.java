package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Engine;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.container.Observation;
import org.portolan.reconcile.HealthPolicy;
import org.portolan.sim.SimSite;

/** What the engine tells of containers and networks, and which looks that starts. */
class EngineWatchTest {
    private final SimControl sim = new SimControl(5);
    private final SimSite.Process process = sim.site.process();
    private final Engine engine = sim.site.engine;
    private final List<String> marks = new ArrayList<>();
    private final EngineWatch watch = new EngineWatch(
            process.installation,
            new SharedEngine(engine),
            new InstanceHealth(process.installation, HealthPolicy.USUAL, List.of()),
            process.installation.tasks().get(),
            (key, cause) -> marks.add(key.name() + " " + cause),
            () -> marks.add("everything"));

    @BeforeEach
    void start() {
        process.deploy(SimControl.shop("1", 1));
        watch.open();
        watch.seen(engine.observe());
    }

    private void pass(Duration time) {
        sim.site.clock.advance(time);
        watch.step(sim.site.clock.instant());
    }

    @Test
    void aContainersStartAndEndAreToldByItsOwnEvents() {
        sim.site.engine.world().kill("shop-web-1-1", 1);
        pass(Duration.ofSeconds(1));
        engine.start("shop-web-1-1");
        pass(Duration.ofSeconds(1));
        engine.stop("shop-web-1-1", Optional.empty(), Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        assertThat(marks).contains("shop container: die", "shop container: start");
        assertThat(marks).noneMatch(mark -> mark.contains("network"));
        assertThat(watch.wakeAt()).isEmpty();
    }

    @Test
    void oneThatIsTakenOffByHandIsMarkedOnceAndNotAtOnce() {
        sim.site.engine.world().disconnect("shop-web-1-1", true);
        pass(EngineWatch.SETTLING.minusMillis(1));
        assertThat(marks).isEmpty();
        sim.site.engine.world().disconnect("shop-web-1-1", true);
        pass(Duration.ofMillis(1));
        assertThat(marks).containsExactly("shop network: disconnect");
        pass(Duration.ofSeconds(1));
        assertThat(marks).hasSize(1);
    }

    @Test
    void aNetworkThatGoesIsMarkedAndOneOfSomebodyElseIsNot() {
        engine.ensureNetwork(new NetworkSpec("theirs", Map.of(), "10.231.0.0/16", 24));
        sim.site.engine.world().dropNetwork("theirs");
        pass(Duration.ofSeconds(1));
        assertThat(marks).isEmpty();
        engine.stop("shop-web-1-1", Optional.empty(), Duration.ofSeconds(1));
        engine.stop("shop-redis-1-1", Optional.empty(), Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        marks.clear();
        engine.removeNetwork("portolan-shop");
        pass(Duration.ofSeconds(1));
        assertThat(marks).containsExactly("shop network: destroy");
    }

    /** No look has seen it yet, and then one that began before it was made. */
    @Test
    void oneThatWasMadeJustNowIsKnown() {
        sim.site.engine.world().copy("shop-web-1-1", "copy");
        for (int i = 0; i < 2; i++) {
            pass(Duration.ofSeconds(1));
            marks.clear();
            sim.site.engine.world().disconnect("copy", true);
            pass(Duration.ofSeconds(1));
            assertThat(marks).containsExactly("shop network: disconnect");
            watch.seen(new Observation(List.of(), List.of(), List.of(), Set.of()));
        }
    }

    @Test
    void nothingIsToldAfterTheEnd() {
        watch.close();
        sim.site.engine.world().disconnect("shop-web-1-1", true);
        sim.site.engine.world().kill("shop-web-1-1", 1);
        pass(Duration.ofSeconds(1));
        assertThat(marks).isEmpty();
    }

    @Test
    void aClockThatIsSetBackKeepsNobodyWaiting() {
        sim.site.engine.world().disconnect("shop-web-1-1", true);
        watch.clockSetBack(sim.site.clock.instant().minus(Duration.ofHours(1)));
        watch.step(sim.site.clock.instant().minus(Duration.ofHours(1)));
        assertThat(marks).containsExactly("shop network: disconnect");
    }
}
