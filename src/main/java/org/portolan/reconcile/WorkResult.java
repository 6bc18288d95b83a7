package org.portolan.reconcile;

import java.time.Duration;

/** How a run ended. */
public sealed interface WorkResult {
    /** Nothing was to do, or what was asked for is done. */
    record Settled() implements WorkResult {}

    /** Something had changed by itself and was repaired. */
    record Repaired() implements WorkResult {}

    /** It failed, and the same may succeed later. */
    record Failed() implements WorkResult {}

    /** It could not do its work now and did not fail: another process is at it. */
    record Later(Duration after) implements WorkResult {}

    WorkResult SETTLED = new Settled();

    WorkResult REPAIRED = new Repaired();

    WorkResult FAILED = new Failed();
}
