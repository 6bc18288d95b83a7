package org.portolan.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventSink;
import org.portolan.model.event.ReleaseEvent.ReleaseDone;
import org.portolan.model.event.ReleaseEvent.ReleaseStarted;
import org.portolan.model.event.ReleaseEvent.RollbackDone;

/** Counts releases from the events of all processes. */
final class ReleaseMetrics implements EventSink {
    /** Of releases that began and never ended only the last are remembered. */
    private static final int BEGUN_KEPT = 1_000;

    private static final String SUCCEEDED = "succeeded";
    private static final String ROLLED_BACK = "rolled_back";
    private static final double MILLIS = 1_000;

    private final Counter releases;
    private final Histogram durations;
    private final Map<String, Instant> begun = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > BEGUN_KEPT;
        }
    };

    ReleaseMetrics(PrometheusRegistry registry) {
        releases = Counter.builder()
                .name("portolan_releases_total")
                .help("Releases that ended since this process leads, whoever made them.")
                .labelNames("outcome")
                .register(registry);
        durations = Histogram.builder()
                .name("portolan_release_duration_seconds")
                .help("From the beginning of a release to its end.")
                .labelNames("outcome")
                .classicOnly()
                .classicUpperBounds(1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
                .register(registry);
        // So that a rate is known before the first one ends.
        releases.initLabelValues(SUCCEEDED);
        releases.initLabelValues(ROLLED_BACK);
    }

    @Override
    public synchronized void accept(Event event) {
        String release = event.deployment() + " " + event.release();
        switch (event.data()) {
            case ReleaseStarted started -> begun.put(release, event.at());
            case ReleaseDone done -> ended(release, event, SUCCEEDED, done.took());
            case RollbackDone done -> ended(release, event, ROLLED_BACK, Optional.empty());
            default -> {
                // Everything else happens within a release, or to none.
            }
        }
    }

    private void ended(String release, Event event, String outcome, Optional<Duration> took) {
        Instant start = begun.remove(release);
        releases.labelValues(outcome).inc();
        took.or(() -> Optional.ofNullable(start).map(from -> Duration.between(from, event.at())))
                .filter(time -> !time.isNegative())
                .ifPresent(time -> durations.labelValues(outcome).observe(time.toMillis() / MILLIS));
    }
}
