package org.portolan.sim;

import java.util.Random;
import java.util.TreeSet;

/**
 * Lets several threads run one at a time, in an order that a seed decides: the one whose turn it is continues until it passes
 * the turn, so that a run with the same seed is the same run.
 */
public final class Turns {
    private final Random random;
    private final TreeSet<Integer> alive = new TreeSet<>();
    private int current = -1;

    /** @param count of those that take turns, numbered from 0 */
    public Turns(Random random, int count) {
        this.random = random;
        for (int i = 0; i < count; i++) {
            alive.add(i);
        }
        choose();
    }

    /** Passes the turn, perhaps to itself, and returns when it is this one's again. */
    public synchronized void pass(int me) {
        choose();
        notifyAll();
        await(me);
    }

    /** Waits for the first turn. */
    public synchronized void await(int me) {
        while (current != me) {
            try {
                wait();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for a turn", stopped);
            }
        }
    }

    /** Ends for good. */
    public synchronized void end(int me) {
        alive.remove(me);
        choose();
        notifyAll();
    }

    private void choose() {
        int place = alive.isEmpty() ? 0 : random.nextInt(alive.size());
        current = alive.stream().skip(place).findFirst().orElse(-1);
    }
}
