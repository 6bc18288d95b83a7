package org.portolan.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.metrics.MetricsSite.value;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.WorkKey;
import org.portolan.reconcile.WorkResult;

class ControllerMetricsTest {
    private final MetricsSite site = new MetricsSite();

    @Test
    void statesAreLookedUpWhenTheyAreAskedFor() {
        assertThat(value(site.text(), "portolan_leader")).contains("0.0");
        assertThat(site.text()).doesNotContain("portolan_instances{");
        site.metrics.start(site.handle);
        site.standings.add(Standing.unknown(Subject.DEPLOYMENT, "shop", site.site.clock.instant()));
        site.standings.add(Standing.unknown(Subject.DEPLOYMENT, "blog", site.site.clock.instant())
                .with(Condition.DRIFT, "differs", site.site.clock.instant()));
        site.deploy("1");
        String text = site.text();
        assertThat(value(text, "portolan_leader")).contains("1.0");
        assertThat(value(text, "portolan_leader_terms_total")).contains("1.0");
        assertThat(value(text, "portolan_deployments{condition=\"ok\"}")).contains("1.0");
        assertThat(value(text, "portolan_deployments{condition=\"drift\"}")).contains("1.0");
        assertThat(value(text, "portolan_deployments{condition=\"failing\"}")).contains("0.0");
        assertThat(value(text, "portolan_sources{condition=\"ok\"}")).contains("0.0");
        assertThat(value(text, "portolan_instances{state=\"running\"}")).contains("2.0");
        assertThat(value(text, "portolan_build_info{version=\"1.2.3\"}")).contains("1");
        assertThat(text).contains("jvm_memory_used_bytes");
        site.metrics.stop(Duration.ZERO);
        assertThat(value(site.text(), "portolan_leader")).contains("0.0");
        assertThat(site.text()).doesNotContain("portolan_instances{");
    }

    @Test
    void theQueueTellsHowLongTheLongestHasWaited() {
        site.metrics.start(site.handle);
        assertThat(value(site.text(), "portolan_reconcile_lag_seconds")).contains("0.0");
        site.handle.mark(WorkKey.deployment("shop"), Cause.of(Cause.Reason.POLL));
        site.site.clock.advance(Duration.ofSeconds(7));
        site.handle.mark(WorkKey.deployment("blog"), Cause.of(Cause.Reason.POLL));
        assertThat(value(site.text(), "portolan_reconcile_lag_seconds")).contains("7.0");
        assertThat(value(site.text(), "portolan_reconcile_queue_length{state=\"waiting\"}"))
                .contains("2.0");
        assertThat(site.queue.next(site.site.clock.instant())).isPresent();
        assertThat(value(site.text(), "portolan_reconcile_queue_length{state=\"running\"}"))
                .contains("1.0");
        assertThat(value(site.text(), "portolan_reconcile_queue_length{state=\"waiting\"}"))
                .contains("1.0");
        assertThat(value(site.text(), "portolan_reconcile_lag_seconds")).contains("0.0");
    }

    @Test
    void runsAreTimedByWhatTheyLookAtAndHowTheyEnd() {
        site.metrics.start(site.handle);
        assertThat(value(site.text(), "portolan_reconcile_run_age_seconds")).contains("0.0");
        assertThat(value(
                        site.text(),
                        "portolan_reconcile_duration_seconds_count{outcome=\"settled\",subject=\"source\"}"))
                .as("known before the first")
                .contains("0");
        run(WorkKey.source("site"), WorkResult.SETTLED, 2);
        run(WorkKey.deployment("shop"), WorkResult.REPAIRED, 20);
        run(WorkKey.deployment("shop"), WorkResult.REPAIRED, 200);
        run(WorkKey.deployment("blog"), WorkResult.FAILED, 1);
        run(WorkKey.deployment("blog"), new WorkResult.Later(Duration.ofSeconds(3)), 4);
        String text = site.text();
        String repaired = "portolan_reconcile_duration_seconds_%s{outcome=\"repaired\",subject=\"deployment\"}";
        assertThat(value(text, repaired.formatted("count"))).contains("2");
        assertThat(value(text, repaired.formatted("sum"))).contains("220.0");
        assertThat(text)
                .contains("portolan_reconcile_duration_seconds_sum{outcome=\"settled\",subject=\"source\"} 2.0")
                .contains("portolan_reconcile_duration_seconds_sum{outcome=\"failed\",subject=\"deployment\"} 1.0")
                .contains("portolan_reconcile_duration_seconds_sum{outcome=\"later\",subject=\"deployment\"} 4.0")
                .contains("portolan_reconcile_duration_seconds_count{outcome=\"failed\",subject=\"source\"} 0");
        site.metrics.stop(Duration.ZERO);
        assertThat(site.text()).doesNotContain("portolan_reconcile_run_age_seconds ");
    }

