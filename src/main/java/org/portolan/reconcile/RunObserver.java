package org.portolan.reconcile;

import java.time.Duration;

/** Gets how runs ended. */
@FunctionalInterface
public interface RunObserver {
    /** A run ended. */
    void ended(WorkKey key, WorkResult result, Duration took);
}
