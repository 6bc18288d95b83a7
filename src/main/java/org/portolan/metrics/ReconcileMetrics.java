package org.portolan.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.portolan.model.state.Standing.Subject;
import org.portolan.reconcile.RunObserver;
import org.portolan.reconcile.WorkKey;
import org.portolan.reconcile.WorkResult;

/** How long the controller's runs take, by how they end. */
final class ReconcileMetrics implements RunObserver {
    private static final double MILLIS = 1_000;

    private final Histogram durations;

    ReconcileMetrics(PrometheusRegistry registry) {
        durations = Histogram.builder()
                .name("portolan_reconcile_duration_seconds")
                .help(
                        "How long the runs of the controller take, by what they look at and how they end: nothing was to do or a"
                                + " commit was deployed (settled), drift was repaired, it failed, or another process was at it (later).")
                .labelNames("subject", "outcome")
                .classicOnly()
                .classicUpperBounds(0.01, 0.025, 0.1, 0.25, 1, 2.5, 10, 30, 60, 300, 1800)
                .register(registry);
        // So that a rate is known before the first one ends.
        for (Subject subject : List.of(Subject.SOURCE, Subject.DEPLOYMENT)) {
            for (String outcome : List.of("settled", "repaired", "failed", "later")) {
                durations.initLabelValues(word(subject), outcome);
            }
        }
    }

    private static String word(Subject subject) {
        return subject.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void ended(WorkKey key, WorkResult result, Duration took) {
        String outcome =
                switch (result) {
                    case WorkResult.Settled settled -> "settled";
                    case WorkResult.Repaired repaired -> "repaired";
                    case WorkResult.Failed failed -> "failed";
                    case WorkResult.Later later -> "later";
                };
        durations.labelValues(word(key.subject()), outcome).observe(Math.max(0, took.toMillis()) / MILLIS);
    }
}
