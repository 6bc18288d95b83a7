package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.controller.SimControl.shop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.sim.SimSite;

/** A machine's clock that was wrong and is set right: nothing waits for the time by which it was. */
class ClockSetBackTest {
    private static final Duration BACK = Duration.ofHours(-2);

    private final SimControl sim = new SimControl(3);
    private final SimSite.Process process = sim.site.process();

    @Test
    void theLeaderLooksAtEverythingAndAtItsSources() {
        sim.follow("site", false).push("site", "aaaa", shop("1", 2));
        Controller controller = sim.controller(process);
        sim.pass(Duration.ofSeconds(30), controller);
        sim.site.clock.advance(BACK);
        sim.site.engine.world().vanish("shop-web-1-1");
        sim.pass(Duration.ofSeconds(70), controller);
        assertThat(sim.running()).as("seen by a look, as no event tells").hasSize(3);
        sim.push("site", "bbbb", shop("2", 2));
        sim.pass(Duration.ofSeconds(90), controller);
        assertThat(sim.running()).contains("shop-web-2-1");
    }

    @Test
    void whatFailedIsTriedAgain() {
        process.deploy(shop("1", 1));
        Controller controller = sim.controller(process);
        sim.pass(Duration.ofSeconds(5), controller);
        sim.site.engine.faults(
                call -> call.verb().equals("create") ? new Fate(Faults.What.FAILS, Duration.ZERO) : Fate.GOOD);
        sim.site.engine.remove(
                sim.site.engine.inspect("shop-web-1-1").orElseThrow().id(), true);
        sim.pass(Duration.ofMinutes(2), controller);
        sim.site.engine.faults(call -> Fate.GOOD);
        sim.site.clock.advance(BACK);
        sim.pass(Duration.ofSeconds(30), controller);
        assertThat(sim.running()).hasSize(2);
    }

    @Test
    void aStandbyAsksForTheLeadership() {
        Controller first = sim.controller(process);
        Controller standby = sim.controller(sim.site.process());
        sim.pass(Duration.ofSeconds(3), first, standby);
        first.run(() -> true, Duration.ofSeconds(10));
        sim.site.clock.advance(BACK);
        sim.pass(Duration.ofSeconds(2), standby);
        assertThat(standby.leads()).isTrue();
    }

    /** A port that another program has for a while. */
    private static final class Busy implements Door {
        private final AtomicInteger attempts = new AtomicInteger();
        private boolean taken = true;
        private boolean open;

        @Override
        public void start(ControllerHandle controller) {
            attempts.incrementAndGet();
            if (taken) {
                throw new Failure(Kind.UNAVAILABLE, "cannot listen");
            }
            open = true;
        }

        @Override
        public boolean listens() {
            return open;
        }

        @Override
        public void stop(Duration deadline) {
            open = false;
        }

        @Override
        public List<String> describe() {
            return List.of();
        }
    }

    @Test
    void whatCouldNotListenTriesAgain() {
        Busy door = new Busy();
        Controller controller = sim.controller(process, false, List.of(door));
        sim.pass(Duration.ofSeconds(2), controller);
        assertThat(door.attempts).hasValue(1);
        door.taken = false;
        sim.site.clock.advance(BACK);
        sim.pass(Duration.ofSeconds(2), controller);
        assertThat(door.open).isTrue();
    }

    @Test
    void whatNoLongerListensIsOpenedAgain() {
        Busy door = new Busy();
        door.taken = false;
        Controller controller = sim.controller(process, false, List.of(door));
        sim.pass(Duration.ofSeconds(2), controller);
        door.open = false;
        sim.pass(Duration.ofSeconds(2), controller);
        assertThat(door.open).isTrue();
        assertThat(door.attempts).hasValue(2);
    }
}
