package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

class AheadTest {
    private final HeldTasks tasks = new HeldTasks();
    private int asked;

    private int ask() {
        return ++asked;
    }

    @Test
    void whatWasAskedIsNotAskedAgain() {
        Ahead<Integer> ahead = Ahead.of(tasks, this::ask);
        tasks.run();
        assertThat(ahead.get()).isEqualTo(1);
        assertThat(ahead.get()).isEqualTo(1);
    }

    @Test
    void whoComesFirstAsksHimself() {
        Ahead<Integer> ahead = Ahead.of(tasks, this::ask);
        assertThat(ahead.get()).isEqualTo(1);
        tasks.run();
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
        tasks.run();
        assertThat(ahead.get()).isEqualTo(2);
        Ahead<Integer> never = Ahead.of(tasks, () -> {
            throw new Failure(Kind.UNAVAILABLE, "never");
        });
        assertThatThrownBy(never::get).hasMessageContaining("never");
    }
}
