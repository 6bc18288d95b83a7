package org.portolan.e2e;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for conditions, with a deadline. */
final class Waiting {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHORTEST = 20;
    private static final int LONGEST = 300;

    private Waiting() {}

    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (long asked = System.nanoTime(); !condition.getAsBoolean(); asked = System.nanoTime()) {
            long now = System.nanoTime();
            if (now > end) {
                throw new AssertionError("waited " + PATIENCE + " in vain until " + what);
            }
            // To ask may start a program. It leaves the processors to what is waited for, and to other tests.
            millis(Math.clamp(2 * (now - asked) / 1_000_000, SHORTEST, LONGEST));
        }
    }

    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
