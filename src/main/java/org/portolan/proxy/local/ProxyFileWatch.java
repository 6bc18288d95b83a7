package org.portolan.proxy.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.portolan.model.Failure;

/**
 * Tells when somebody else than this process changed a file that the proxies are served from, or when one of them ended: it looks
 * twice a second, on a separate thread. What changes while this process changes the proxies itself is taken for its own doing.
 */
final class ProxyFileWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(500);

    /** Who writes again and again is reported no more often than this. */
    static final Duration GAP = Duration.ofSeconds(2);

    private final ProxyFileStamps stamps;
    private final Changes changes;
    private final Runnable altered;
    private final Thread thread;
    private volatile boolean closed;
    private long known = Changes.NONE;
    private long told;
    private boolean ever;
    private boolean waiting;

    /** Looks when it is stepped. */
    ProxyFileWatch(ProxyFileStamps stamps, Changes changes, Runnable altered) {
        this.stamps = stamps;
        this.changes = changes;
        this.altered = altered;
        this.thread = Thread.ofPlatform().daemon().name("proxy-files").unstarted(this::follow);
    }

    /** What this process does to the proxies itself, one after the other. */
    static final class Changes {
        /** No number of changes. */
        static final long NONE = -1;

        /** Of begins and ends. */
        private final AtomicLong count = new AtomicLong();

        void begin() {
            count.incrementAndGet();
        }

        void end() {
            count.incrementAndGet();
        }

        /** How many there were; {@link #NONE} while one is in progress. */
        long settled() {
            long now = count.get();
            return now % 2 == 0 ? now : NONE;
        }
    }

    /** Begins to look. Settings with which there are no files are for others to refuse. */
    static AutoCloseable open(LocalPrograms programs, Changes changes, Runnable altered) {
        ProxyFileStamps stamps;
        try {
            stamps = stamps(programs);
        } catch (Failure noFiles) {
            return () -> {};
        }
        ProxyFileWatch watch = new ProxyFileWatch(stamps, changes, altered);
        watch.thread.start();
        return watch;
    }

    private static ProxyFileStamps stamps(LocalPrograms programs) {
        ProxyLayout layout = programs.layout;
        Path sites = layout.sites();
        return new ProxyFileStamps(
                List.of(
                        programs.haproxy.file(),
                        programs.looker().file(),
                        layout.folder().resolve("controller.json"),
                        sites.resolve("current")),
                List.of(
                        layout.parts(),
                        programs.haproxy.mapFolder(),
                        sites.resolve("names"),
                        sites.resolve("tls"),
                        sites.resolve("pages")),
                List.of(sites.resolve("policies")),
                List.of(layout.run().resolve("haproxy.pid"), layout.run().resolve("nginx.pid")));
    }

    private void follow() {
        while (!closed) {
            try {
                step(System.nanoTime());
            } catch (RuntimeException trouble) {
                // The look at everything continues without this one; it says what is wrong.
                known = Changes.NONE;
            }
            try {
                Thread.sleep(EVERY);
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    /**
     * Looks once.
     *
     * @param now in nanoseconds, of a clock that only continues
     */
    void step(long now) {
        long before = changes.settled();
        if (before == Changes.NONE) {
            known = before;
            return;
        }
        boolean comparable = before == known;
        boolean differs = comparable && stamps.changed();
        if (!comparable) {
            stamps.adopt();
        }
        boolean still = changes.settled() == before;
        known = still ? before : Changes.NONE;
        waiting |= differs && still;
        if (waiting && (!ever || now - told >= GAP.toNanos())) {
            ever = true;
            waiting = false;
            told = now;
            altered.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
