package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;

class ThreadTasksTest {
    /** Loops wait again and again: one whose thread is interrupted must end, not spin until its deadline. */
    @Test
    void anInterruptedWaitEndsWhoeverWaits() {
        ThreadTasks tasks = new ThreadTasks();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> tasks.await(Duration.ofMinutes(1)))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("interrupted while waiting");
        } finally {
            assertThat(Thread.interrupted())
                    .as("who asked for the end can see it")
                    .isTrue();
        }
    }
}
