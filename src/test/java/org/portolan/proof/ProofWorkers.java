package org.portolan.proof;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * The clients: virtual threads, each with its own pace. Each waits for its answer before it asks again; nothing is asked
 * twice. Ends with {@link #close()}, after the open requests.
 */
final class ProofWorkers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Tally tally;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;

    /** One client: what it keeps between turns is its own. */
    interface Worker {
        void turn() throws IOException, InterruptedException;
    }

    ProofWorkers(Tally tally) {
        this.tally = tally;
    }

    /**
     * Starts clients.
     *
     * @param perSecond turns a second, of all of them together
     */
    void start(int workers, double perSecond, Kind kind, Supplier<Worker> make) {
        long pauseMillis = Math.max(1, (long) (1000 * workers / perSecond));
        for (int i = 0; i < workers; i++) {
            Worker worker = make.get();
            threads.add(Thread.ofVirtual().start(() -> turns(worker, kind, pauseMillis)));
        }
    }

    private void turns(Worker worker, Kind kind, long pauseMillis) {
        while (!ending) {
            long began = System.nanoTime();
            try {
                // Of different length each time, so that requests meet every moment of a change.
                Thread.sleep(ThreadLocalRandom.current().nextLong(pauseMillis * 2 + 1));
                began = System.nanoTime();
                worker.turn();
            } catch (IOException e) {
                tally.lost(kind, e.toString(), began);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        ending = true;
        for (Thread thread : threads) {
            try {
                if (!thread.join(PATIENCE)) {
                    tally.lost(Kind.SLOW, "a client's thread never got its answer", System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
