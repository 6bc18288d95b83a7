package org.portolan.sim;

import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.portolan.testing.Seeds;

/**
 * Runs histories in blocks, so that a failing one is found by its seed: {@code -Dhistory=SEED} runs that one and tells it,
 * {@code -Dhistories=N} sets how many there are.
 */
final class SeededHistories {
    private static final int BLOCKS = 20;

    private SeededHistories() {}

    /** One history, made for a seed. */
    interface Seeded {
        /** Fails where a promise is broken. */
        void run();

        /** Where it happens. */
        SimSite site();
    }

    /** The blocks; only the seed where one history is asked for. */
    static Stream<Integer> blocks() {
        Integer one = Integer.getInteger("history");
        return one != null ? Stream.of(one) : IntStream.range(0, BLOCKS).boxed();
    }

    /**
     * Runs a block.
     *
     * @param histories how many there are in all blocks, unless the property says otherwise
     */
    static void run(int block, int histories, LongFunction<Seeded> make) {
        boolean one = Integer.getInteger("history") != null;
        for (int i = 0; i < (one ? 1 : Seeds.count("histories", histories) / BLOCKS); i++) {
            long seed = one ? block : block * 1000L + i;
            Seeded history = make.apply(seed);
            try {
                history.run();
            } catch (AssertionError | RuntimeException broken) {
                if (one) {
                    tell(history.site());
                }
                throw new AssertionError("history " + seed + " (replay with -Dhistory=" + seed + ")", broken);
            }
        }
    }

    private static void tell(SimSite site) {
        site.reports.forEach(report -> System.out.println(report.at() + "  " + report.message()));
        site.engine.changes().forEach(call -> System.out.println(call.at() + "  " + call));
    }
}
