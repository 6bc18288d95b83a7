package org.portolan.rollout;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs every task on a virtual thread of its own. */
public final class VirtualThreadTasks implements Tasks {
    private final Semaphore wakes = new Semaphore(0);

    @Override
    public void submit(Runnable task) {
        Thread.startVirtualThread(() -> {
            try {
                task.run();
            } finally {
                wake();
            }
        });
    }

    @Override
    public void await(Duration most) {
        try {
            if (wakes.tryAcquire(Math.max(1, most.toMillis()), TimeUnit.MILLISECONDS)) {
                // Many wakes are one: the loop looks at everything anyway.
                wakes.drainPermits();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void wake() {
        wakes.release();
    }
}