    private void run(WorkKey key, WorkResult result, int seconds) {
        site.handle.mark(key, Cause.of(Cause.Reason.PUSH));
        assertThat(site.queue.next(site.site.clock.instant())).isPresent();
        site.site.clock.advance(Duration.ofSeconds(seconds));
        assertThat(value(site.text(), "portolan_reconcile_run_age_seconds")).contains(seconds + ".0");
        site.queue.ended(key, result, site.site.clock.instant(), 0.5);
        site.site.clock.advance(Duration.ofMinutes(10));
        site.queue.forget(key);
    }

    @Test
    void theLeaseRunsOutWhenTheStoreDoesNotAnswer() {
        assertThat(site.text()).doesNotContain("portolan_lease_remaining_seconds ");
        site.metrics.start(site.handle);
        assertThat(value(site.text(), "portolan_lease_remaining_seconds")).contains("10.0");
        site.site.store.down();
        site.site.clock.advance(Duration.ofSeconds(7));
        assertThat(value(site.text(), "portolan_lease_remaining_seconds")).contains("3.0");
        site.site.clock.advance(Duration.ofSeconds(7));
        assertThat(value(site.text(), "portolan_lease_remaining_seconds")).contains("0.0");
    }

    @Test
    void releasesAreCountedByOutcomeWithTheirDurations() {
        MetricsSite busy = MetricsSite.busy();
        String text = busy.text();
        assertThat(value(text, "portolan_releases_total{outcome=\"succeeded\"}"))
                .contains("1.0");
        assertThat(value(text, "portolan_releases_total{outcome=\"rolled_back\"}"))
                .contains("1.0");
        assertThat(value(text, "portolan_release_duration_seconds_count{outcome=\"rolled_back\"}"))
                .contains("1");
        double took = Double.parseDouble(value(text, "portolan_release_duration_seconds_sum{outcome=\"succeeded\"}")
                .orElseThrow());
        assertThat(took).isBetween(0.1, 300.0);
    }

    @Test
    void callsOfPartsAreTimedAndTheirFailuresCountedByKind() {
        String text = MetricsSite.busy().text();
        assertThat(value(text, "portolan_engine_call_duration_seconds_count{call=\"create\"}"))
                .isPresent();
        assertThat(value(text, "portolan_engine_call_duration_seconds_count{call=\"stop\"}"))
                .as("lasts as long as the container takes")
                .isEmpty();
        assertThat(value(text, "portolan_store_call_errors_total{call=\"deployments\",kind=\"unreachable\"}"))
                .contains("1.0");
        assertThat(text).contains("portolan_engine_call_errors_total{call=\"start\",kind=");
        assertThat(text).contains("portolan_proxy_call_errors_total{call=\"ensureRunning\",kind=");
    }

    /** A part that does not answer costs its own values only. */
    @Test
    void whatCannotBeLookedUpIsLeftOut() {
        site.metrics.start(site.handle);
        site.deploy("1");
        site.site.engine.world().down();
        String text = site.text();
        assertThat(text).doesNotContain("portolan_instances{");
        assertThat(value(text, "portolan_leader")).contains("1.0");
        assertThat(value(site.text(), "portolan_scrape_errors_total{part=\"instances\"}"))
                .isNotEqualTo(Optional.of("0.0"))
                .isPresent();
    }

    @Test
    void theFormatIsTheOneThatIsAskedFor() {
        ControllerMetrics.Text open = site.metrics.text("application/openmetrics-text; version=1.0.0");
        assertThat(open.type()).startsWith("application/openmetrics-text");
        assertThat(new String(open.bytes(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
        assertThat(site.metrics.text("").type()).startsWith("text/plain; version=0.0.4");
    }
}
