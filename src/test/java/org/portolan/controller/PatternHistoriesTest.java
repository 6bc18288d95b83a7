package org.portolan.controller;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.testing.Seeds;

/**
 * Whole histories of a source with a pattern: files that come, go, move, break and declare what others declare, a Git host that is
 * away, a controller that is killed, and people who approve and suspend. What is declared all the time is never removed, and in the
 * end each deployment belongs to the file that declares it. Replay one with {@code -Dhistory=SEED}.
 */
class PatternHistoriesTest {
    private static final int HISTORIES = Seeds.count("histories.patterns", 80);

    static Stream<Integer> blocks() {
        Integer one = Integer.getInteger("history");
        return one != null ? Stream.of(one) : IntStream.range(0, 4).boxed();
    }

    @ParameterizedTest(name = "histories {0}")
    @MethodSource("blocks")
    void promisesHold(int block) {
        if (Integer.getInteger("history") != null) {
            PatternHistory history = new PatternHistory(block);
            try {
                history.run();
            } finally {
                history.tell();
            }
            return;
        }
        for (int i = 0; i < HISTORIES / 4; i++) {
            long seed = block * 1000L + i;
            try {
                new PatternHistory(seed).run();
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("history " + seed + " (replay with -Dhistory=" + seed + ")", broken);
            }
        }
    }
}
