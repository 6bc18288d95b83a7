package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.model.Failure;
import org.portolan.model.container.CommandStreams;
import org.portolan.sim.SimSite;

class OneOffRunTest {
    private final SimSite site = new SimSite(1);
    private final List<Boolean> removed = new ArrayList<>();

    /** Nobody reads, and nothing is sent. */
    private static final class NoStreams implements CommandStreams {
        @Override
        public boolean interactive() {
            return false;
        }

        @Override
        public boolean terminal() {
            return false;
        }

        @Override
        public InputStream input() {
            return InputStream.nullInputStream();
        }

        @Override
        public boolean output(boolean error, byte[] bytes, int length) {
            return true;
        }

        @Override
        public AutoCloseable begin() {
            return () -> {};
        }

        @Override
        public AutoCloseable begun(Runnable leave, Resize resize) {
            return () -> {};
        }
    }

    private int run(String suffix) {
        return new OneOffRun(site.process().installation, "me", container -> removed::add)
                .run(
                        new Request.Scale("shop", Map.of(), SimSite.MANDATE),
                        "web",
                        suffix,
                        List.of("exit", "3"),
                        new NoStreams());
    }

    /** As it is in a controller that has lost its leadership: the helper removes the container instead, and ends. */
    @Test
    void whoWatchesLearnsThatTheContainerCouldNotBeRemoved() {
        site.engine.world().image("web:1", Behaviour.healthyAfter(Duration.ZERO), 80);
        site.process()
                .deploy(SimSite.desired(
                        "shop", Map.of("web", Map.of("image", "web:1", "ports", Map.of("http", 80L))), Map.of()));
        assertThat(run("a")).isEqualTo(3);
        assertThat(removed).containsExactly(true);
        assertThat(site.engine.world().all()).hasSize(1);
        site.engine.faults(call ->
                call.verb().equals("remove") ? new Faults.Fate(Faults.What.FAILS, Duration.ZERO) : Faults.Fate.GOOD);
        assertThatThrownBy(() -> run("b")).isInstanceOf(Failure.class);
        assertThat(removed).containsExactly(true, false);
    }
}
