package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

class AheadTest {
    private final List<Runnable> held = new ArrayList<>();
    private int asked;

    /** Runs nothing by itself. */
    private final Tasks tasks = new Tasks() {
        @Override
        public void submit(Runnable task) {
            held.add(task);
        }

        @Override
        public void await(Duration most) {}

        @Override
        public void wake() {}
    };

    private int ask() {
        return ++asked;
    }

    @Test
    void whatWasAskedIsNotAskedAgain() {
        Ahead<Integer> ahead = Ahead.of(tasks, this::ask);
        held.getFirst().run();
        assertThat(ahead.get()).isEqualTo(1);
        assertThat(ahead.get()).isEqualTo(1);
    }

    @Test
    void whoComesFirstAsksHimself() {
        Ahead<Integer> ahead = Ahead.of(tasks, this::ask);
        assertThat(ahead.get()).isEqualTo(1);
        held.getFirst().run();
        assertThat(ahead.get()).isEqualTo(1);
    }

    @Test
    void whatFailedIsAskedForOnceMore() {
        Ahead<Integer> ahead = Ahead.of(tasks, () -> {
            if (ask() == 1) {
                throw new Failure(Kind.UNAVAILABLE, "not now");
            }
            return asked;
        });
        held.getFirst().run();
        assertThat(ahead.get()).isEqualTo(2);
        Ahead<Integer> never = Ahead.of(tasks, () -> {
            throw new Failure(Kind.UNAVAILABLE, "never");
        });
        assertThatThrownBy(never::get).hasMessageContaining("never");
    }
}
