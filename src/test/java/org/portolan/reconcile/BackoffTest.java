package org.portolan.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The first retry comes within seconds, and none is later than the longest wait with its spread. */
class BackoffTest {
    @Test
    void doublesUpToTheLongest() {
        Backoff plain = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), 0);
        assertThat(plain.after(1, 0.5)).isEqualTo(Duration.ofSeconds(1));
        assertThat(plain.after(2, 0.5)).isEqualTo(Duration.ofSeconds(2));
        assertThat(plain.after(9, 0.5)).isEqualTo(Duration.ofSeconds(256));
        assertThat(plain.after(10, 0.5)).isEqualTo(Duration.ofMinutes(5));
        assertThat(plain.after(Integer.MAX_VALUE, 0.5)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void isSpreadToBothSides() {
        Random random = new Random(7);
        boolean shorter = false;
        boolean longer = false;
        for (int i = 0; i < 1000; i++) {
            Duration wait = Backoff.USUAL.after(1 + random.nextInt(40), random.nextDouble());
            assertThat(wait).isBetween(Duration.ofMillis(800), Duration.ofMinutes(6));
            Duration longest = Backoff.USUAL.after(99, random.nextDouble());
            shorter |= longest.compareTo(Duration.ofSeconds(270)) < 0;
            longer |= longest.compareTo(Duration.ofSeconds(330)) > 0;
        }
        assertThat(shorter && longer).isTrue();
    }
}
