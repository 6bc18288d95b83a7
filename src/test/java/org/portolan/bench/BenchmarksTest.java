package org.portolan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The benchmarks still measure what they say; how fast is for {@code scripts/bench} to tell. */
class BenchmarksTest {
    @Test
    void plansAreOfAThousandServices() {
        PlanBenchmark benchmark = new PlanBenchmark();
        benchmark.prepare();
        assertThat(benchmark.noChange().isEmpty()).isTrue();
        assertThat(benchmark.everyServiceChanged().actions()).hasSize(1_000);
    }
}
