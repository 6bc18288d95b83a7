package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final RateLimit limit = new RateLimit(2, 3, 2);

    @Test
    void aBurstIsTakenThenTheRate() {
        Instant now = Instant.EPOCH;
        for (int count = 0; count < 3; count++) {
            assertThat(limit.take("a", now)).isZero();
        }
        assertThat(limit.take("a", now)).isEqualTo(Duration.ofMillis(500));
        assertThat(limit.take("a", now.plusMillis(400))).isEqualTo(Duration.ofMillis(100));
        assertThat(limit.take("a", now.plusMillis(500))).isZero();
        assertThat(limit.take("a", now.plusMillis(500))).isPositive();
        assertThat(limit.take("b", now)).isZero();
    }

    @Test
    void noMoreThanABurstIsSavedUpAndNoClockThatRunsBackGivesAny() {
        Instant later = Instant.EPOCH.plusSeconds(3_600);
        for (int count = 0; count < 3; count++) {
            assertThat(limit.take("a", later)).isZero();
        }
        assertThat(limit.take("a", later)).isPositive();
        assertThat(limit.take("a", Instant.EPOCH)).isPositive();
    }

    @Test
    void thoseThatHaveNotAskedForLongestAreForgotten() {
        for (int client = 0; client < 100; client++) {
            limit.take("client " + client, Instant.EPOCH);
        }
        assertThat(limit.remembered()).isEqualTo(2);
    }
}
