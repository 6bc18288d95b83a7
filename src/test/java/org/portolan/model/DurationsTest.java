package org.portolan.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void whatSomethingTookIsToldRoughly() {
        assertThat(Durations.rough(Duration.ofMillis(4_860))).isEqualTo("4.8s");
        assertThat(Durations.rough(Duration.ofMillis(60))).isEqualTo("0.0s");
        assertThat(Durations.rough(Duration.ofMillis(510_700))).isEqualTo("8m30s");
        assertThat(Durations.rough(Duration.ofHours(2).plusMillis(1))).isEqualTo("2h");
    }

    @Test
    void readsWhatPeopleWrite() {
        assertThat(Durations.parse("250ms")).contains(Duration.ofMillis(250));
        assertThat(Durations.parse("1m30s")).contains(Duration.ofSeconds(90));
        assertThat(Durations.parse("2h5ms")).contains(Duration.ofHours(2).plusMillis(5));
        assertThat(Durations.parse("0")).contains(Duration.ZERO);
    }

    @Test
    void refusesWhatIsNone() {
        for (String text : List.of("", "5", "s", "5x", "1s1m", "1s1s", "-1s", "1.5s", "1 s", "9999999999s", "5M")) {
            assertThat(Durations.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void writesTheShortestForm() {
        for (String text : List.of("0s", "250ms", "1m30s", "2h", "1h1m1s1ms")) {
            assertThat(Durations.parse(text).map(Durations::format)).contains(text);
        }
        assertThat(Durations.format(Duration.ofSeconds(90))).isEqualTo("1m30s");
    }
}
