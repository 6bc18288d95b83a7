package org.portolan.notify.message;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many requests a target gets in a minute: what is more comes together in one. */
public final class Allowance {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** One at a time up to here. */
    private static final int SINGLE = 5;

    private static final int MOST = 10;

    private final Deque<Instant> sent = new ArrayDeque<>();

    /** How long to wait before anything is sent; zero: not at all. */
    public Duration pause(Instant now) {
        while (!sent.isEmpty() && !sent.getFirst().plus(WINDOW).isAfter(now)) {
            sent.removeFirst();
        }
        return sent.size() < MOST
                ? Duration.ZERO
                : Duration.between(now, sent.getFirst().plus(WINDOW));
    }

    /** How many of those that wait are sent together. */
    public int together(int waiting) {
        return waiting + sent.size() <= SINGLE ? 1 : waiting;
    }

    public void sent(Instant now) {
        sent.addLast(now);
    }
}
