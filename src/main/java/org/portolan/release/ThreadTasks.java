package org.portolan.release;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * Runs tasks on threads that are made as they are needed and used again. They are threads of the system: once a virtual one
 * has waited for a socket, a poller sits in native code, and a JVM waits 300 ms for such a thread before it ends.
 */
public final class ThreadTasks implements Tasks {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "task-" + MADE.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    private final Semaphore wakes = new Semaphore(0);

    @Override
    public void submit(Runnable task) {
        THREADS.execute(() -> {
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
            // Waiting again would return at once, and whoever waits in a loop would spin until its deadline.
            Thread.currentThread().interrupt();
            throw new Failure(Kind.UNAVAILABLE, "interrupted while waiting")
                    .withHint("run the command again: it continues where this one stopped");
        }
    }

    @Override
    public void wake() {
        wakes.release();
    }
}
