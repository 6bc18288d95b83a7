package org.portolan.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C and TERM while something is changed: the work is asked to stop, and the process ends once it has, so that the step
 * in progress is finished and recorded. The next run continues from there. A killed process loses no more,
 * it only has more to find out.
 */
final class Interrupts implements AutoCloseable {
    /** The exit status of a program that Ctrl-C ended. */
    static final int STATUS = 130;

    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean asked;

    private Interrupts(Console console, BooleanSupplier through) {
        hook = new Thread(() -> stop(console, through), "stop on request");
    }

    /**
     * Watches for signals until closed.
     *
     * @param through whether a controller does the work
     */
    static Interrupts watch(Console console, BooleanSupplier through) {
        Interrupts interrupts = new Interrupts(console, through);
        Runtime.getRuntime().addShutdownHook(interrupts.hook);
        return interrupts;
    }

    /** Whether the work shall stop. */
    boolean asked() {
        return asked;
    }

    private void stop(Console console, BooleanSupplier through) {
        asked = true;
        console.warning(
                through.getAsBoolean()
                        ? "stopping after the current step; the controller continues a release that has begun, unless"
                                + " it is rolled back: `portolan rollback`"
                        : "stopping after the current step; the next run continues from there");
        try {
            boolean done = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!done) {
                console.warning("the current step does not finish; the next run checks how far it got");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs already and was just told to end.
        }
    }
}
