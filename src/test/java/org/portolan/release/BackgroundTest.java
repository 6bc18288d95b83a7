package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What work beside the loop brings reaches the loop: its news in order, and its fault. */
class BackgroundTest {
    private final Background work = new Background(new Tasks() {
        @Override
        public void submit(Runnable task) {
            task.run();
        }

        @Override
        public void await(Duration most) {
            throw new UnsupportedOperationException("nothing waits here");
        }

        @Override
        public void wake() {
            throw new UnsupportedOperationException("nothing sleeps here");
        }
    });

    @Test
    void newsAreTakenOverInOrderAndOnce() {
        List<String> seen = new ArrayList<>();
        work.submit(() -> {
            work.arrive(() -> seen.add("one"));
            work.arrive(() -> seen.add("two"));
        });
        assertThat(seen).isEmpty();
        work.collect();
        work.collect();
        assertThat(seen).containsExactly("one", "two");
    }

    @Test
    void aFaultIsThrownWhereTheLoopSeesIt() {
        IllegalStateException fault = new IllegalStateException("a mistake");
        work.submit(() -> {
            throw fault;
        });
        assertThatThrownBy(work::collect).isSameAs(fault);
    }
}
