package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A wait is reported once, when it has taken a while. */
class SlowWaitNoticeTest {
    private final SlowWaitNotice patience = new SlowWaitNotice();

    private Map<String, String> after(int seconds, String wait) {
        TreeMap<String, String> waits = new TreeMap<>(Map.of("web", wait));
        return patience.over(waits, Instant.EPOCH.plusSeconds(seconds));
    }

    @Test
    void aLongWaitIsToldOnceWhateverFollowsTheComma() {
        assertThat(after(0, "a drains, 3 sessions open")).isEmpty();
        assertThat(after(4, "a drains, 2 sessions open")).isEmpty();
        assertThat(after(5, "a drains, 1 session open")).isEqualTo(Map.of("web", "a drains, 1 session open"));
        assertThat(after(20, "a drains, 1 session open")).isEmpty();
    }

    @Test
    void anotherWaitBeginsAnew() {
        assertThat(after(0, "a is not healthy yet")).isEmpty();
        assertThat(after(4, "b is not healthy yet")).isEmpty();
        assertThat(after(8, "b is not healthy yet")).isEmpty();
        assertThat(after(9, "b is not healthy yet")).hasSize(1);
        assertThat(patience.over(new TreeMap<>(), Instant.EPOCH.plusSeconds(10)))
                .isEmpty();
        assertThat(after(11, "b is not healthy yet")).isEmpty();
        assertThat(after(16, "b is not healthy yet")).hasSize(1);
    }
}
