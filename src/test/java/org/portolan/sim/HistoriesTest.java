package org.portolan.sim;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.testing.Seeds;

/**
 * Whole histories with seeded faults: processes die at any step, calls fail, are slow or lose their answers, versions are
 * broken in every way, containers die and are taken off their network, the store is flushed and aged, its key is
 * lost, the proxies are killed and their file is damaged. After every step the promises hold; at
 * the end the deployment is what the last good files say. A failing seed is in the test's name and replays exactly:
 * {@code -Dtest=HistoriesTest -Dhistory=SEED}.
 */
class HistoriesTest {
    private static final int HISTORIES = Seeds.count("histories", 1500);

    static Stream<Integer> blocks() {
        Integer one = Integer.getInteger("history");
        return one != null ? Stream.of(one) : IntStream.range(0, 30).boxed();
    }

    @ParameterizedTest(name = "histories {0}")
    @MethodSource("blocks")
    void promisesHold(int block) {
        if (Integer.getInteger("history") != null) {
            replay(block);
            return;
        }
        for (int i = 0; i < HISTORIES / 30; i++) {
            long seed = block * 1000L + i;
            Thread.currentThread().setName("history-" + seed);
            try {
                new History(seed).run();
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("history " + seed + " (replay with -Dhistory=" + seed + ")", broken);
            }
        }
    }

    /** Runs one history and tells it. */
    private static void replay(long seed) {
        History history = new History(seed);
        try {
            history.run();
        } finally {
            System.out.println("history " + seed + ", strategy " + history.strategy + ", surge " + history.surge);
            history.site.reports.forEach(report -> System.out.println(report.at() + "  " + report.message()));
            System.out.println(history.site.proxy.applied("shop"));
            history.site
                    .engine
                    .world()
                    .all()
                    .forEach(container -> System.out.println(container.name() + " " + container.state() + " "
                            + container.imageId() + " " + container.startedAt()));
        }
    }
}
