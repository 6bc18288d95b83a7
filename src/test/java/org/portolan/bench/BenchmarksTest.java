package org.portolan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.portolan.release.Outcome;

/** The benchmarks still measure what they say; how fast is for {@code scripts/bench} to tell. */
class BenchmarksTest {
    @Test
    void plansAreOfAThousandServices() {
        PlanBenchmark benchmark = new PlanBenchmark();
        benchmark.prepare();
        assertThat(benchmark.noChange().isEmpty()).isTrue();
        assertThat(benchmark.everyServiceChanged().actions()).hasSize(1_000);
    }

    @Test
    void servicesWithoutDriftAreLookedAtAndLeft() {
        ReconcileBenchmark benchmark = new ReconcileBenchmark(20);
        benchmark.prepare();
        assertThat(benchmark.noDrift().kind()).isEqualTo(Outcome.Kind.NO_CHANGES);
    }
}
