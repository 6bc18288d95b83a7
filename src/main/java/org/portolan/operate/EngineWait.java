package org.portolan.operate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.portolan.model.Failure;

/** Waits at boot until the engine answers: nothing orders a crontab's line, or a user's unit, after the engine. */
public final class EngineWait {
    private static final long PAUSE_MILLIS = 500;

    private EngineWait() {}

    /** Asks the engine until it answers; false when it did not within the time. */
    public static boolean answers(SystemParts parts, Duration longest) {
        return answers(() -> parts.engine().info(), longest);
    }

    /**
     * Asks until the engine answers.
     *
     * @param look asks once; throws a {@link Failure} where there is no answer
     * @return whether it answered within the time
     */
    static boolean answers(Runnable look, Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        while (true) {
            try {
                look.run();
                return true;
            } catch (Failure notYet) {
                if (System.nanoTime() >= end) {
                    return false;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
