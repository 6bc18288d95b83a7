package org.portolan.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** Where a change that reads or writes an archive meets the request that brings or takes its bytes. */
final class ArchiveHandover {
    /** Whoever asked for the change follows it, and comes at once when it says that it waits. */
    private static final Duration COMING = Duration.ofSeconds(30);

    private static final long LOOK_MILLIS = 100;
    private static final Duration WANTED = Duration.ofSeconds(5);

    private final SynchronousQueue<Carrier> carriers = new SynchronousQueue<>();

    /** A request's two directions; it ends when the change has said how. */
    static final class Carrier {
        private final InputStream in;
        private final OutputStream out;
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();

        Carrier(InputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
        }

        InputStream in() {
            return in;
        }

        OutputStream out() {
            return out;
        }

        /** Whether all went well; only the first word counts. */
        void done(boolean well) {
            done.complete(well);
        }
    }

    /**
     * Waits until somebody brings or takes it. For the change.
     *
     * @param stopped becomes true when it is no longer wanted
     * @param left what is said of what was done, when nobody comes
     */
    Carrier await(BooleanSupplier stopped, String left) {
        long end = System.nanoTime() + COMING.toNanos();
        try {
            while (System.nanoTime() < end && !stopped.getAsBoolean()) {
                Carrier carrier = carriers.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (carrier != null) {
                    return carrier;
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        throw new Failure(Kind.UNREACHABLE, "the connection to whoever has the archive's other end is gone")
                .withHint(left);
    }

    /** Whether the change waits for it. For the request, as what follows. */
    boolean offer(Carrier carrier) {
        try {
            return carriers.offer(carrier, WANTED.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Waits until the change no longer needs it.
     *
     * @throws IOException when something went wrong: the connection has to end so that nobody takes a part for the whole
     */
    static void hold(Carrier carrier) throws IOException {
        try {
            if (!carrier.done.get()) {
                throw new IOException("the archive was not handed over whole");
            }
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IOException(ended);
        }
    }
}
