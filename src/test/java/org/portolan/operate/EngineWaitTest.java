package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

class EngineWaitTest {
    @Test
    void theEngineIsWaitedForUntilItAnswersAndNoLonger() {
        Deque<Failure> missing = new ArrayDeque<>(List.of(new Failure(Kind.UNAVAILABLE, "no engine")));
        assertThat(EngineWait.answers(
                        () -> {
                            if (!missing.isEmpty()) {
                                throw missing.pop();
                            }
                        },
                        Duration.ofSeconds(20)))
                .isTrue();
        assertThat(EngineWait.answers(
                        () -> {
                            throw new Failure(Kind.UNAVAILABLE, "no engine");
                        },
                        Duration.ZERO))
                .isFalse();
    }
}
