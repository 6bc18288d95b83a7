package org.portolan.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.release.Installation;
import org.portolan.store.Store;

/** Whether store and engine answer. Asked at most once a second, however many ask for it, and never for longer than two. */
final class Readiness {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final long PATIENCE_MILLIS = 2_000;

    private final Installation installation;
    private final Supplier<List<String>> warnings;
    private final InstantSource clock = InstantSource.system();
    private @Nullable FutureTask<Boolean> store;
    private @Nullable FutureTask<Boolean> engine;
    private Map<String, Boolean> last = Map.of();
    private Instant at = Instant.MIN;

    /**
     * Of these parts.
     *
     * @param warnings what else is not as it should be
     */
    Readiness(Installation installation, Supplier<List<String>> warnings) {
        this.installation = installation;
        this.warnings = warnings;
    }

    /** What somebody should fix, though this controller can be asked. */
    List<String> warnings() {
        return warnings.get();
    }

    /** Each part, and whether it answers. */
    synchronized Map<String, Boolean> parts() {
        Instant now = clock.instant();
        if (last.isEmpty() || Duration.between(at, now).compareTo(FRESH) >= 0) {
            FutureTask<Boolean> askedStore = again(store, () -> {
                installation.store().holder(Store.LEADER);
            });
            FutureTask<Boolean> askedEngine =
                    again(engine, () -> installation.engine().accepts());
            store = askedStore;
            engine = askedEngine;
            Map<String, Boolean> parts = new LinkedHashMap<>();
            parts.put("store", answers(askedStore));
            parts.put("engine", answers(askedEngine));
            last = parts;
            at = clock.instant();
        }
        return last;
    }

    /** One question at a time: a part that does not answer is not asked again and again. */
    private static FutureTask<Boolean> again(@Nullable FutureTask<Boolean> before, Runnable question) {
        if (before != null && !before.isDone()) {
            return before;
        }
        FutureTask<Boolean> task = new FutureTask<>(question, Boolean.TRUE);
        Thread.ofVirtual().name("ready").start(task);
        return task;
    }

    private static boolean answers(FutureTask<Boolean> task) {
        try {
            return task.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException doesNot) {
            return false;
        }
    }
}
