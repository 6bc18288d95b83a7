package org.portolan.engine.sim;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Decides what goes wrong with each call of a {@link SimEngine}. */
@FunctionalInterface
public interface Faults {
    Faults NONE = call -> Fate.GOOD;

    /** Asked once for each call, in order. */
    Fate fate(SimEngine.Call call);

    /** What happens to a call. */
    enum What {
        GOOD,
        /** The engine is not reached; nothing happens. */
        FAILS,
        /** It happens, and to the caller the engine did not answer. */
        ANSWER_LOST,
        /** It happens twice, as when a request was sent again on the way. */
        TWICE,
        /** The caller dies before it happens: {@link Crash} is thrown. */
        CRASH_BEFORE,
        /** The caller dies when it has happened. */
        CRASH_AFTER
    }

    /** What happens, and how long the call takes (the clock moves before its effect). */
    record Fate(What what, Duration takes) {
        public static final Fate GOOD = new Fate(What.GOOD, Duration.ZERO);
    }

    /** The caller's death; not an exception that code under test may catch and continue. */
    final class Crash extends Error {
        Crash(SimEngine.Call call) {
            super("crash at " + call);
        }
    }

    /**
     * Faults by chance; the same seed gives the same ones.
     *
     * @param failing share of calls that fail before or after their effect, or happen twice, each; 0 to 0.3
     * @param slow share of calls that take up to 2 s
     */
    static Faults seeded(long seed, double failing, double slow) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        return call -> {
            double draw = random.nextDouble();
            Duration takes = random.nextDouble() < slow ? Duration.ofMillis(random.nextInt(2000)) : Duration.ZERO;
            What what = draw < failing
                    ? What.FAILS
                    : draw < 2 * failing && call.changes()
                            ? What.ANSWER_LOST
                            : draw < 3 * failing && call.changes() ? What.TWICE : What.GOOD;
            return new Fate(what, takes);
        };
    }

    /** A crash at one change: before or after it, counted from 1. */
    static Faults crashAt(int change, boolean after) {
        int[] count = {0};
        return call -> call.changes() && ++count[0] == change
                ? new Fate(after ? What.CRASH_AFTER : What.CRASH_BEFORE, Duration.ZERO)
                : Fate.GOOD;
    }
}
