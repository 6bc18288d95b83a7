package org.portolan.controller;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has the proxies' logs put aside before they are large. While no controller leads, each command that deploys does it. */
public final class LogKeeper implements Door {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Duration every;
    private @Nullable Thread keeper;

    public LogKeeper() {
        this(EVERY);
    }

    LogKeeper(Duration every) {
        this.every = every;
    }

    @Override
    public synchronized void start(ControllerHandle controller) {
        keeper = Thread.ofVirtual().name("logs").start(() -> {
            try {
                while (true) {
                    Thread.sleep(every);
                    keep(controller);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void keep(ControllerHandle controller) {
        try {
            controller.installation().proxy().keepLogs();
        } catch (RuntimeException later) {
            // It is tried again; doctor says why the log's folder cannot be used.
        }
    }

    @Override
    public synchronized void stop(Duration deadline) {
        Thread running = keeper;
        keeper = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public List<String> describe() {
        return List.of();
    }
}
