package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.testing.Seeds;

/**
 * Whole histories with two controllers: pushes good and bad, containers that vanish, are stopped, die, are
 * paused, renamed, copied, changed or ill, an engine that restarts, people's commands, a Git host
 * and a store that go away, a store that is flushed, events that are lost, controllers that die at any call of the engine or freeze in
 * the middle of a release. One acts at a time, nothing is done in a hot loop, and in the end what runs is what the source says. Replay
 * one with {@code -Dhistory=SEED}.
 */
class ControllerHistoriesTest {
    private static final int HISTORIES = Seeds.count("histories.controller", 200);

    static Stream<Integer> blocks() {
        Integer one = Integer.getInteger("history");
        return one != null ? Stream.of(one) : IntStream.range(0, 10).boxed();
    }

    @ParameterizedTest(name = "histories {0}")
    @MethodSource("blocks")
    void promisesHold(int block) {
        if (Integer.getInteger("history") != null) {
            ControllerHistory history = new ControllerHistory(block);
            try {
                history.run();
            } finally {
                history.tell();
            }
            return;
        }
        int count = 0;
        for (int i = 0; i < HISTORIES / 10; i++) {
            long seed = block * 1000L + i;
            try {
                new ControllerHistory(seed).run();
                count++;
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("history " + seed + " (replay with -Dhistory=" + seed + ")", broken);
            }
        }
        assertThat(count).isEqualTo(HISTORIES / 10);
    }
}
