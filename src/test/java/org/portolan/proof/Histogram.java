package org.portolan.proof;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Latencies, counted in buckets that are 5 % wide, from 1 µs to over an hour: percentiles are exact to that width, and
 * millions of values need no memory.
 */
final class Histogram {
    private static final double STEP = Math.log(1.05);

    private final AtomicLongArray buckets = new AtomicLongArray(460);

    void add(long nanos) {
        double micros = Math.max(1, nanos / 1000.0);
        buckets.incrementAndGet((int) Math.min(buckets.length() - 1.0, Math.log(micros) / STEP));
    }

    /** The latency in milliseconds that the given share (0 to 1) of values does not exceed; 0 without values. */
    double percentile(double share) {
        long all = 0;
        for (int i = 0; i < buckets.length(); i++) {
            all += buckets.get(i);
        }
        long wanted = (long) Math.ceil(all * share);
        long seen = 0;
        for (int i = 0; i < buckets.length(); i++) {
            seen += buckets.get(i);
            if (seen >= wanted && all > 0) {
                return Math.exp((i + 1) * STEP) / 1000;
            }
        }
        return 0;
    }
}
