package org.portolan.release;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Work that a release does beside its loop. What comes of it is taken over on the loop's thread; so is a fault, since a step that
 * nobody ends would be in progress for ever, and the release would wait for it.
 */
final class Background {
    private final Tasks tasks;
    private final Queue<Runnable> arrived = new ConcurrentLinkedQueue<>();

    Background(Tasks tasks) {
        this.tasks = tasks;
    }

    /** Begins a piece of work. */
    void submit(Runnable work) {
        tasks.submit(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error fault) {
                arrive(() -> {
                    throw fault;
                });
            }
        });
    }

    /** Leaves news for the loop; from any thread. */
    void arrive(Runnable news) {
        arrived.add(news);
    }

    /** Takes over the news since the last time; on the loop's thread. */
    void collect() {
        for (Runnable news = arrived.poll(); news != null; news = arrived.poll()) {
            news.run();
        }
    }
}
