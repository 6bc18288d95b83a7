package org.portolan.controller;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * A question that many ask at the same time. Whoever asks gets the answer of a call that began after they asked, so that each sees
 * what it did before, and what anybody did; those that wait for the same call share it. At most one call is in progress.
 *
 * <p>Calls that several share begin at least a gap apart, so that as many of them as can meet. Who asks alone never waits.
 */
final class SharedCall<T> {
    private final Supplier<T> call;
    private final Duration gap;
    /** The call that has not begun: who comes now may share it. */
    private @Nullable Flight<T> next;
    /** Who makes the call that is in progress. */
    private @Nullable Thread caller;

    private @Nullable Thread lastCaller;
    private boolean lastShared;
    private long lastBegun;

    /**
     * Asks nothing yet.
     *
     * @param call has a deadline
     */
    SharedCall(Supplier<T> call, Duration gap) {
        this.call = call;
        this.gap = gap;
    }

    /** One call and its answer. */
    private static final class Flight<T> {
        private @Nullable T answer;
        private @Nullable RuntimeException failure;
        private boolean over;
        private boolean shared;
    }

    /** The answer of a call that begins from now on; what it fails with is thrown to all that share it. */
    T get() {
        while (true) {
            Flight<T> flight;
            boolean leads = false;
            synchronized (this) {
                if (Thread.currentThread().equals(caller)) {
                    // Asked from within the call, as a simulated engine lets happen: to wait for oneself would be for
                    // ever.
                    flight = null;
                } else if (next == null) {
                    flight = new Flight<>();
                    next = flight;
                    leads = true;
                } else {
                    flight = next;
                    flight.shared = true;
                }
            }
            if (flight == null) {
                return call.get();
            }
            if (leads) {
                return make(flight);
            }
            awaitEnd(flight);
            if (flight.failure != null) {
                throw flight.failure;
            }
            if (flight.answer != null) {
                return flight.answer;
            }
            // Who was to make the call died before: somebody else makes it.
        }
    }

    private T make(Flight<T> flight) {
        boolean begun = false;
        try {
            begin(flight);
            begun = true;
            T answer = call.get();
            flight.answer = answer;
            return answer;
        } catch (RuntimeException failed) {
            if (begun) {
                flight.failure = failed;
            }
            throw failed;
        } finally {
            synchronized (this) {
                flight.over = true;
                if (begun) {
                    caller = null;
                } else if (flight.equals(next)) {
                    next = null;
                }
                notifyAll();
            }
        }
    }

    /** Waits until no call is in progress, and for others if there were any lately. */
    private synchronized void begin(Flight<T> flight) {
        while (caller != null) {
            pause(0);
        }
        long left = left(flight);
        while (left > 0) {
            pause(Math.max(1, left / 1_000_000));
            left = left(flight);
        }
        next = null;
        caller = Thread.currentThread();
        lastCaller = caller;
        lastShared = flight.shared;
        lastBegun = System.nanoTime();
    }

    private long left(Flight<T> flight) {
        boolean others = flight.shared || lastShared || !Thread.currentThread().equals(lastCaller);
        return others && lastCaller != null ? lastBegun + gap.toNanos() - System.nanoTime() : 0;
    }

    private synchronized void awaitEnd(Flight<T> flight) {
        while (!flight.over) {
            pause(0);
        }
    }

    /**
     * Until something changed, or nothing did: those that call it look again.
     *
     * @param millis 0: without an end
     */
    @SuppressWarnings("WaitNotInLoop") // Each caller is one.
    private void pause(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new Failure(Kind.UNAVAILABLE, "interrupted while waiting for the engine");
        }
    }
}
